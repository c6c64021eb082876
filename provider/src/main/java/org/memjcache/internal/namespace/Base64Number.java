package org.memjcache.internal.namespace;

/**
 * Numbers in base 64, as short as can be: the digits are those of base64url (RFC 4648, section 5),
 * the most significant first, without leading zeros.
 */
final class Base64Number {

  private static final char[] DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();

  private Base64Number() {}

  /**
   * Appends a number in at most 11 digits.
   *
   * @param number above zero
   */
  static void append(StringBuilder out, long number) {
    int highestBit = 63 - Long.numberOfLeadingZeros(number);
    for (int shift = highestBit / 6 * 6; shift >= 0; shift -= 6) {
      out.append(DIGITS[(int) (number >>> shift) & 63]);
    }
  }
}
