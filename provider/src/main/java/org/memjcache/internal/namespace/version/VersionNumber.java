// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace.version;

import java.nio.charset.StandardCharsets;
import org.memjcache.NotAVersionException;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.common.VersionTime;

/**
 * The text of a version in memcached: 19 decimal digits, so that an increment happens in place and
 * anything else is recognised as no version.
 */
public final class VersionNumber {

  private static final int DIGITS = 19;

  /** How much of something else is quoted in errors. */
  private static final int MAX_QUOTE = 40;

  private VersionNumber() {}

  public static byte[] encode(long version) {
    return Long.toString(version).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns the version that the item under a level's version key holds.
   *
   * @param level its name, for the error
   */
  public static long decode(String level, String versionKey, Item item) {
    long number = parse(item.data());
    if (!VersionTime.isPossible(number)) {
      throw new NotAVersionException(level, versionKey, describe(item.data()));
    }
    return number;
  }

  /** Returns the version that an item holds, 0 if it holds none. */
  public static long read(Item item) {
    long number = parse(item.data());
    return VersionTime.isPossible(number) ? number : 0;
  }

  /** Returns the number that an increment made, unsigned, if it can be a version. */
  public static long check(String level, String versionKey, long answer) {
    if (!VersionTime.isPossible(answer)) {
      throw new NotAVersionException(level, versionKey, Long.toUnsignedString(answer));
    }
    return answer;
  }

  private static long parse(byte[] data) {
    if (data.length != DIGITS) {
      return -1;
    }
    long number = 0;
    for (byte b : data) {
      if (b < '0' || b > '9') {
        return -1;
      }
      number = number * 10 + (b - '0');
    }
    return number; // above 2^63 it has wrapped to a negative number
  }

  private static String describe(byte[] data) {
    boolean readable = data.length <= MAX_QUOTE;
    for (byte b : data) {
      readable &= b >= ' ' && b < 0x7f;
    }
    return readable
        ? "'" + new String(data, StandardCharsets.US_ASCII) + "'"
        : data.length + " bytes";
  }
}
