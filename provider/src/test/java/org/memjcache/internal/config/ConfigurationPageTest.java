// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/configuration.md are those of the code: no line more, no line less. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  @Test
  void optionsOfManagers_areThoseOfTheCode() throws IOException {
    assertRows(table("| option |"), "option", Options.ofManagers());
  }

  @Test
  void settingsOfCaches_areThoseOfTheCode() throws IOException {
    assertRows(table("| setting |"), "setting", Options.ofCaches());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyPropertyOfAnExample_isAccepted(PropertiesFile.Property property) {
    if (property.name().startsWith(Option.PREFIX)) {
      assertThat(SuppliedOption.inFile(List.of(property)))
          .singleElement()
          .satisfies(given -> assertThat(given.value()).isNotNull());
    }
  }

  private static List<String> table(String begin) throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int from = 0;
    while (!lines.get(from).startsWith(begin)) {
      from++;
    }
    int to = from;
    while (to < lines.size() && lines.get(to).startsWith("|")) {
      to++;
    }
    return lines.subList(from, to);
  }

  /** What an option does is said on the page only; all else in its row is that of the code. */
  private static void assertRows(List<String> table, String kind, List<Option<?>> options) {
    assertThat(table).hasSize(2 + options.size());
    assertThat(table.get(0)).isEqualTo("| " + kind + " | default | accepted | what it does |");
    assertThat(table.get(1)).isEqualTo("| --- | --- | --- | --- |");
    for (int i = 0; i < options.size(); i++) {
      Option<?> option = options.get(i);
      String row = table.get(2 + i);
      String start =
          "| `%s` | %s | %s | "
              .formatted(option.name(), defaultOf(option), markdown(option.format().accepted()));
      String end = isSecret(option) + " |";
      assertThat(row).startsWith(start).endsWith(end).hasSizeGreaterThan((start + end).length());
      assertThat(row.substring(start.length(), row.length() - end.length()))
          .as("what %s does", option.name())
          .matches("[^ |].*[^ |.;]")
          .doesNotContain("|", "never in a URI", "environment variable");
    }
  }

  private static String isSecret(Option<?> option) {
    return option.isSecret() ? "; never in a URI" : "";
  }

  private static String defaultOf(Option<?> option) {
    String text = option.defaultText();
    return text == null || text.isEmpty() ? "none" : "`" + text + "`";
  }

  private static String markdown(String text) {
    return text.replaceAll("([*_<\\[])", "\\\\$1");
  }

  /** Returns the properties in all examples of a properties file. */
  private static List<PropertiesFile.Property> examples() throws IOException {
    List<PropertiesFile.Property> examples = new ArrayList<>();
    String[] blocks = Files.readString(PAGE).split("```");
    for (int i = 1; i < blocks.length; i += 2) {
      if (blocks[i].startsWith("properties\n")) {
        String text = blocks[i].substring("properties\n".length());
        examples.addAll(PropertiesFile.parse(text, "example " + i));
      }
    }
    assertThat(examples).isNotEmpty();
    return examples;
  }
}
