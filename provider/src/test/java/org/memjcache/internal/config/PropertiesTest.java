// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.InvalidConfigurationException;

class PropertiesTest {
  private static final String PLAIN = "memcached://h/app";

  @Test
  void of_options_taken() {
    ManagerSettings settings =
        ManagerSettings.of(
            URI.create(PLAIN),
            properties(
                "memjcache.timeout", "250ms",
                "memjcache.connectTimeout", "2s",
                "memjcache.connections", " 3 ",
                "memjcache.serialization.allow", "com.acme.* , org.acme.*"));
    assertThat(settings)
        .isEqualTo(
            ManagerSettings.of(
                URI.create(
                    PLAIN
                        + "?timeout=250ms&connectTimeout=2s&connections=3"
                        + "&serialization.allow=com.acme.*,org.acme.*"),
                null));
  }

  @Test
  void of_emptyOrNull_sameAsDefaults() {
    assertThat(ManagerSettings.of(URI.create(PLAIN), new Properties()))
        .isEqualTo(ManagerSettings.of(URI.create(PLAIN), null));
  }

  @Test
  void of_propertiesOfOthers_ignored() {
    Properties others = properties("timeout", "soon", "hibernate.x", "", "memjcachex.y", "z");
    others.put("object", new Object());
    others.put(1, 2);
    assertThat(ManagerSettings.of(URI.create(PLAIN), others))
        .isEqualTo(ManagerSettings.of(URI.create(PLAIN), null));
  }

  @Test
  void of_defaultsOfProperties_count() {
    Properties properties = new Properties(properties("memjcache.timeout", "7s"));
    assertThat(ManagerSettings.of(URI.create(PLAIN), properties).cluster().operationTimeout())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?timeout=1500ms               | memjcache.timeout             | 1500ms
          ?timeout=1500ms               | memjcache.timeout             | PT1.5S
          ?connections=2                | memjcache.connections         | 02
          ?serialization.allow=a;b      | memjcache.serialization.allow | b, a,b
          ?connectTimeout=1s            | memjcache.timeout             | 1s
          """)
  void of_sameValueInBothPlaces_accepted(String query, String property, String value) {
    ManagerSettings both =
        ManagerSettings.of(URI.create(PLAIN + query), properties(property, value));
    assertThat(both).isEqualTo(ManagerSettings.of(URI.create(PLAIN + query), null));
  }

  @Test
  void of_differentValuesInBothPlaces_contradictionNamesBoth() {
    assertThat(refusal("memcached://h/app?timeout=1s", "memjcache.timeout", "2s"))
        .isEqualTo(
            "manager URI 'memcached://h/app': option 'timeout' is '1s' in the query of the URI but"
                + " '2s' in property 'memjcache.timeout'; give it once, or the same value in"
                + " both");
  }

  @Test
  void of_defaultWrittenInUriAndOtherInProperty_contradictionToo() {
    assertThat(refusal("memcached://h?connections=1", "memjcache.connections", "2"))
        .contains("option 'connections' is '1' in the query");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memjcache.timout     | 1s    | unknown option 'timout' in property 'memjcache.timout'; did you mean 'timeout'?
          memjcache.colour     | 1s    | unknown option 'colour' in property 'memjcache.colour'; expected one of servers, namespace, discovery.interval,
          memjcache.           | x     | unknown option '' in property 'memjcache.'
          memjcache.Timeout    | 1s    | did you mean 'timeout'?
          memjcache.timeout    | 61m   | wrong value '61m' of option 'timeout' in property 'memjcache.timeout'; expected a duration from 1ms to 1h
          memjcache.timeout    | ''    | wrong value '' of option 'timeout'
          memjcache.connections| 0     | expected a whole number from 1 to 64
          memjcache.serialization.allow | a,,b | expected classes and packages such as com.acme.Person, com.acme.* or com.acme.**, separated by ',' or ';', none of them empty
          """)
  void of_badProperty_refusedWithNameAndAccepted(String name, String value, String error) {
    assertThat(refusal(PLAIN, name, value))
        .startsWith("manager URI 'memcached://h/app': ")
        .contains(error);
  }

  @Test
  void of_valueThatIsNoString_refused() {
    Properties properties = new Properties(properties("memjcache.connections", "3"));
    properties.put("memjcache.connections", 4);
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerSettings.of(URI.create(PLAIN), properties))
        .withMessageContaining(
            "the value of property 'memjcache.connections' is not a string;"
                + " expected the text of a whole number from 1 to 64");
  }

  private static String refusal(String uri, String name, String value) {
    try {
      ManagerSettings.of(URI.create(uri), properties(name, value));
    } catch (InvalidConfigurationException e) {
      return e.getMessage();
    }
    throw new AssertionError("accepted: " + name + "=" + value);
  }

  private static Properties properties(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return properties;
  }
}
