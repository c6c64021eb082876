// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import javax.cache.Caching;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCachingProvider;

/** Two tenants of one session factory, with the same regions and the same keys. */
class TwoTenantsTest {

  @RegisterExtension static final Servers servers = new Servers();

  private Application application;
  private Statistics statistics;
  private Hotels lisboa;
  private Hotels barcelona;

  @BeforeEach
  void open() {
    application = Application.open(servers.addresses());
    statistics = application.sessions().getStatistics();
    lisboa = application.hotels("Lisboa");
    barcelona = application.hotels("Barcelona");
    Samples.addTo(application, "Lisboa");
    Samples.addTo(application, "Barcelona");
    barcelona.change(1, hotel -> hotel.setName("Hotel Rambla"));
    look(lisboa);
    look(barcelona);
  }

  @AfterEach
  void close() {
    application.close();
  }

  @Test
  void find_sameKeyOfTwoTenants_eachFindsItsOwn() {
    statistics.clear();

    assertThat(lisboa.name(1)).isEqualTo("Casa Alfama");
    assertThat(barcelona.name(1)).isEqualTo("Hotel Rambla");
    assertThat(lisboa.namesWithBeds(3)).containsExactly("Casa Alfama", "Hotel Tejo");
    assertThat(barcelona.namesWithBeds(3)).containsExactly("Hotel Rambla", "Hotel Tejo");
    assertThat(statistics.getPrepareStatementCount()).isZero();
  }

  @Test
  void change_ofOneTenant_theOtherStaysWarm() {
    lisboa.change(1, hotel -> hotel.setName("Casa do Fado"));

    assertThat(statements(barcelona)).isZero();
    assertThat(lisboa.namesWithBeds(3)).containsExactly("Casa do Fado", "Hotel Tejo");
  }

  @Test
  void clear_oneTenant_theOtherStaysWarm() {
    application.clear("Lisboa");

    assertOnlyBarcelonaIsWarm();
  }

  /** As an operator does, who has neither a session factory nor a cache. */
  @Test
  void clear_oneTenantByItsUri_theOtherStaysWarm() {
    URI uri =
        ManagerUri.servers(servers.addresses().split(",")).namespace("hotels", "Lisboa").toUri();
    ((MemcachedCachingProvider) Caching.getCachingProvider()).clear(uri);

    assertOnlyBarcelonaIsWarm();
  }

  @Test
  void evictAllRegions_nobodyStaysWarm() {
    application.sessions().getCache().evictAllRegions();

    assertThat(statements(lisboa)).isPositive();
    assertThat(statements(barcelona)).isPositive();
  }

  private void assertOnlyBarcelonaIsWarm() {
    assertThat(statements(barcelona)).isZero();
    assertThat(statements(lisboa)).isPositive();
    assertThat(statistics.getQueryCacheHitCount()).isZero();
    assertThat(statistics.getNaturalIdCacheHitCount()).isZero();
  }

  private long statements(Hotels hotels) {
    statistics.clear();
    look(hotels);
    return statistics.getPrepareStatementCount();
  }

  private static void look(Hotels hotels) {
    hotels.nameByCode("ALF");
    hotels.rooms(1);
    hotels.namesWithBeds(3);
  }
}
