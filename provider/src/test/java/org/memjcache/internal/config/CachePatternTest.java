// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.internal.config.NamedCaches.CachePattern;

class CachePatternTest {

  @ParameterizedTest
  @CsvSource({
    "info,       info,             true",
    "info,       infos,            false",
    "info,       INFO,             false",
    "*,          info,             true",
    "*,          '',               true",
    "com.acme.*, com.acme.Person,  true",
    "com.acme.*, com.acme.,        true",
    "com.acme.*, com.acme,         false",
    "com.acme.*, comXacme.Person,  false",
    "*.Person,   com.acme.Person,  true",
    "a*a,        a,                false",
    "a*a,        aa,               true",
    "a*b*c,      a1b2b3c,          true",
    "a*b*c,      abcx,             false",
    "a**c,       ac,               true",
    "**,         x,                true",
    "a*bc*c,     abc,              false",
    "i?fo,       info,             false",
    "[i]nfo,     info,             false",
    "*\uD83C\uDFE8*, a\uD83C\uDFE8b, true",
  })
  void matches_starForAnyRun(String pattern, String name, boolean expected) {
    assertThat(new CachePattern(pattern).matches(name)).isEqualTo(expected);
  }

  @Property
  void matches_asTheRegularExpressionWould(
      @ForAll("texts") String pattern, @ForAll("texts") String name) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
    String plain = name.replace("*", "c");
    assertThat(new CachePattern(pattern).matches(plain)).isEqualTo(plain.matches(regex));
  }

  @Test
  void matches_manyStarsAndALongName_isQuick() {
    assertThat(new CachePattern("*a".repeat(2_000)).matches("a".repeat(100_000) + "b")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"info, 2147483647", "*, 0", "a*, 1", "*a*b, 2", "com.acme.*, 9"})
  void specificity_countsCharacters(String pattern, int expected) {
    assertThat(new CachePattern(pattern).specificity()).isEqualTo(expected);
  }

  @Provide
  static Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab.*").ofMinLength(1).ofMaxLength(8);
  }
}
