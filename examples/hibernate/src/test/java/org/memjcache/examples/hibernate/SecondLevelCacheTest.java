// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import org.hibernate.stat.CacheRegionStatistics;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the cache of one tenant does for one process, by Hibernate's own statistics. */
class SecondLevelCacheTest {

  @RegisterExtension static final Servers servers = new Servers();

  private Application application;
  private Hotels hotels;
  private Statistics statistics;

  @BeforeEach
  void open() {
    application = Application.open(servers.addresses());
    hotels = application.hotels("Lisboa");
    Samples.addTo(application, "Lisboa");
    statistics = application.sessions().getStatistics();
    statistics.clear();
  }

  @AfterEach
  void close() {
    application.close();
  }

  @Test
  void entity_secondTime_isAHit() {
    assertThat(hotels.name(1)).isEqualTo("Casa Alfama");
    assertThat(region(Hotel.class.getName()).getMissCount()).isEqualTo(1);
    assertThat(region(Hotel.class.getName()).getPutCount()).isEqualTo(1);
    assertThat(statistics.getPrepareStatementCount()).isEqualTo(1);
    statistics.clear();

    assertThat(hotels.name(1)).isEqualTo("Casa Alfama");
    assertThat(region(Hotel.class.getName()).getHitCount()).isEqualTo(1);
    assertThat(statistics.getPrepareStatementCount()).isZero();
  }

  @Test
  void collection_secondTime_isAHit() {
    assertThat(hotels.rooms(1)).containsExactly(101L, 102L);
    assertThat(region(Hotel.class.getName() + ".rooms").getMissCount()).isEqualTo(1);
    statistics.clear();

    assertThat(hotels.rooms(1)).containsExactly(101L, 102L);
    assertThat(region(Hotel.class.getName() + ".rooms").getHitCount()).isEqualTo(1);
    assertThat(region(Room.class.getName()).getHitCount()).isEqualTo(2);
    assertThat(statistics.getPrepareStatementCount()).isZero();
  }

  @Test
  void naturalId_secondTime_isAHit() {
    assertThat(hotels.nameByCode("ALF")).hasValue("Casa Alfama");
    assertThat(statistics.getNaturalIdCacheMissCount()).isEqualTo(1);
    statistics.clear();

    assertThat(hotels.nameByCode("ALF")).hasValue("Casa Alfama");
    assertThat(statistics.getNaturalIdCacheHitCount()).isEqualTo(1);
    assertThat(statistics.getPrepareStatementCount()).isZero();
  }

  @Test
  void query_secondTime_isAHit() {
    assertThat(hotels.namesWithBeds(3)).containsExactly("Casa Alfama", "Hotel Tejo");
    assertThat(statistics.getQueryCacheMissCount()).isEqualTo(1);
    statistics.clear();

    assertThat(hotels.namesWithBeds(3)).containsExactly("Casa Alfama", "Hotel Tejo");
    assertThat(statistics.getQueryCacheHitCount()).isEqualTo(1);
    assertThat(statistics.getPrepareStatementCount()).isZero();
  }

  @Test
  void query_otherParameter_isAnotherResult() {
    hotels.namesWithBeds(3);

    assertThat(hotels.namesWithBeds(4)).containsExactly("Hotel Tejo");
    assertThat(statistics.getQueryCacheMissCount()).isEqualTo(2);
  }

  @Test
  void change_everythingCached_isSeenEverywhere() {
    warm();

    hotels.change(
        1,
        hotel -> {
          hotel.setName("Casa do Fado");
          hotel.setCode("FAD");
          hotel.addRoom(103, 1);
        });

    assertThat(hotels.name(1)).isEqualTo("Casa do Fado");
    assertThat(hotels.rooms(1)).containsExactly(101L, 102L, 103L);
    assertThat(hotels.nameByCode("FAD")).hasValue("Casa do Fado");
    assertThat(hotels.nameByCode("ALF")).isEmpty();
    assertThat(hotels.namesWithBeds(3)).containsExactly("Casa do Fado", "Hotel Tejo");
  }

  /** It doesn't say which tenant's hotel it means. */
  @Test
  void evictEntityData_oneHotel_isLookedUpAgain() {
    warm();

    application.sessions().getCache().evictEntityData(Hotel.class, 1L);

    assertThat(hotels.name(1)).isEqualTo("Casa Alfama");
    assertThat(statistics.getPrepareStatementCount()).isEqualTo(1);
    assertThat(region(Hotel.class.getName() + ".rooms").getMissCount()).isZero();
  }

  @Test
  void evictAllRegions_everythingCached_nothingIsFound() {
    warm();

    application.sessions().getCache().evictAllRegions();

    hotels.nameByCode("ALF"); // first, because loading a hotel by its id caches the code, too
    hotels.rooms(1);
    hotels.namesWithBeds(3);
    assertThat(region(Hotel.class.getName() + ".rooms").getMissCount()).isEqualTo(1);
    assertThat(statistics.getNaturalIdCacheMissCount()).isEqualTo(1);
    assertThat(statistics.getQueryCacheMissCount()).isEqualTo(1);
    assertThat(statistics.getPrepareStatementCount()).isPositive();
  }

  /** Caches everything that tests ask for, and resets the counts. */
  private void warm() {
    hotels.name(1);
    hotels.name(2);
    hotels.rooms(1);
    hotels.nameByCode("ALF");
    hotels.namesWithBeds(3);
    statistics.clear();
  }

  private CacheRegionStatistics region(String name) {
    return statistics.getDomainDataRegionStatistics(name);
  }
}
