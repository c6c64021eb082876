package org.memjcache.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {

  @Test
  void of_plainText_inQuotes() {
    assertThat(Quoted.of("Lisboa / Süd 🏨")).isEqualTo("'Lisboa / Süd 🏨'");
    assertThat(Quoted.of("")).isEqualTo("''");
  }

  @Test
  void of_textThatCouldForgeLogLines_escaped() {
    assertThat(Quoted.of("a\r\nb\u001b[31m\u202e\u2028\0\ud800"))
        .isEqualTo("'a\\u000d\\u000ab\\u001b[31m\\u202e\\u2028\\u0000\\ud800'");
  }

  @Test
  void of_longText_cutBetweenCharacters() {
    assertThat(Quoted.of("x".repeat(120))).isEqualTo("'" + "x".repeat(120) + "'");
    assertThat(Quoted.of("x".repeat(121)))
        .isEqualTo("'" + "x".repeat(120) + "'... (121 characters)");
    assertThat(Quoted.of("x".repeat(119) + "🏨y"))
        .isEqualTo("'" + "x".repeat(119) + "'... (122 characters)");
  }
}
