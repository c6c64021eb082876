// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A value that arrives piece by piece.
 *
 * <p>Its length is what the server says. Up to a megabyte is believed; beyond that, memory is taken
 * only for twice of what has come. Not thread-safe.
 */
public final class ValueBuffer {

  /** Memcached's own limit for {@code -I}: a longer value can only be a misread number. */
  private static final int LARGEST_ITEM = 1 << 30;

  /** The longest value that is read: it must not take the memory that everybody else needs. */
  private static final long MAX_LENGTH =
      Math.min(LARGEST_ITEM, Runtime.getRuntime().maxMemory() / 4);

  /**
   * Memory that is taken for a value because a server says that it will be as long. For more, bytes
   * have to come first. It is the size of the largest items unless memcached is told otherwise.
   */
  private static final int FIRST_PART = 1 << 20;

  private final int length;
  private byte[] bytes;
  private int filled;

  private ValueBuffer(int length) {
    this.length = length;
    this.bytes = new byte[Math.min(length, FIRST_PART)];
  }

  /**
   * Returns a value of which nothing has come.
   *
   * @param announced how long the server says that it is, in bytes
   * @param header says what announced it, for the error
   * @throws ProtocolException if it is longer than any that is read
   */
  public static ValueBuffer of(long announced, Supplier<String> header) {
    if (announced > LARGEST_ITEM) {
      throw new ProtocolException(header.get());
    }
    if (announced > MAX_LENGTH) {
      throw new ProtocolException(
          "a value of "
              + announced
              + " bytes, and no more than a quarter of this JVM's memory is given to one: "
              + header.get());
    }
    return new ValueBuffer((int) announced);
  }

  /** Takes what has arrived; true when the value is complete. */
  public boolean fill(ByteBuffer in) {
    while (filled < length && in.hasRemaining()) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * filled));
      }
      int count = Math.min(bytes.length - filled, in.remaining());
      in.get(bytes, filled, count);
      filled += count;
    }
    return filled == length;
  }

  int length() {
    return length;
  }

  /** Returns the value, once it is complete. */
  public byte[] bytes() {
    return bytes;
  }
}
