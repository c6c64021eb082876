// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorTextTest {

  @Test
  void of_plainText_inQuotes() {
    assertThat(ErrorText.of("Lisboa / Süd 🏨")).isEqualTo("'Lisboa / Süd 🏨'");
    assertThat(ErrorText.of("")).isEqualTo("''");
  }

  @Test
  void of_textThatCouldForgeLogLines_escaped() {
    assertThat(ErrorText.of("a\r\nb\u001b[31m\u202e\u2028\0\ud800"))
        .isEqualTo("'a\\u000d\\u000ab\\u001b[31m\\u202e\\u2028\\u0000\\ud800'");
  }

  @Test
  void of_longText_cutBetweenCharacters() {
    assertThat(ErrorText.of("x".repeat(120))).isEqualTo("'" + "x".repeat(120) + "'");
    assertThat(ErrorText.of("x".repeat(121)))
        .isEqualTo("'" + "x".repeat(120) + "'... (121 characters)");
    assertThat(ErrorText.of("x".repeat(119) + "🏨y"))
        .isEqualTo("'" + "x".repeat(119) + "'... (122 characters)");
  }

  @Test
  void message_thatCouldForgeLogLines_escapedAndCut() {
    assertThat(ErrorText.message("it's 'a'\nb")).isEqualTo("it's 'a'\\u000ab");
    assertThat(ErrorText.message("x".repeat(1_001)))
        .isEqualTo("x".repeat(1_000) + "... (1001 characters)");
  }
}
