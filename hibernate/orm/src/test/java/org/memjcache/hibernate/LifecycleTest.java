// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.hibernate.cache.CacheException;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.context.spi.CurrentTenantIdentifierResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
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

  /** One tenant is in use while the other threads open as many as may not stay open. */
  @Test
  void tenants_moreThanMayBeOpenWhileOneIsInUse_isNotClosed() {
    properties.put("hibernate.memjcache.tenants.max-open", 1);
    try (Application application = open(Tenancy.TABLE)) {
      Object wasClosed =
          use(
              application,
              "Lisboa",
              region -> {
                for (int i = 0; i < 5; i++) {
                  use(application, "tenant" + i, OpenRegion::notKept);
                }
                return region.cache().isClosed();
              });

      assertThat(wasClosed).isEqualTo(false);
      assertThat(use(application, "Porto", region -> region.cache().isClosed())).isEqualTo(false);
      assertThat(application.tenants().usage().stream().map(MemjcacheTenants.RegionUsage::tenant))
          .contains("Porto")
          .doesNotContain("Lisboa");
    }
  }

  private static Object use(
      Application application, String tenant, Function<OpenRegion, Object> operation) {
    return application
        .regions()
        .ask(tenant, Villa.class.getName(), application.implementor(), operation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hibernate.memjcache.uri", "hibernate.javax.cache.uri"})
  void uri_ofAPropertiesFile_countsAndKeepsEnums(String property, @TempDir Path folder)
      throws IOException {
    URI file = file(folder, "memjcache.serialization.allow=org.memjcache.hibernate.**");
    try (Application application = open(Map.of(property, file.toString()))) {
      application.add("Lisboa", 1, "ALF", "Casa Alfama");
      application.change("Lisboa", 1, villa -> villa.kind = Lodging.Kind.PALACE);
      application.statements();

      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa Alfama");
      assertThat(application.statements()).isZero();
      assertThat(application.notKept("Lisboa", Villa.class.getName())).isZero();
    }
  }

  @Test
  void uri_ofAPropertiesFileWithoutThePrefix_isRefused(@TempDir Path folder) throws IOException {
    URI file = file(folder, "serialization.allow=org.memjcache.hibernate.**");

    assertThatThrownBy(() -> open(Map.of("hibernate.memjcache.uri", file.toString())))
        .hasStackTraceContaining("did you mean 'memjcache.serialization.allow'?");
  }

  private URI file(Path folder, String line) throws IOException {
    return Files.writeString(
            folder.resolve("hotels.properties"),
            "memjcache.servers=%s%nmemjcache.namespace=hotels%n%s%n"
                .formatted(properties.get("hibernate.memjcache.servers"), line))
        .toUri();
  }

  private static Application open(Map<String, ?> given) {
    return Application.open(Tenancy.TABLE, Application.newDatabase(), READ_WRITE, given);
  }

  @Test
  void regionPrefix_isPartOfTheNamesInMemcachedOnly() {
    properties.put("hibernate.cache.region_prefix", "v2");
    try (Application application = open(Tenancy.TABLE)) {
      application.add("Lisboa", 1, "ALF", "Casa Alfama");
      application.name("Lisboa", 1);
      assertThat(application.tenants().usage())
          .extracting(MemjcacheTenants.RegionUsage::region)
          .contains("v2." + Villa.class.getName())
          .allMatch(region -> region.startsWith("v2."));
      application.statements();
      application.name("Lisboa", 1);
      assertThat(application.statements()).isZero();

      application.sessions().getCache().evictRegion(Villa.class.getName());

      application.name("Lisboa", 1);
      assertThat(application.statements()).isEqualTo(1);
    }
  }

  @Test
  void structuredEntries_areKept() {
    properties.put("hibernate.cache.use_structured_entries", "true");
    try (Application application = open(Tenancy.DATABASE)) {
      for (String tenant : new String[] {"Lisboa", "Barcelona"}) {
        application.add(tenant, 1, "ALF", "Casa " + tenant, 101);
        application.rooms(tenant, 1);
      }
      application.statements();

      for (String tenant : new String[] {"Lisboa", "Barcelona"}) {
        assertThat(application.name(tenant, 1)).isEqualTo("Casa " + tenant);
        assertThat(application.rooms(tenant, 1)).containsExactly(101L);
        assertThat(application.nameByCode(tenant, "ALF")).isEqualTo("Casa " + tenant);
      }
      assertThat(application.statements()).isZero();
    }
  }

  private static final class InLisboa implements CurrentTenantIdentifierResolver<String> {
    @Override
    public String resolveCurrentTenantIdentifier() {
      return "Lisboa";
    }

    @Override
    public boolean validateExistingCurrentSessions() {
      return false;
    }
  }

  /** Sessions have tenants then, although nothing else says that there are any. */
  @Test
  void evictEntityData_tenantsByAResolverAlone_areEvicted() {
    properties.put(AvailableSettings.MULTI_TENANT_IDENTIFIER_RESOLVER, new InLisboa());
    try (Application application = open(Tenancy.NONE)) {
      application.add(null, 1, "ALF", "Casa Alfama");
      application.name(null, 1);
      application.statements();
      application.name(null, 1);
      assertThat(application.statements()).isZero();

      application.sessions().getCache().evictEntityData(Hotel.class);

      assertThat(application.name(null, 1)).isEqualTo("Casa Alfama");
      assertThat(application.statements()).isEqualTo(1);
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
        .hasStackTraceContaining("did you mean hibernate.memjcache.timeout?")
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
