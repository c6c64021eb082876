// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTextTest {

  @ParameterizedTest
  @CsvSource({
    "plain-Text_1.0, plain-Text_1.0",
    "'', ''",
    "a:b/c d, a%3Ab%2Fc%20d",
    "%, %25",
    "~, %7E",
    "é, %C3%A9",
    "€, %E2%82%AC",
    "😀, %F0%9F%98%80",
  })
  void escape_text_bytesOfUtf8(String text, String escaped) {
    assertThat(PercentText.escape(text)).isEqualTo(escaped);
    assertThat(PercentText.unescape(escaped)).isEqualTo(text);
  }

  @Example
  void escape_surrogateAlone_threeBytes() {
    assertThat(PercentText.escape("\uD83D")).isEqualTo("%ED%A0%BD");
    assertThat(PercentText.escape("\uDE00\uD83D")).isEqualTo("%ED%B8%80%ED%A0%BD");
    assertThat(PercentText.escape("\uD83Da")).isEqualTo("%ED%A0%BDa");
    assertThat(PercentText.escape("\uD83D\uD83D\uDE00")).isEqualTo("%ED%A0%BD%F0%9F%98%80");
  }

  @Example
  void escape_everyCharAndPairsOfThem_allDifferent() {
    Set<String> seen = new HashSet<>();
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      assertThat(seen.add(PercentText.escape(String.valueOf((char) c)))).isTrue();
    }
    for (int point = 0x10000; point <= Character.MAX_CODE_POINT; point += 97) {
      assertThat(seen.add(PercentText.escape(Character.toString(point)))).isTrue();
    }
  }

  @Property(tries = 1_000)
  @Tag("slow")
  void unescape_escapedText_sameText(@ForAll String text) {
    String escaped = PercentText.escape(text);

    assertThat(escaped).matches("[A-Za-z0-9._%-]*");
    assertThat(PercentText.unescape(escaped)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "a:b",
        "é",
        "%",
        "%4",
        "%4G",
        "%41", // needless
        "%3a", // lower case
        "%C0%BA", // overlong
        "%C3", // cut off
        "%C3%41", // wrong second byte
        "%80", // not a first byte
        "%ED%A0%BD%ED%B8%80", // a pair as two halves
        "%F4%90%80%80", // above the last code point
        "%FF%BF%BF%BF"
      })
  void unescape_whatEscapeNeverGives_refused(String escaped) {
    assertThatIllegalArgumentException().isThrownBy(() -> PercentText.unescape(escaped));
  }
}
