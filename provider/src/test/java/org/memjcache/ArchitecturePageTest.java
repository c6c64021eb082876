// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/architecture.md names the packages that there are, and no class that there isn't. */
class ArchitecturePageTest {

  private static final Path MAIN = Path.of("src", "main", "java", "org", "memjcache");
  private static final Path TEST = Path.of("src", "test", "java");

  private final String page = read(Path.of("..", "docs", "architecture.md"));

  @Test
  void tableOfRooms_listsEveryPackage() {
    assertThat(names("(?m)^\\| `([a-z.]+)` \\|")).isEqualTo(rooms());
  }

  @Test
  void picture_showsEveryPackageAndNothingElse() {
    String picture = page.replaceFirst("(?s).*?```text\n(.*?)```.*", "$1");
    Set<String> expected = new TreeSet<>(rooms());
    expected.addAll(Set.of("org.memjcache", "org.memjcache.micrometer"));

    assertThat(Pattern.compile("[a-z.]+").matcher(picture).results().map(MatchResult::group))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void everyClassThatIsNamed_isThere() {
    Set<String> classes = classes(MAIN);
    classes.addAll(classes(TEST));

    assertThat(names("`([A-Z]\\w+)`")).hasSizeGreaterThan(40).isSubsetOf(classes);
  }

  private Set<String> names(String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the packages below org.memjcache.internal that hold classes. */
  private static Set<String> rooms() {
    Path internal = MAIN.resolve("internal");
    return files(internal)
        .map(file -> internal.relativize(file.getParent()).toString().replaceAll("[/\\\\]", "."))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> classes(Path folder) {
    return files(folder)
        .map(file -> file.getFileName().toString().replace(".java", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
