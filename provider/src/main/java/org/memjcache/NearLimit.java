// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much a cache may keep in the memory of this process, beside memcached: a number of entries, a
 * number of bytes, or nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class NearLimit implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Nothing is kept. */
  public static final NearLimit NONE = new NearLimit(0, 0);

  /** How many entries; 0 if they are not counted. */
  private final long entries;

  /** How many bytes; 0 if they are not counted. */
  private final long bytes;

  private NearLimit(long entries, long bytes) {
    this.entries = entries;
    this.bytes = bytes;
  }

  /**
   * Returns a limit of so many entries, however large they are.
   *
   * @param entries how many, more than zero
   * @return the limit
   * @throws IllegalArgumentException if it is zero or negative
   */
  public static NearLimit ofEntries(long entries) {
    return new NearLimit(positive(entries), 0);
  }

  /**
   * Returns a limit of so much memory, about, for keys, values and what is known of them.
   *
   * @param bytes how many bytes, more than zero
   * @return the limit
   * @throws IllegalArgumentException if it is zero or negative
   */
  public static NearLimit ofBytes(long bytes) {
    return new NearLimit(0, positive(bytes));
  }

  private static long positive(long count) {
    if (count <= 0) {
      throw new IllegalArgumentException(
          "The limit is " + count + "; expected more than zero, or NearLimit.NONE");
    }
    return count;
  }

  /** {@return how many entries may be kept; 0 if they are not counted} */
  public long entries() {
    return entries;
  }

  /** {@return how many bytes of memory they may take, about; 0 if that is not counted} */
  public long bytes() {
    return bytes;
  }

  /** {@return whether nothing is kept} */
  public boolean isNone() {
    return equals(NONE);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NearLimit limit && entries == limit.entries && bytes == limit.bytes;
  }

  @Override
  public int hashCode() {
    return Objects.hash(entries, bytes);
  }

  /** {@return the limit as the option {@code near} has it} */
  @Override
  public String toString() {
    if (isNone()) {
      return "none";
    }
    return entries > 0 ? Long.toString(entries) : bytes + "B";
  }
}
