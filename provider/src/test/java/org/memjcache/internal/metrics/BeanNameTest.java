// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BeanNameTest {

  static Stream<Arguments> names() {
    return Stream.of(
        Arguments.of("memcached://h/a/t", "orders", "memcached.//h/a/t", "orders"),
        Arguments.of("memcached://h:11211/a", "new cache", "memcached.//h.11211/a", "new cache"),
        Arguments.of("memcached://h,i:1/a?x=y", "c", "memcached.//h.i.1/a.x.y", "c"),
        Arguments.of("urn:a", "a:b=c,d\ne", "urn.a", "a.b.c.d.e"),
        Arguments.of("urn:a*", "who?*", "urn.a.", "who.."),
        Arguments.of("urn:a", "\"quoted\"", "urn.a", ".quoted."),
        Arguments.of("urn:a", "org.example.Order$Line", "urn.a", "org.example.Order$Line"),
        Arguments.of("urn:a", "back\\slash", "urn.a", "back\\slash"),
        Arguments.of("urn:a", " ", "urn.a", " "),
        Arguments.of("", "", ".", "."));
  }

  @ParameterizedTest(name = "[{index}] {0} {1}")
  @MethodSource("names")
  void of_makesCharactersFit(String uri, String cache, String manager, String name) {
    ObjectName configuration = BeanName.CONFIGURATION.of(uri, cache, 1);

    assertThat(configuration.getCanonicalName())
        .isEqualTo(
            "javax.cache:Cache=" + name + ",CacheManager=" + manager + ",type=CacheConfiguration");
    assertThat(configuration.isPattern()).isFalse();
  }

  @Test
  void of_keepsTheOrderOfAttributes() {
    assertThat(BeanName.STATISTICS.of("urn:a", "c", 1))
        .hasToString("javax.cache:type=CacheStatistics,CacheManager=urn.a,Cache=c");
    assertThat(BeanName.CONFIGURATION.of("urn:a", "c", 2))
        .hasToString("javax.cache:type=CacheConfiguration,CacheManager=urn.a,Cache=c,instance=2");
  }

  @ParameterizedTest(name = "[{index}]")
  @ValueSource(strings = {"", "\r", "\t", "\u0000", "é", "😀", "'", "/", "[a]", "a\r\nb"})
  void of_anyCacheName_isNoPattern(String cache) {
    assertThat(BeanName.STATISTICS.of("urn:a", cache, 1).isPattern()).isFalse();
  }

  @Test
  void of_everyLatinCharacter_isAName() {
    for (int c = 0; c < 256; c++) {
      ObjectName name = BeanName.STATISTICS.of("urn:a", "x" + (char) c, 1);
      assertThat(name.isPattern()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://a:11211/hotels/Lisboa                  | info              | true
          memcached://a:11211;b:11211/hotels/Lisboa          | info              | true
          memcached://a:11211;b:11211/S%C3%BCd%20%2C%3D%2A   | info              | true
          memcached://%5B::1%5D:11211;b/hotels               | info              | true
          file:/etc/hotels.properties                        | com.acme.Order$1  | true
          file:/etc/hotels.properties#Lisboa/x               | info              | true
          jar:file:/app.jar!/hotels.properties               | new cache         | true
          jar:nested:/app.jar/!BOOT-INF/classes/!/x.properties | info            | true
          classpath:hotels.properties                        | info              | true
          memcached://a,b/hotels                             | info              | false
          memcached://a/hotels?failure=miss                  | info              | false
          file:/etc/hotels.properties?failure=miss           | info              | false
          memcached://a/hotels                               | hotels:info       | false
          memcached://a/hotels                               | a,b               | false
          memcached://a/hotels                               | a=b               | false
          memcached://a/hotels                               | a*                | false
          memcached://a/hotels                               | '"'               | false
          """)
  void isPlain_ifWhoReplacesColonsOnlyFindsIt(String uri, String cache, boolean expected)
      throws MalformedObjectNameException {
    assertThat(BeanName.isPlain(uri, cache)).isEqualTo(expected);
    String byHand =
        "javax.cache:type=CacheStatistics,CacheManager="
            + uri.replace(':', '.')
            + ",Cache="
            + cache;
    if (expected) {
      assertThat(new ObjectName(byHand)).isEqualTo(BeanName.STATISTICS.of(uri, cache, 1));
    } else {
      assertThat(nameOrNull(byHand)).isNotEqualTo(BeanName.STATISTICS.of(uri, cache, 1));
    }
  }

  private static ObjectName nameOrNull(String text) {
    try {
      return new ObjectName(text);
    } catch (MalformedObjectNameException e) {
      return null;
    }
  }
}
