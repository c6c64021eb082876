// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the lines of answers from a buffer that may hold only a part of them. Stateless.
 *
 * <p>Every line of memcached's text protocol ends with CR LF. All methods work on absolute
 * positions and leave the buffer's position alone unless they say otherwise.
 */
public final class ResponseLines {

  /**
   * The longest line that is accepted, in bytes. {@code VALUE} with the longest key and the largest
   * numbers has about 320.
   */
  public static final int MAX_LINE = 2048;

  private static final int LONGEST_SHOWN = 250;

  private ResponseLines() {}

  /**
   * Returns the position of the LF that ends the line starting at the buffer's position, or -1 if
   * it has not arrived yet.
   *
   * @throws ProtocolException if the line is too long, or ends without a CR
   */
  public static int endOfLine(ByteBuffer in) {
    return endOfLine(in, in.position());
  }

  /**
   * Does the same for a line of which the part before {@code from} is known to have no LF.
   *
   * @throws ProtocolException if the line is too long, or ends without a CR
   */
  static int endOfLine(ByteBuffer in, int from) {
    int start = in.position();
    int limit = in.limit();
    for (int i = from; i < limit; i++) {
      if (in.get(i) == '\n') {
        if (i - start > MAX_LINE) {
          break;
        }
        if (i == start || in.get(i - 1) != '\r') {
          throw new ProtocolException("a line that ends without CR: " + excerpt(in, i));
        }
        return i;
      }
    }
    if (limit - start > MAX_LINE) {
      throw new ProtocolException(
          "a line of more than " + MAX_LINE + " bytes: " + excerpt(in, limit));
    }
    return -1;
  }

  /** Returns whether the line from the buffer's position to the LF at {@code end} is this text. */
  static boolean is(ByteBuffer in, int end, byte[] text) {
    return end - 1 - in.position() == text.length && startsWith(in, end, text);
  }

  /** Returns whether the line from the buffer's position to the LF at {@code end} starts so. */
  public static boolean startsWith(ByteBuffer in, int end, byte[] text) {
    int start = in.position();
    if (end - 1 - start < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (in.get(start + i) != text[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the line from the buffer's position to the LF at {@code end}, without CR LF, with a dot
   * for what can't be printed.
   */
  static String line(ByteBuffer in, int end) {
    byte[] text = new byte[end - 1 - in.position()];
    in.get(in.position(), text);
    return printable(new String(text, StandardCharsets.ISO_8859_1));
  }

  /**
   * Returns a text of a server's for a message: at most 250 characters, with a dot for what can't
   * be printed, so that no server writes lines into somebody's log.
   */
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), LONGEST_SHOWN); i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c < 0x7f ? c : '.');
    }
    return shown.append(text.length() > LONGEST_SHOWN ? "..." : "").toString();
  }

  /**
   * Returns the unsigned decimal number in [from, to).
   *
   * @param digits the most digits to accept, at most 20
   * @throws ProtocolException if it is no number, or doesn't fit into 64 bits
   */
  static long unsigned(ByteBuffer in, int from, int to, int digits) {
    if (to <= from || to - from > digits) {
      throw new ProtocolException("no number of 1 to " + digits + " digits in: " + excerpt(in, to));
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = in.get(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new ProtocolException("no number in: " + excerpt(in, to));
      }
      if (i - from == 19
          && Long.compareUnsigned(number, Long.divideUnsigned(-1L - digit, 10)) > 0) {
        throw new ProtocolException("a number above 64 bits in: " + excerpt(in, to));
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Returns the start of the line at the buffer's position for a message, at most 80 bytes. */
  public static String excerpt(ByteBuffer in, int end) {
    int start = in.position();
    int count = Math.max(0, Math.min(end - start, 80));
    StringBuilder text = new StringBuilder("'");
    for (int i = 0; i < count; i++) {
      char c = (char) (in.get(start + i) & 0xff);
      text.append(c >= ' ' && c < 0x7f ? c : '.');
    }
    return text.append(end - start > count ? "'..." : "'").toString();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
