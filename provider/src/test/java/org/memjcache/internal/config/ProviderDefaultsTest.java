// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.ConfigurationOption;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;

/** A provider with options of its own, and the table of options as others see it. */
class ProviderDefaultsTest {

  private static final URI MANAGER = URI.create("memcached://localhost:1/hotels");

  @TempDir Path folder;

  @Test
  void defaultProperties_countInPlaceOfSystemProperties() {
    System.setProperty("memjcache.cache.info.expiry", "eternal");
    System.setProperty("memjcache.unknown", "refused by a provider of the process");
    try (MemcachedCachingProvider provider =
        new MemcachedCachingProvider(properties("memjcache.cache.info.statistics", "true"))) {
      CacheManager manager = provider.getCacheManager(MANAGER, null, null);

      assertThat(manager.getCacheNames()).containsExactly("info");
      assertThat(configuration(manager).isStatisticsEnabled()).isTrue();
      assertThat(provider.getDefaultProperties())
          .isEqualTo(properties("memjcache.cache.info.statistics", "true"));
    } finally {
      System.clearProperty("memjcache.cache.info.expiry");
      System.clearProperty("memjcache.unknown");
    }
  }

  @Test
  void defaultProperties_uriAndPropertiesWin_theFileDoesNot() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("hotels.properties"),
            "memjcache.servers=localhost:1\nmemjcache.cache.info.statistics=true\n");
    Properties defaults = properties("memjcache.cache.info.statistics", "false");
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider(defaults)) {
      CacheManager ofFile = provider.getCacheManager(file.toUri(), null, null);
      CacheManager ofUri =
          provider.getCacheManager(
              MANAGER, null, properties("memjcache.cache.info.statistics", "true"));

      assertThat(configuration(ofFile).isStatisticsEnabled()).isFalse();
      assertThat(configuration(ofUri).isStatisticsEnabled()).isTrue();
    }
  }

  @Test
  void defaultProperties_changedLater_keepWhatTheyWere() {
    Properties defaults = properties("memjcache.timeout", "2s");
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider(defaults)) {
      defaults.setProperty("memjcache.timeout", "never");
      provider.getDefaultProperties().setProperty("memjcache.timeout", "never");

      assertThat(provider.getCacheManager(MANAGER, null, null).isClosed()).isFalse();
    }
  }

  @Test
  void defaultProperties_unknownOption_namesTheNearest() {
    try (MemcachedCachingProvider provider =
        new MemcachedCachingProvider(properties("memjcache.timeuot", "2s"))) {
      assertThatThrownBy(() -> provider.getCacheManager(MANAGER, null, null))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("in property 'memjcache.timeuot'; did you mean 'timeout'?");
    }
  }

  @Test
  void configurationOption_all_areTheTwoTables() {
    List<String> names = ConfigurationOption.all().stream().map(ConfigurationOption::name).toList();

    assertThat(names)
        .containsExactlyElementsOf(
            Stream.of(Options.ofManagers(), Options.ofCaches())
                .flatMap(List::stream)
                .<String>map(Option::name)
                .toList());
    assertThat(ConfigurationOption.all())
        .contains(
            new ConfigurationOption("failure", false, "throw", "throw or miss", false),
            new ConfigurationOption("failure", true, null, "throw or miss", false))
        .filteredOn(ConfigurationOption::isSecret)
        .extracting(ConfigurationOption::name)
        .containsExactly("secret", "password", "tls.trust.password", "tls.certificate.password");
  }

  private static MemcachedConfiguration<?, ?> configuration(CacheManager manager) {
    return configuration(manager.getCache("info"));
  }

  @SuppressWarnings("unchecked") // a class literal has no type arguments
  private static <K, V> MemcachedConfiguration<K, V> configuration(Cache<K, V> cache) {
    return cache.getConfiguration(MemcachedConfiguration.class);
  }

  private static Properties properties(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }
}
