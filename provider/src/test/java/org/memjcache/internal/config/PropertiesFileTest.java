// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.InvalidConfigurationException;

class PropertiesFileTest {

  @Property(tries = 5_000)
  void parse_anyText_asTheJdkReadsItButForEmptyNames(@ForAll("files") String text)
      throws IOException {
    Properties expected = new Properties();
    boolean accepted = true;
    try {
      expected.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      accepted = false;
    }
    try {
      Map<String, String> names = new HashMap<>();
      for (PropertiesFile.Property one : PropertiesFile.parse(text, "f")) {
        assertThat(names.put(one.name(), one.value())).isNull();
      }
      assertThat(accepted).isTrue();
      expected.remove("");
      assertThat(names).isEqualTo(expected);
    } catch (InvalidConfigurationException e) {
      assertThat(!accepted || e.getMessage().contains("stands twice")).as(e.getMessage()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void parse_linesAreCountedWhateverEndsThem(String end) {
    String text = String.join(end, "# a", "a=1", "", "  ! b", "b=2 \\", "   3", "c", "\\", "d=4");

    List<PropertiesFile.Property> properties = PropertiesFile.parse(text, "'f'");

    assertThat(properties)
        .containsExactly(
            new PropertiesFile.Property("a", "1", "line 2 of 'f'"),
            new PropertiesFile.Property("b", "2 3", "line 5 of 'f'"),
            new PropertiesFile.Property("c", "", "line 7 of 'f'"),
            new PropertiesFile.Property("d", "4", "line 8 of 'f'"));
  }

  @Test
  void parse_wrongEscape_namesTheLine() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> PropertiesFile.parse("a=1\nb=\\ux", "'f'"))
        .withMessage(
            "a \\u is not followed by four hexadecimal digits in line 2 of 'f'; write \\\\u if a"
                + " backslash is meant");
  }

  @Provide
  static Arbitrary<String> files() {
    return Arbitraries.of(
            "a", "b", "=", ":", " ", "\t", "\f", "\n", "\r", "\r\n", "\\", "#", "!", "u0041", "u",
            "é")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }
}
