// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.ConfigurationOption;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.MemcachedCachingProvider;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

class EnvironmentOptionsTest {

  /** Without the properties and variables of this process. */
  private final StandardEnvironment environment = new StandardEnvironment();

  EnvironmentOptionsTest() {
    environment.getPropertySources().remove("systemProperties");
    environment.getPropertySources().remove("systemEnvironment");
  }

  private void add(String name, String value) {
    environment
        .getPropertySources()
        .addLast(new MapPropertySource(name + value, Map.of(name, value)));
  }

  private void addVariables(Map<String, Object> variables) {
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource("systemEnvironment", new HashMap<>(variables)));
  }

  private void addYaml(String yaml) throws Exception {
    List<PropertySource<?>> sources =
        new YamlPropertySourceLoader()
            .load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
    sources.forEach(environment.getPropertySources()::addLast);
  }

  private Properties read() {
    return EnvironmentOptions.read(environment);
  }

  @ParameterizedTest
  @CsvSource({
    "memjcache.connect-timeout, connectTimeout",
    "memjcache.connectTimeout, connectTimeout",
    "memjcache.connect_timeout, connectTimeout",
    "memjcache.tls.trust.password, tls.trust.password",
    "memjcache.cache.hotels.count-remove-all, cache.hotels.countRemoveAll",
    "memjcache.cache.hotels.countRemoveAll, cache.hotels.countRemoveAll",
    "memjcache.cache.com.acme.Hotel.expiry, cache.com.acme.Hotel.expiry",
    "memjcache.cache.com.acme.*.expiry, cache.com.acme.*.expiry",
    "memjcache.cache[com.acme.*].expiry, cache.com.acme.*.expiry",
    "memjcache.cache.[a::b].value-type, cache.a::b.valueType",
    "memjcache.cache.*.near, cache.*.near",
  })
  void property_eachSpelling_isTheOption(String written, String option) {
    add(written, "x");
    assertThat(read()).containsOnly(Map.entry("memjcache." + option, "x"));
  }

  @ParameterizedTest
  @CsvSource({
    "MEMJCACHE_SERVERS, servers",
    "MEMJCACHE_CONNECTTIMEOUT, connectTimeout",
    "MEMJCACHE_TLS_TRUST_PASSWORD, tls.trust.password",
    "MEMJCACHE_SERIALIZATION_ALLOW, serialization.allow",
    "MEMJCACHE_CACHE_HOTELS_EXPIRY, cache.hotels.expiry",
    "MEMJCACHE_CACHE_HOTELS_COUNTREMOVEALL, cache.hotels.countRemoveAll",
    "MEMJCACHE_CACHE_HOTELS_COUNT_REMOVE_ALL, cache.hotels.countRemoveAll",
    "MEMJCACHE_CACHE_ROOM_TYPES_LOADLEASE, cache.room.types.loadLease",
  })
  void variable_isTheOption(String variable, String option) {
    addVariables(Map.of(variable, "x"));
    assertThat(read()).containsOnly(Map.entry("memjcache." + option, "x"));
  }

  @Test
  void everyOption_asAProperty_isAccepted() {
    for (ConfigurationOption option : ConfigurationOption.all()) {
      add(
          "memjcache."
              + (option.isCacheSetting() ? "cache.hotels." : "")
              + OptionNames.dashed(option.name()),
          "x");
    }
    assertThat(read()).hasSize(ConfigurationOption.all().size());
  }

  @Test
  void variable_ofACacheThatIsNamedElsewhere_isForIt() {
    add("memjcache.cache.roomTypes.expiry", "created:1m");
    addVariables(Map.of("MEMJCACHE_CACHE_ROOMTYPES_EXPIRY", "created:2m"));

    assertThat(read()).containsOnly(Map.entry("memjcache.cache.roomTypes.expiry", "created:2m"));
  }

  @Test
  void variable_thatIsNoOption_isLeftAlone() {
    addVariables(
        Map.of(
            "MEMJCACHE_PORT_11211_TCP", "tcp://10.0.0.1:11211",
            "MEMJCACHE_SERVICE_HOST", "10.0.0.1",
            "MEMJCACHE_CACHE_X", "y"));
    assertThat(read()).isEmpty();
  }

  @Test
  void yaml_listsMapsAndScalars_areOptions() throws Exception {
    addYaml(
        """
        memjcache:
          servers:
            - cache1:11211
            - cache2:11211
          timeout: 500ms
          connections: 2
          tls: true
          tls.verify: chain
          serialization:
            allow: [com.acme.*, org.acme.*]
          cache:
            hotels:
              expiry: created:10m
              statistics: false
            "[com.acme.*]":
              expiry: eternal
            "*":
              near: none
        """);

    assertThat(read())
        .containsOnly(
            Map.entry("memjcache.servers", "cache1:11211,cache2:11211"),
            Map.entry("memjcache.timeout", "500ms"),
            Map.entry("memjcache.connections", "2"),
            Map.entry("memjcache.tls", "true"),
            Map.entry("memjcache.tls.verify", "chain"),
            Map.entry("memjcache.serialization.allow", "com.acme.*,org.acme.*"),
            Map.entry("memjcache.cache.hotels.expiry", "created:10m"),
            Map.entry("memjcache.cache.hotels.statistics", "false"),
            Map.entry("memjcache.cache.com.acme.*.expiry", "eternal"),
            Map.entry("memjcache.cache.*.near", "none"));
  }

  @Test
  void theSourceThatComesFirst_counts_inWhateverSpelling() {
    add("memjcache.cache.hotels.load-lease", "1s");
    add("memjcache.cache.hotels.loadLease", "2s");
    add("memjcache.connectTimeout", "1s");
    add("memjcache.connect-timeout", "2s");

    assertThat(read())
        .containsEntry("memjcache.cache.hotels.loadLease", "1s")
        .containsEntry("memjcache.connectTimeout", "1s");
  }

  @Test
  void placeholders_areResolved() {
    add("lifetime", "5m");
    add("memjcache.cache.hotels.expiry", "created:${lifetime}");
    add("memjcache.namespace", "${application:hotels}");

    assertThat(read())
        .containsEntry("memjcache.cache.hotels.expiry", "created:5m")
        .containsEntry("memjcache.namespace", "hotels");
  }

  @ParameterizedTest
  @CsvSource({
    "memjcache.sevrers, memjcache.servers",
    "memjcache.conectTimeout, memjcache.connect-timeout",
    "memjcache.caches.dynamc, memjcache.caches.dynamic",
    "memjcache.tenant.max-open, memjcache.tenants.max-open",
  })
  void unknown_isRefusedWithTheNearest(String property, String nearest) {
    add(property, "x");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("unknown property '" + property + "'")
        .hasMessageContaining("did you mean '" + nearest + "'?");
  }

  @Test
  void unknown_nearToNone_isRefusedWithAll() {
    add("memjcache.colour", "x");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("unknown property 'memjcache.colour'")
        .hasMessageContaining("tenants.max-open")
        .hasMessageContaining("connect-timeout");
  }

  @Test
  void unknownSettingOfACache_isRefusedWithTheNearest() {
    add("memjcache.cache.hotels.expirey", "x");
    add("memjcache.namespace", "hotels");
    Properties options = ManagerConfiguration.of(read(), null, null, null, List.of()).options();
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider(options)) {
      assertThatThrownBy(() -> provider.getCacheManager(null, null, null))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("expirey")
          .hasMessageContaining("did you mean 'expiry'?");
    }
  }
}
