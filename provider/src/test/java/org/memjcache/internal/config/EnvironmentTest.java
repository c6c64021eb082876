// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;

class EnvironmentTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://p:1/a  | memcached://v:2/b  | memcached://p:1/a
          memcached://p:1/a  |                    | memcached://p:1/a
          memcached://p:1/a  | no URI             | memcached://p:1/a
                             | memcached://v:2/b  | memcached://v:2/b
                             | ' memcached://v '  | memcached://v
                             |                    | memcached://localhost:11211
          file:/etc/caches.properties#Lisboa |    | file:/etc/caches.properties#Lisboa
                             | classpath:none.properties | classpath:none.properties
          memcached://[::1]:1,[::2]:2/[ |         | not a URI
          memcached://[::1]:1,[::2]:2/a |         | memcached://%5B::1%5D:1,%5B::2%5D:2/a
          """)
  void defaultUri_propertyThenVariableThenLocalhost(
      String property, String variable, String expected) {
    assertThat(outcome(property, variable)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://h:0 |                 | system property org.memjcache.uri: manager URI 'memcached://h:0': bad port
          redis://h       | memcached://v   | system property org.memjcache.uri: manager URI 'redis://h': unknown scheme
          h a             |                 | system property org.memjcache.uri: not a URI: Illegal character in path at index 1
          127.0.0.1:11211 |                 | system property org.memjcache.uri: not a URI: Illegal character in scheme name at index 0; expected memcached://
          memcached://    |                 | system property org.memjcache.uri: not a URI: Expected authority
          ''              | memcached://v   | system property org.memjcache.uri: is empty; set it to memcached://
          file:/x?timout=1s |             | system property org.memjcache.uri: manager URI 'file:/x': unknown option 'timout' in the query of the URI; did you mean 'timeout'?
          file:/x?timeout=x |             | system property org.memjcache.uri: manager URI 'file:/x': wrong value 'x'
          file://far/x    |               | system property org.memjcache.uri: manager URI 'file://far/x': the properties file is not on this machine
          /etc/x.properties |             | system property org.memjcache.uri: manager URI '...': the scheme is missing; expected memcached://host[:port][,host[:port]...]/application/tenant?option=value, or the location of a properties file (file:, jar: or classpath:)
                          | memcached://h:0 | environment variable MEMJCACHE_URI: manager URI 'memcached://h:0': bad port
                          | '  '            | environment variable MEMJCACHE_URI: is empty; set it to memcached://
                          | memcached://h?x=1     | environment variable MEMJCACHE_URI: manager URI 'memcached://h': unknown option 'x'
                          | memcached://h?timeout=x | environment variable MEMJCACHE_URI: manager URI 'memcached://h': wrong value 'x'
          """)
  void defaultUri_invalid_errorNamesWhereItCameFrom(
      String property, String variable, String error) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> get(property, variable))
        .withMessageStartingWith(error);
  }

  @Test
  void defaultUri_fallback_isAcceptedUri() {
    URI uri = Environment.defaultUri(name -> null, name -> null);

    assertThat(ManagerUri.parse(uri.toString()))
        .isEqualTo(uri)
        .hasToString("memcached://localhost:11211");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cache1,cache2:11212 | hotels/Lisboa |                        | memcached://cache1:11211;cache2:11212/hotels/Lisboa
          cache1              |               |                        | memcached://cache1:11211
                              | a%2Fb         |                        | memcached://localhost:11211/a%2Fb
          dns:caches:1        |               |                        | memcached://dns:caches:1
          [::1]               | hotels        |                        | memcached://[::1]:11211/hotels
          cache1              | hotels        | memcached://v/other    | memcached://v/other
          """)
  void defaultUri_serversAndNamespace_areItsParts(
      String servers, String namespace, String uri, String expected) {
    Map<String, String> variables = new HashMap<>();
    variables.put("MEMJCACHE_SERVERS", servers);
    variables.put("MEMJCACHE_NAMESPACE", namespace);
    Map<String, String> properties = new HashMap<>();
    properties.put("memjcache.servers", servers);
    properties.put("memjcache.namespace", namespace);
    properties.put("org.memjcache.uri", uri);

    assertThat(Environment.defaultUri(properties::get, name -> null)).hasToString(expected);
    properties.keySet().removeIf(name -> name.startsWith("memjcache."));
    assertThat(Environment.defaultUri(properties::get, variables::get)).hasToString(expected);
  }

  @Test
  void defaultUri_serversInBothPlaces_thoseOfThePropertyCount() {
    URI uri =
        Environment.defaultUri(
            Map.of("memjcache.servers", "p")::get,
            Map.of("MEMJCACHE_SERVERS", "v", "MEMJCACHE_NAMESPACE", "hotels")::get);

    assertThat(uri).hasToString("memcached://p:11211/hotels");
  }

  @Test
  void defaultUri_wrongServers_errorNamesTheVariable() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(
            () ->
                Environment.defaultUri(
                    name -> null, name -> name.equals("MEMJCACHE_SERVERS") ? "cache1:x" : null))
        .withMessageContaining("'cache1:x'")
        .withMessageContaining("environment variable MEMJCACHE_SERVERS");
  }

  private static String outcome(String property, String variable) {
    try {
      return get(property, variable);
    } catch (InvalidConfigurationException e) {
      return e.getMessage();
    }
  }

  private static String get(String property, String variable) {
    Map<String, String> properties =
        property == null ? Map.of() : Map.of("org.memjcache.uri", property);
    Map<String, String> variables = variable == null ? Map.of() : Map.of("MEMJCACHE_URI", variable);
    return Environment.defaultUri(properties::get, variables::get).toString();
  }
}
