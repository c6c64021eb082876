package org.memjcache.internal.text;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;

/**
 * Text from outside, made fit for an error message: in quotes, control characters and lone
 * surrogates escaped (so that a value can't forge a line of a log), long texts cut.
 */
public final class ErrorText {
  private static final int LONGEST = 120;

  private ErrorText() {}

  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("'");
    int end = text.length();
    if (end > LONGEST) {
      end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    }
    text.substring(0, end).codePoints().forEach(codePoint -> append(quoted, codePoint));
    quoted.append('\'');
    if (end < text.length()) {
      quoted.append("... (").append(text.length()).append(" characters)");
    }
    return quoted.toString();
  }

  /** Returns an error of a configuration, whose text is made as by {@link String#format}. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  public static InvalidConfigurationException invalid(String format, @Nullable Object... parts) {
    return new InvalidConfigurationException(String.format(Locale.ROOT, format, parts));
  }

  private static void append(StringBuilder quoted, int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          quoted.append(String.format("\\u%04x", codePoint));
      default -> quoted.appendCodePoint(codePoint);
    }
  }
}
