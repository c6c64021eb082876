package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.util.Map;
import java.util.stream.IntStream;
import org.hibernate.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.hibernate.Application.Tenancy;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** Session factories that open, close and are not configured right. */
@Memcached(servers = 2)
class LifecycleTest {

  private final Map<String, Object> properties;

  LifecycleTest(MemcachedCluster cluster) {
    cluster.flushAll();
    properties = Application.properties(cluster.addresses());
  }

  private Application open(Tenancy tenancy) {
    return Application.open(tenancy, Application.newDatabase(), READ_WRITE, properties);
  }

  @Test
  void factoryClass_isNotGiven_isThisOne() {
    properties.remove("hibernate.cache.region.factory_class");
    try (Application application = open(Tenancy.NONE)) {
      assertThat(application.implementor().getCache().getRegionFactory())
          .isInstanceOf(MemjcacheRegionFactory.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Tenancy.class)
  void close_oneOfTwoWithTheSameSettings_theOtherGoesOn(Tenancy tenancy) {
    String tenant = tenancy == Tenancy.NONE ? null : "Lisboa";
    String database = Application.newDatabase();
    try (Application other = Application.open(tenancy, database, READ_WRITE, properties)) {
      try (Application one = Application.open(tenancy, database, READ_WRITE, properties)) {
        one.add(tenant, 1, "ALF", "Casa Alfama");
        other.name(tenant, 1);
      }
      other.statements();

      assertThat(other.name(tenant, 1)).isEqualTo("Casa Alfama");
      assertThat(other.statements()).isZero();
    }
  }

  @Test
  void clear_theSessionFactoryIsClosed_isAnError() {
    Application application = open(Tenancy.TABLE);
    application.add("Lisboa", 1, "ALF", "Casa Alfama");
    MemjcacheTenants tenants = application.tenants();
    application.close();

    assertThatThrownBy(() -> tenants.clear("Lisboa")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tenants.clear("Barcelona")) // not open before
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(tenants::clearApplication).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tenants_moreThanMayBeOpen_arePutAwayAndComeBack() {
    properties.put("hibernate.memjcache.tenants.max-open", 2);
    try (Application application = open(Tenancy.TABLE)) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5; i++) {
          if (round == 0) {
            application.add("tenant" + i, i, "ALF", "Casa " + i);
          }
          assertThat(application.name("tenant" + i, i)).isEqualTo("Casa " + i);
        }
        assertThat(
                application.tenants().usage().stream()
                    .filter(usage -> usage.tenant() != null)
                    .map(MemjcacheTenants.RegionUsage::tenant)
                    .distinct())
            .containsExactly("tenant3", "tenant4");
      }
    }
  }

  @Test
  void tenants_manyThreadsAndFewOpen_noneIsClosedWhileItIsInUse() {
    properties.put("hibernate.memjcache.tenants.max-open", 1);
    try (Application application = open(Tenancy.TABLE)) {
      assertThat(
              IntStream.range(0, 2_000)
                  .parallel()
                  .mapToObj(
                      i ->
                          application
                              .regions()
                              .ask(
                                  "tenant" + i % 5,
                                  Villa.class.getName(),
                                  application.implementor(),
                                  region -> {
                                    boolean wasClosed = region.cache().isClosed();
                                    Thread.yield();
                                    return wasClosed || region.cache().isClosed();
                                  })))
          .containsOnly(false);
    }
  }

  @Test
  void strategy_transactional_isRefused() {
    assertThatThrownBy(
            () ->
                Application.open(
                    Tenancy.TABLE, Application.newDatabase(), "transactional", properties))
        .hasStackTraceContaining(
            Villa.class.getName() + " has the concurrency strategy TRANSACTIONAL");
  }

  @Test
  void option_unknown_isRefusedAndTheNearestNamed() {
    properties.put("hibernate.memjcache.timout", "1s");

    assertThatThrownBy(() -> open(Tenancy.TABLE))
        .hasRootCauseInstanceOf(org.memjcache.InvalidConfigurationException.class)
        .hasStackTraceContaining("did you mean 'timeout'")
        .hasStackTraceContaining("hibernate.memjcache.…")
        .isInstanceOfAny(CacheException.class, jakarta.persistence.PersistenceException.class);
  }

  @Test
  void setting_ofARegionThatContradictsItself_isRefused() {
    properties.put("hibernate.memjcache.cache." + Villa.class.getName() + ".near", "100");

    assertThatThrownBy(() -> open(Tenancy.TABLE)).hasStackTraceContaining("near");
  }

  @Test
  void of_anotherRegionFactory_isRefused() {
    properties.put("hibernate.cache.use_second_level_cache", "false");
    properties.put("hibernate.cache.use_query_cache", "false");
    try (Application application = open(Tenancy.TABLE)) {
      assertThatThrownBy(application::tenants)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("hibernate.cache.region.factory_class to memjcache");
    }
  }
}
