package org.memjcache.examples.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import javax.cache.Caching;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.memjcache.MemcachedCachingProvider;

/** Two tenants on the same servers, with the same regions and the same keys. */
class TwoTenantsTest {

  @RegisterExtension static final Servers servers = new Servers();

  private Hotels lisboa;
  private Hotels barcelona;

  @BeforeEach
  void open() {
    lisboa = Hotels.of("Lisboa");
    barcelona = Hotels.of("Barcelona");
    Samples.addTo(lisboa);
    Samples.addTo(barcelona);
    barcelona.change(1, hotel -> hotel.setName("Hotel Rambla"));
  }

  @AfterEach
  void close() {
    lisboa.close();
    barcelona.close();
  }

  @Test
  void find_sameKeyOfTwoTenants_eachFindsItsOwn() {
    warm(lisboa);
    warm(barcelona);

    assertThat(lisboa.name(1)).isEqualTo("Casa Alfama");
    assertThat(barcelona.name(1)).isEqualTo("Hotel Rambla");
    assertThat(lisboa.namesWithBeds(3)).containsExactly("Casa Alfama", "Hotel Tejo");
    assertThat(barcelona.namesWithBeds(3)).containsExactly("Hotel Rambla", "Hotel Tejo");
    assertThat(statements(lisboa)).isZero();
    assertThat(statements(barcelona)).isZero();
  }

  @Test
  void evictAllRegions_oneTenant_theOtherStaysWarm() {
    warm(lisboa);
    warm(barcelona);

    lisboa.sessions().getCache().evictAllRegions();

    assertOnlyBarcelonaIsWarm();
  }

  /** As an operator does, who has neither a session factory nor a cache. */
  @Test
  void clear_oneTenantByItsFile_theOtherStaysWarm() {
    warm(lisboa);
    warm(barcelona);

    MemcachedCachingProvider provider = (MemcachedCachingProvider) Caching.getCachingProvider();
    provider.clear(URI.create("classpath:Lisboa.properties"));

    assertOnlyBarcelonaIsWarm();
  }

  @Test
  void close_oneTenant_theOtherGoesOn() {
    warm(barcelona);

    lisboa.close(); // Hibernate closes the cache manager, too

    look(barcelona);
    assertThat(statements(barcelona)).isZero();
  }

  private void assertOnlyBarcelonaIsWarm() {
    look(lisboa);
    look(barcelona);
    assertThat(lisboa.sessions().getStatistics().getQueryCacheHitCount()).isZero();
    assertThat(lisboa.sessions().getStatistics().getNaturalIdCacheHitCount()).isZero();
    assertThat(statements(lisboa)).isPositive();
    assertThat(statements(barcelona)).isZero();
  }

  private static void warm(Hotels hotels) {
    look(hotels);
    hotels.sessions().getStatistics().clear();
  }

  private static void look(Hotels hotels) {
    hotels.nameByCode("ALF");
    hotels.rooms(1);
    hotels.namesWithBeds(3);
  }

  private static long statements(Hotels hotels) {
    SessionFactory sessions = hotels.sessions();
    return sessions.getStatistics().getPrepareStatementCount();
  }
}
