// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

/**
 * An item that a server lists in a dump, as it was at that moment ({@code protocol.txt}, "LRU
 * Crawler"). What is not asked for is not parsed.
 *
 * @param key decoded, as a request would name it
 * @param line what the server said of the item, {@code key=<key> exp=<time> la=<time> ...}
 */
public record DumpedItem(String key, String line) {

  /** Returns how many bytes the item takes: key, value and header; 0 if the server doesn't tell. */
  public long size() {
    return number(" size=", 0);
  }

  /**
   * Returns when the item was stored or last read, in seconds since 1970 by the server's clock; 0
   * if the server doesn't tell. memcached takes note of a read only if the last one is a minute
   * ago.
   */
  public long lastUse() {
    return number(" la=", 0);
  }

  private long number(String field, long otherwise) {
    int start = line.indexOf(field);
    int end = start + field.length();
    while (start >= 0 && end < line.length() && isDigit(line.charAt(end))) {
      end++;
    }
    int digits = end - start - field.length();
    return start < 0 || digits == 0 || digits > 18
        ? otherwise
        : Long.parseLong(line, start + field.length(), end, 10);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
