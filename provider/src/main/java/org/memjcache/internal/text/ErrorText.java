// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;

/**
 * Text from outside, made fit for errors and logs: control characters and lone surrogates escaped
 * (so that a value can't forge a line of a log), long texts cut.
 */
public final class ErrorText {

  /** The longest value, in characters. */
  private static final int LONGEST = 120;

  /** The longest message, in characters. */
  private static final int LONGEST_MESSAGE = 1_000;

  private ErrorText() {}

  /** Returns a value, such as a name or an option's, in quotes. */
  public static String of(String text) {
    int end = end(text, LONGEST);
    return "'" + escaped(text, end) + '\'' + rest(text, end);
  }

  /** Returns a message that may quote what another process stored, or what a user typed. */
  public static String message(String text) {
    int end = end(text, LONGEST_MESSAGE);
    return escaped(text, end) + rest(text, end);
  }

  /** Returns a text of any length with escapes for what a terminal or a log may act on. */
  public static String escape(String text) {
    return escaped(text, text.length());
  }

  private static int end(String text, int longest) {
    if (text.length() <= longest) {
      return text.length();
    }
    return Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
  }

  private static String rest(String text, int end) {
    return end < text.length() ? "... (" + text.length() + " characters)" : "";
  }

  private static String escaped(String text, int end) {
    StringBuilder escaped = new StringBuilder(end);
    text.substring(0, end).codePoints().forEach(codePoint -> append(escaped, codePoint));
    return escaped.toString();
  }

  /** Returns an error of a configuration, whose text is made as by {@link String#format}. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  public static InvalidConfigurationException invalid(String format, @Nullable Object... parts) {
    return new InvalidConfigurationException(String.format(Locale.ROOT, format, parts));
  }

  private static void append(StringBuilder escaped, int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          escaped.append(String.format("\\u%04x", codePoint));
      default -> escaped.appendCodePoint(codePoint);
    }
  }
}
