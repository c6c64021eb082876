// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What follows a common prefix of item keys, packed into one array: a byte for the length, then the
 * ASCII characters. As texts in a set they would take six times as much memory.
 *
 * <p>Not thread-safe.
 */
final class PackedKeys {

  /** What an object of this class and its array take besides the keys, in bytes. */
  private static final int OVERHEAD = 40;

  private static final int FIRST_CAPACITY = 64;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int used;

  /** Adds what follows {@code from} in a key, whether or not it is there already. */
  void add(String key, int from) {
    int length = key.length() - from;
    if (used + 1 + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(used + 1 + length, bytes.length * 3 / 2));
    }
    bytes[used++] = (byte) length;
    for (int i = from; i < key.length(); i++) {
      bytes[used++] = (byte) key.charAt(i);
    }
  }

  /** Returns how much memory is taken, in bytes. */
  int size() {
    return OVERHEAD + bytes.length;
  }

  /** Returns the keys as they were added, each once, with their prefix. */
  Set<String> unpack(String prefix) {
    Set<String> keys = new LinkedHashSet<>();
    StringBuilder key = new StringBuilder(prefix);
    for (int i = 0; i < used; ) {
      int end = i + 1 + Byte.toUnsignedInt(bytes[i++]);
      key.setLength(prefix.length());
      while (i < end) {
        key.append((char) bytes[i++]);
      }
      keys.add(key.toString());
    }
    return keys;
  }
}
