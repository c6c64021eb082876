// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.hibernate.Application.Tenancy;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** What a clear or an eviction takes away, from whom, and what it costs. */
@Memcached(servers = 1)
class ClearTest {

  private static final String QUERIES = "default-query-results-region";

  private final MemcachedCluster cluster;
  private final Application one;
  private final Application other;

  ClearTest(MemcachedCluster cluster) {
    this.cluster = cluster;
    cluster.flushAll();
    String database = Application.newDatabase();
    Map<String, Object> properties = Application.properties(cluster.addresses());
    properties.put( // two kinds of data in one region
        "hibernate.classcache." + Room.class.getName(), READ_WRITE + "," + Hotel.class.getName());
    one = Application.open(Tenancy.DATABASE, database, READ_WRITE, properties);
    other = Application.open(Tenancy.DATABASE, database, READ_WRITE, properties);
  }

  @BeforeEach
  void warm() {
    for (String tenant : List.of("Lisboa", "Barcelona")) {
      one.add(tenant, 1, "ALF", "Casa Alfama", 101, 102);
      one.add(tenant, 2, "TEJ", "Hotel Tejo");
    }
    for (int i = 0; i < 3; i++) {
      look(one, "Lisboa");
      look(one, "Barcelona");
    }
    assertThat(statements(other, "Lisboa") + statements(other, "Barcelona")).isZero();
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private static void look(Application application, String tenant) {
    application.nameByCode(tenant, "ALF");
    application.name(tenant, 2);
    application.rooms(tenant, 1);
    application.names(tenant);
  }

  private static long statements(Application application, String tenant) {
    application.statements();
    look(application, tenant);
    return application.statements();
  }

  private long increments(Runnable clear) {
    long before = increments();
    clear.run();
    return increments() - before;
  }

  private long increments() {
    var stats = cluster.server(0).stats();
    return Long.parseLong(stats.get("incr_hits")) + Long.parseLong(stats.get("incr_misses"));
  }

  @Test
  void clear_aTenant_isOneIncrementAndLeavesTheOthersWarm() {
    assertThat(increments(() -> one.tenants().clear("Lisboa"))).isEqualTo(1);

    assertThat(statements(other, "Barcelona")).isZero();
    assertThat(statements(one, "Barcelona")).isZero();
    other.nameByCode("Lisboa", "ALF");
    assertThat(other.sessions().getStatistics().getNaturalIdCacheHitCount()).isZero();
    other.rooms("Lisboa", 1);
    other.names("Lisboa");
    assertThat(other.sessions().getStatistics().getQueryCacheHitCount()).isZero();
    assertThat(
            other
                .sessions()
                .getStatistics()
                .getDomainDataRegionStatistics(Hotel.class.getName() + ".rooms")
                .getHitCount())
        .isZero();
    look(other, "Lisboa");
    look(other, "Lisboa");
    assertThat(statements(one, "Lisboa")).isZero(); // warm again
  }

  @Test
  void clearApplication_isOneIncrementForAll() {
    assertThat(increments(() -> one.tenants().clearApplication())).isEqualTo(1);

    assertThat(statements(other, "Lisboa")).isPositive();
    assertThat(statements(other, "Barcelona")).isPositive();
  }

  @FunctionalInterface
  interface Eviction {
    void run(SessionFactory sessions);
  }

  private static Stream<Named<Eviction>> evictions() {
    return Stream.of(
        Named.of("an entity", sessions -> sessions.getCache().evictEntityData(Hotel.class)),
        Named.of("entities", sessions -> sessions.getCache().evict(Hotel.class)),
        Named.of("the region", sessions -> sessions.getCache().evictRegion(Hotel.class.getName())),
        Named.of(
            "the natural ids", sessions -> sessions.getCache().evictNaturalIdData(Hotel.class)),
        Named.of(
            "a collection",
            sessions -> sessions.getCache().evictCollectionData(Hotel.class.getName() + ".rooms")),
        Named.of("the queries", sessions -> sessions.getCache().evictDefaultQueryRegion()),
        Named.of("queries by region", sessions -> sessions.getCache().evictRegion(QUERIES)));
  }

  @ParameterizedTest
  @MethodSource("evictions")
  void evict_ofOneRegion_isOneIncrementForAllTenantsAndProcesses(Eviction eviction) {
    assertThat(increments(() -> eviction.run(one.sessions()))).isEqualTo(1);

    assertThat(statements(other, "Lisboa")).isPositive();
    assertThat(statements(other, "Barcelona")).isPositive();
  }

  @Test
  void evictEntityData_ofOneId_nobodyFindsIt() {
    one.sessions().getCache().evictEntityData(Hotel.class, 2L);

    for (String tenant : List.of("Lisboa", "Barcelona")) {
      other.statements();
      other.name(tenant, 2);
      assertThat(other.statements()).isEqualTo(1);
    }
  }

  @Test
  void evictCollectionData_ofOneId_nobodyFindsIt() {
    one.sessions().getCache().evictCollectionData(Hotel.class.getName() + ".rooms", 1L);

    for (String tenant : List.of("Lisboa", "Barcelona")) {
      other.statements();
      other.rooms(tenant, 1);
      assertThat(other.statements()).isEqualTo(1);
    }
  }

  @Test
  void evictAllRegions_nothingIsFound() {
    one.sessions().getCache().evictAllRegions();

    for (String tenant : List.of("Lisboa", "Barcelona")) {
      other.nameByCode(tenant, "ALF");
      other.names(tenant);
    }
    assertThat(other.sessions().getStatistics().getNaturalIdCacheHitCount()).isZero();
    assertThat(other.sessions().getStatistics().getQueryCacheHitCount()).isZero();
  }

  @Test
  void clear_anEmptyName_isRefused() {
    assertThatThrownBy(() -> one.tenants().clear(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can't be the name of a tenant");
  }

  /** Names that would be levels of somebody else, were they not encoded. */
  @Test
  void clear_aNameLikeAPath_clearsNoOther() {
    other.statements();
    for (String name : List.of("Lisboa/x", "*", Hotel.class.getName(), "../hotels", "Lisboa ")) {
      one.tenants().clear(name);
    }

    assertThat(statements(other, "Lisboa")).isZero();
    assertThat(statements(other, "Barcelona")).isZero();
  }

  @Test
  void usage_ofEachTenant_countsWhatThisProcessDid() {
    assertThat(one.tenants().usage())
        .anySatisfy(
            usage -> {
              assertThat(usage.tenant()).isEqualTo("Lisboa");
              assertThat(usage.region()).isEqualTo(Hotel.class.getName());
              assertThat(usage.hits()).isPositive();
              assertThat(usage.puts()).isPositive();
              assertThat(usage.notKept()).isZero();
            });
    assertThat(one.tenants().usage().stream().filter(usage -> usage.tenant() == null))
        .filteredOn(usage -> usage.region().equals(Hotel.class.getName()))
        .singleElement()
        .satisfies(usage -> assertThat(usage.puts()).isZero());
  }
}
