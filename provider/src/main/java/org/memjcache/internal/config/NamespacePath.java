// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.util.stream.Collectors.joining;
import static org.memjcache.internal.text.ErrorText.invalid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * The names of a namespace as the path of a URI: one percent-encoded segment for each name.
 *
 * <p>Nothing is guessed: an empty name is refused at the end of a path too ({@code /hotels/}),
 * because the likely reason is a tenant whose identifier came out empty, and the manager would then
 * read, write and clear at the level of the whole application. {@code .} and {@code ..} are refused
 * unless escaped, because anything that normalizes a URI removes them and another tenant remains.
 */
public final class NamespacePath {

  /** As many names as a manager may have; a cache adds its own as one more. */
  private static final int MOST_NAMES = 8;

  private static final String FORM =
      "up to %s names with '/' between them, as in hotels/Lisboa, percent-encoded where they contain"
              .formatted(MOST_NAMES)
          + " '/' or '%'";

  static final OptionFormat<List<String>> FORMAT =
      new OptionFormat<>(FORM, text -> Optional.of(parseOption(text)));

  private NamespacePath() {}

  /** Returns the names in the value of an option: a path, with or without the slash in front. */
  public static List<String> parseOption(String text) {
    List<String> names = parse(text.startsWith("/") ? text : "/" + text);
    if (names.isEmpty()) { // a placeholder came out empty, most likely
      throw invalid("the namespace is empty; expected %s, or to leave the option out", FORM);
    }
    return names;
  }

  /** Returns the names in the path of a URI, not decoded; none for an empty path and for "/". */
  static List<String> parse(String rawPath) {
    if (rawPath.isEmpty() || rawPath.equals("/")) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String segment : rawPath.substring(1).split("/", -1)) {
      if (isDots(segment)) {
        throw invalid(
            "the path has the relative segment %s; expected plain names, and %%2E for each dot if"
                + " this really is a name",
            ErrorText.of(segment));
      }
      names.add(PercentCoding.decode(segment));
    }
    return checked(names);
  }

  /** Returns the path of a URI that has these names; empty for none. */
  public static String format(List<String> names) {
    return checked(names).stream()
        .map(name -> isDots(name) ? name.replace(".", "%2E") : PercentCoding.encode(name))
        .map(segment -> "/" + segment)
        .collect(joining());
  }

  /** Returns an immutable copy; refuses too many names, and one that is empty or has no UTF-8. */
  public static List<String> checked(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        throw invalid(
            "name %s of the namespace's %s is empty; expected a name of at least one character"
                + " between slashes, and no slash at the end",
            i + 1, names.size());
      }
      PercentCoding.requireUtf8(names.get(i));
    }
    if (names.size() > MOST_NAMES) {
      throw invalid("the namespace has %s names; expected at most %s", names.size(), MOST_NAMES);
    }
    return List.copyOf(names);
  }

  private static boolean isDots(String segment) {
    return segment.equals(".") || segment.equals("..");
  }
}
