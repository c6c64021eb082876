// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.memjcache.InvalidConfigurationException;

class ManagerConfigurationTest {

  private final Properties options = new Properties();

  private ManagerConfiguration of(String uri, String connected, String applicationName) {
    return ManagerConfiguration.of(
        options, uri, connected, applicationName, List.of("com.acme", "org.acme"));
  }

  @Test
  void nothing_isAServerOnThisMachine_andTheNameOfTheApplication() {
    ManagerConfiguration configuration = of(null, null, "my hotels/all");

    assertThat(configuration.uri()).hasToString("memcached://localhost:11211/my%20hotels%2Fall");
    assertThat(configuration.options())
        .containsOnly(
            Map.entry("memjcache.failure", "miss"),
            Map.entry("memjcache.cache.*.statistics", "true"),
            Map.entry("memjcache.cache.*.countRemoveAll", "false"),
            Map.entry("memjcache.serialization.allow", "com.acme.**,org.acme.**"));
    assertThat(configuration.misses()).isTrue();
  }

  @Test
  void serversAndNamespace_areTheUri() {
    options.setProperty("memjcache.servers", "cache1, cache2:11212");
    options.setProperty("memjcache.namespace", "hotels/S%C3%BCd%2FOst");
    ManagerConfiguration configuration = of(null, null, "ignored");

    assertThat(configuration.uri())
        .hasToString("memcached://cache1:11211;cache2:11212/hotels/S%C3%BCd%2FOst");
    assertThat(configuration.options())
        .doesNotContainKeys("memjcache.servers", "memjcache.namespace");
  }

  @Test
  void optionsThatAreGiven_countBeforeTheDefaults() {
    options.setProperty("memjcache.failure", "throw");
    options.setProperty("memjcache.serialization.allow", "com.acme.Hotel");
    ManagerConfiguration configuration = of(null, null, "hotels");

    assertThat(configuration.options())
        .containsEntry("memjcache.failure", "throw")
        .containsEntry("memjcache.serialization.allow", "com.acme.Hotel");
    assertThat(configuration.misses()).isFalse();
  }

  @Test
  void connection_takesThePlaceOfAllServers() {
    options.setProperty("memjcache.servers", "cache1");

    assertThat(of(null, "127.0.0.1:5", "hotels").uri())
        .hasToString("memcached://127.0.0.1:5/hotels");
    assertThat(of("memcached://cache1,cache2/hotels?timeout=2s", "127.0.0.1:5", null).uri())
        .hasToString("memcached://127.0.0.1:5/hotels?timeout=2s");
    assertThat(of("classpath:memjcache.properties", "127.0.0.1:5", null).options())
        .containsEntry("memjcache.servers", "127.0.0.1:5");
  }

  @Test
  void file_saysTheRest() {
    ManagerConfiguration configuration = of("classpath:memjcache.properties", null, "hotels");

    assertThat(configuration.uri()).hasToString("classpath:memjcache.properties");
    assertThat(configuration.options()).isEmpty();
  }

  @Test
  void uri_itsOptionsCount() {
    assertThat(of("memcached://cache1/hotels?failure=throw", null, null).misses()).isFalse();
    assertThat(of("memcached://cache1/hotels?timeout=2s", null, null).misses()).isTrue();
  }

  @Test
  void uriAndServers_areRefused() {
    options.setProperty("memjcache.servers", "cache1");
    assertThatThrownBy(() -> of("memcached://cache2/hotels", null, null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("memjcache.uri and memjcache.servers are both given");
  }
}
