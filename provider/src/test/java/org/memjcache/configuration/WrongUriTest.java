// SPDX-License-Identifier: Apache-2.0
package org.memjcache.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Properties;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.MemcachedCachingProvider;

/**
 * What callers of the provider get for a wrong URI or option: at once, without a connection, an
 * error that names the part and what is accepted. All spellings are in the tests of {@code config}.
 */
class WrongUriTest {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  @AfterEach
  void close() {
    provider.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          localhost/hotels                   | the scheme is missing; expected memcached://
          http://localhost/hotels            | unknown scheme 'http'; expected memcached://
          memcached:localhost                | no host
          memcached://localhost:http/hotels  | bad port in 'localhost:http'; expected ':' and a number
          memcached://localhost:70000/hotels | bad port in 'localhost:70000'; expected ':' and a number
          memcached://one,,three/hotels      | a host is missing or empty; expected host
          memcached://one,one/hotels         | server 'one' is named twice
          memcached://me:word@one/hotels     | user info ('user:password@') before a host is refused
          memcached://one/hotels//info       | name 2 of the namespace's 3 is empty
          memcached://one/hotels#info        | a fragment is refused
          memcached://one/hotels?timout=1s   | unknown option 'timout' in the query of the URI; did you mean 'timeout'?
          memcached://one/hotels?timeout=1   | wrong value '1' of option 'timeout' in
          """)
  void wrongUri_namesThePartAndWhatIsAccepted(URI uri, String error) {
    assertThatThrownBy(() -> provider.getCacheManager(uri, null))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("manager URI '")
        .hasMessageContaining(error);
    assertThatThrownBy(() -> provider.clear(uri)).isInstanceOf(CacheException.class);
  }

  @Test
  void wrongProperty_isNamedWithWhatIsAccepted() {
    Properties properties = new Properties();
    properties.setProperty("memjcache.connections", "many");

    assertThatThrownBy(
            () -> provider.getCacheManager(URI.create("memcached://one/x"), null, properties))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("'many'")
        .hasMessageContaining("connections")
        .hasMessageContaining("expected a whole number from 1 to 64");
  }

  @Test
  void passwordInAUri_isNotRepeated() {
    assertThatThrownBy(
            () -> provider.getCacheManager(URI.create("memcached://me:secret@one/x"), null))
        .isInstanceOf(CacheException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret").doesNotContain("me:"));
  }

  @Test
  void wrongPatternOfAllowedClasses_isNamed() {
    URI uri = URI.create("memcached://one/x?serialization.allow=com.acme.*Person");

    assertThatThrownBy(() -> provider.getCacheManager(uri, null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'com.acme.*Person' of option 'serialization.allow'")
        .hasMessageContaining("com.acme.**");
  }

  @Test
  void clearWithoutALevel_saysThatThePathIsMissing() {
    URI uri = URI.create("memcached://one");

    assertThatThrownBy(() -> provider.clear(uri))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("The URI memcached://one names no application or tenant to clear");
    assertThatThrownBy(() -> provider.getCacheManager(uri, null).clear())
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("memcached://host/application/tenant");
  }
}
