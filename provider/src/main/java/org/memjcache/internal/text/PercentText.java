// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
public final class PercentText {

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(ISO_8859_1);

  /** What a {@code char} may become at most: three bytes, escaped. */
  private static final int MOST_FOR_EACH = 9;

  private PercentText() {}

  /**
   * Returns the escaped form, in ASCII letters, digits and {@code . _ - %} only. Different texts
   * give different forms.
   */
  public static String escape(String text) {
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

  @SuppressWarnings("deprecation") // drops the high bytes, of which what is plain has none
  private static String escapeFrom(String text, int start) {
    int length = text.length();
    byte[] out = new byte[start + MOST_FOR_EACH * (length - start)];
    text.getBytes(0, start, out, 0);
    int at = start;
    for (int i = start; i < length; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        out[at++] = (byte) c;
      } else if (c < 0x80) {
        at = putByte(out, at, c);
      } else if (c < 0x800) {
        at = putByte(out, at, 0xC0 | (c >> 6));
        at = putFollowing(out, at, c);
      } else if (i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        i++;
        int point = Character.toCodePoint(c, text.charAt(i));
        at = putByte(out, at, 0xF0 | (point >> 18));
        at = putFollowing(out, at, point >> 12);
        at = putFollowing(out, at, point >> 6);
        at = putFollowing(out, at, point);
      } else {
        at = putByte(out, at, 0xE0 | (c >> 12));
        at = putFollowing(out, at, c >> 6);
        at = putFollowing(out, at, c);
      }
    }
    return new String(out, 0, at, ISO_8859_1);
  }

  /** Puts a byte that is not the first of its character: six bits of it. */
  private static int putFollowing(byte[] out, int at, int bits) {
    return putByte(out, at, 0x80 | (bits & 0x3F));
  }

  /** Puts an escaped byte, and returns the place behind it. */
  private static int putByte(byte[] out, int at, int value) {
    out[at] = '%';
    out[at + 1] = HEX[value >> 4 & 0xF];
    out[at + 2] = HEX[value & 0xF];
    return at + 3;
  }

  /**
   * Returns the text whose escaped form this is.
   *
   * @throws IllegalArgumentException if {@link #escape} never gives this form
   */
  public static String unescape(String escaped) {
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
