package org.memjcache;

import java.io.Serializable;

/**
 * How much a cache may keep in the memory of this process, beside memcached: a number of entries, a
 * number of bytes, or nothing.
 *
 * <p>Immutable.
 *
 * @param entries how many entries; 0 if they are not counted
 * @param bytes how much memory they may take, about; 0 if that is not counted
 */
public record NearLimit(long entries, long bytes) implements Serializable {

  /** Nothing is kept. */
  public static final NearLimit NONE = new NearLimit(0, 0);

  /**
   * Creates a limit.
   *
   * @throws IllegalArgumentException if one of them is negative, or both are given
   */
  public NearLimit {
    if (entries < 0 || bytes < 0 || (entries > 0 && bytes > 0)) {
      throw new IllegalArgumentException(
          "The limit is of " + entries + " entries and " + bytes + " bytes; expected one of them");
    }
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

  /** {@return whether nothing is kept} */
  public boolean isNone() {
    return equals(NONE);
  }
}
