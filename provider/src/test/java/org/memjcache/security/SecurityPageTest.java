// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test that docs/security.md names is there. */
class SecurityPageTest {

  private static final Path PAGE = Path.of("..", "docs", "security.md");

  /** A class, a method with its class, or a method; its name may be cut short by an ellipsis. */
  private static final Pattern NAME =
      Pattern.compile("`(?:([A-Z]\\w*Test)|(?:([A-Z]\\w*Test)\\.)?([a-z]\\w*_\\w*)(…?))`");

  @Test
  void everyTestThatIsNamed_isThere() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    int found = 0;
    Matcher names = NAME.matcher(Files.readString(PAGE));
    while (names.find()) {
      if (isThere(sources, names)) {
        found++;
      } else {
        missing.add(names.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(found).isGreaterThan(50);
  }

  private static boolean isThere(Map<String, String> sources, Matcher name) {
    if (name.group(1) != null) {
      return sources.containsKey(name.group(1));
    }
    String declaration = "void " + name.group(3) + (name.group(4).isEmpty() ? "(" : "");
    return name.group(2) == null
        ? sources.values().stream().anyMatch(source -> source.contains(declaration))
        : sources.getOrDefault(name.group(2), "").contains(declaration);
  }

  /** Returns the sources of all tests of the project, by the names of their classes. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      files
          .filter(file -> file.toString().endsWith("Test.java"))
          .filter(file -> file.toString().contains("src"))
          .forEach(
              file -> {
                String name = file.getFileName().toString();
                sources.put(name.substring(0, name.length() - ".java".length()), read(file));
              });
    }
    return sources;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
