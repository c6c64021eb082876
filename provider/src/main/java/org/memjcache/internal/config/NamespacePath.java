package org.memjcache.internal.config;

import java.util.ArrayList;
import java.util.List;
import org.memjcache.InvalidConfigurationException;
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
  static final int MOST_NAMES = 8;

  /** How a namespace is written as an option, for errors and documentation. */
  static final String FORM =
      "up to "
          + MOST_NAMES
          + " names with '/' between them, as in hotels/Lisboa, percent-encoded where they contain"
          + " '/' or '%'";

  private NamespacePath() {}

  /**
   * Returns the names in the value of an option: a path as {@link #parse} takes it, with or without
   * the slash in front.
   *
   * @throws InvalidConfigurationException as {@link #parse} does, and if there is no name at all,
   *     likely because a placeholder came out empty
   */
  static List<String> parseOption(String text) {
    List<String> names = parse(text.startsWith("/") ? text : "/" + text);
    if (names.isEmpty()) {
      throw new InvalidConfigurationException(
          "the namespace is empty; expected " + FORM + ", or to leave the option out");
    }
    return names;
  }

  /**
   * Returns the names in the path of a URI; none for an empty path and for {@code /}.
   *
   * @param rawPath not decoded
   * @throws InvalidConfigurationException for an empty name, more than {@value #MOST_NAMES} names,
   *     unescaped dots as a name, or escapes that are not valid UTF-8
   */
  static List<String> parse(String rawPath) {
    if (rawPath.isEmpty() || rawPath.equals("/")) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String segment : rawPath.substring(1).split("/", -1)) {
      if (isDots(segment)) {
        throw new InvalidConfigurationException(
            "the path has the relative segment "
                + ErrorText.of(segment)
                + "; expected plain names,"
                + " and %2E for each dot if this really is a name");
      }
      names.add(PercentCoding.decode(segment));
    }
    return checked(names);
  }

  /**
   * Returns the path of a URI that has these names; empty for none.
   *
   * @throws InvalidConfigurationException as {@link #checked} does
   */
  public static String format(List<String> names) {
    StringBuilder path = new StringBuilder();
    for (String name : checked(names)) {
      path.append('/').append(isDots(name) ? name.replace(".", "%2E") : PercentCoding.encode(name));
    }
    return path.toString();
  }

  /**
   * Returns an immutable copy of the names.
   *
   * @throws InvalidConfigurationException for an empty name, one that has no UTF-8, or more than
   *     {@value #MOST_NAMES} names
   */
  public static List<String> checked(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        throw new InvalidConfigurationException(
            "name "
                + (i + 1)
                + " of the namespace's "
                + names.size()
                + " is empty; expected a"
                + " name of at least one character between slashes, and no slash at the end");
      }
      PercentCoding.requireUtf8(names.get(i));
    }
    if (names.size() > MOST_NAMES) {
      throw new InvalidConfigurationException(
          "the namespace has " + names.size() + " names; expected at most " + MOST_NAMES);
    }
    return List.copyOf(names);
  }

  private static boolean isDots(String segment) {
    return segment.equals(".") || segment.equals("..");
  }
}
