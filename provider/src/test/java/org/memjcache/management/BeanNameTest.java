package org.memjcache.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
    ObjectName configuration = BeanName.CONFIGURATION.of(URI.create(uri), cache, 1);

    assertThat(configuration.getCanonicalName())
        .isEqualTo(
            "javax.cache:Cache=" + name + ",CacheManager=" + manager + ",type=CacheConfiguration");
    assertThat(configuration.isPattern()).isFalse();
  }

  @Test
  void of_keepsTheOrderOfAttributes() {
    assertThat(BeanName.STATISTICS.of(URI.create("urn:a"), "c", 1))
        .hasToString("javax.cache:type=CacheStatistics,CacheManager=urn.a,Cache=c");
    assertThat(BeanName.CONFIGURATION.of(URI.create("urn:a"), "c", 2))
        .hasToString("javax.cache:type=CacheConfiguration,CacheManager=urn.a,Cache=c,instance=2");
  }

  @ParameterizedTest(name = "[{index}]")
  @ValueSource(strings = {"", "\r", "\t", "\u0000", "é", "😀", "'", "/", "[a]", "a\r\nb"})
  void of_anyCacheName_isNoPattern(String cache) {
    assertThat(BeanName.STATISTICS.of(URI.create("urn:a"), cache, 1).isPattern()).isFalse();
  }

  @Test
  void of_everyLatinCharacter_isAName() {
    for (int c = 0; c < 256; c++) {
      ObjectName name = BeanName.STATISTICS.of(URI.create("urn:a"), "x" + (char) c, 1);
      assertThat(name.isPattern()).isFalse();
    }
  }
}
