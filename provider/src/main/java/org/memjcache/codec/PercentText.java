package org.memjcache.codec;

/**
 * Percent escapes, which make any text safe inside a key.
 *
 * <p>The letters and digits of ASCII and {@code . _ -} stay as they are, everything else becomes
 * {@code %XX} for each byte of its UTF-8 form. A surrogate without its partner has no UTF-8 form;
 * it is written in the three bytes its number would take (known as WTF-8), so that different texts
 * always have different escaped forms.
 *
 * <p>Source of the unreserved characters: RFC 3986, section 2.3, without {@code ~}, which marks
 * hashes in keys.
 */
final class PercentText {

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentText() {}

  /**
   * Returns the escaped form, in ASCII letters, digits and {@code . _ - %} only. Different texts
   * give different forms.
   */
  static String escape(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (!isPlain(text.charAt(i))) {
        return escapeFrom(text, i);
      }
    }
    return text;
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  private static String escapeFrom(String text, int start) {
    int length = text.length();
    StringBuilder out = new StringBuilder(length + 16).append(text, 0, start);
    for (int i = start; i < length; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        out.append(c);
      } else if (c < 0x80) {
        appendByte(out, c);
      } else if (c < 0x800) {
        appendByte(out, 0xC0 | (c >> 6));
        appendFollowing(out, c);
      } else if (i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        i++;
        int point = Character.toCodePoint(c, text.charAt(i));
        appendByte(out, 0xF0 | (point >> 18));
        appendFollowing(out, point >> 12);
        appendFollowing(out, point >> 6);
        appendFollowing(out, point);
      } else {
        appendByte(out, 0xE0 | (c >> 12));
        appendFollowing(out, c >> 6);
        appendFollowing(out, c);
      }
    }
    return out.toString();
  }

  /** Appends a byte that is not the first of its character: six bits of it. */
  private static void appendFollowing(StringBuilder out, int bits) {
    appendByte(out, 0x80 | (bits & 0x3F));
  }

  private static void appendByte(StringBuilder out, int value) {
    out.append('%').append(HEX[value >> 4 & 0xF]).append(HEX[value & 0xF]);
  }

  /**
   * Returns the text whose escaped form this is.
   *
   * @throws IllegalArgumentException if {@link #escape} never gives this form
   */
  static String unescape(String escaped) {
    if (escaped.indexOf('%') < 0) {
      return requireSame(escaped, escaped);
    }
    int length = escaped.length();
    StringBuilder out = new StringBuilder(length);
    int at = 0;
    while (at < length) {
      char c = escaped.charAt(at);
      if (c != '%') {
        out.append(c);
        at++;
        continue;
      }
      int lead = byteAt(escaped, at);
      at += 3;
      int following = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
      int point = following == 0 ? lead : lead & (0x3F >> following);
      for (; following > 0; following--) {
        point = (point << 6) | (byteAt(escaped, at) & 0x3F);
        at += 3;
      }
      if (point > Character.MAX_CODE_POINT) {
        throw malformed(escaped);
      }
      out.appendCodePoint(point);
    }
    return requireSame(escaped, out.toString());
  }

  /** Catches overlong forms, wrong bytes and needless escapes in one go. */
  private static String requireSame(String escaped, String text) {
    if (!escape(text).equals(escaped)) {
      throw malformed(escaped);
    }
    return text;
  }

  private static int byteAt(String escaped, int at) {
    if (at + 2 >= escaped.length() || escaped.charAt(at) != '%') {
      throw malformed(escaped);
    }
    int value =
        Character.digit(escaped.charAt(at + 1), 16) << 4
            | Character.digit(escaped.charAt(at + 2), 16);
    if (value < 0) {
      throw malformed(escaped);
    }
    return value;
  }

  private static IllegalArgumentException malformed(String escaped) {
    return new IllegalArgumentException("Not a percent-escaped text: " + escaped);
  }
}
