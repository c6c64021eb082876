// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An encoded value, on its way to memcached or back.
 *
 * <p>Its format is kept in the flags of the item:
 *
 * <pre>
 * 11      0, free for the envelope
 * 10..8   compression, 0: none, 1: LZ4, 2: Zstandard
 * 7       0, free for the envelope
 * 6..0    number of the {@link Encoding}, or 1: written by the serializer
 * </pre>
 *
 * <p>A compressed value is the number of its bytes when uncompressed, in 4 bytes, then what the
 * {@link Compressor} made of them.
 *
 * <p>Immutable as long as the array isn't changed, which is not copied; so thread-safe.
 */
public final class EncodedValue {

  /** The bits of an item's flags that hold the format. */
  public static final int FORMAT_MASK = 0x77F;

  static final int MAX_ENCODING = 0x7F;

  /** How many bytes of a compressed value say how large it is when uncompressed. */
  static final int UNCOMPRESSED_SIZE_BYTES = Integer.BYTES;

  private static final int COMPRESSION_SHIFT = 8;

  private final int format;
  private final byte[] array;
  private final int offset;

  /**
   * Creates a value from what an item holds.
   *
   * @param format may be unknown
   * @param array holds the value from {@code offset} to its end
   */
  public EncodedValue(int format, byte[] array, int offset) {
    this.format = format;
    this.array = array;
    this.offset = offset;
  }

  EncodedValue(int compression, int encoding, byte[] array) {
    this(compression << COMPRESSION_SHIFT | encoding, array, 0);
  }

  /** Returns a value that nobody can change who has the array of this one. */
  public EncodedValue copy() {
    return new EncodedValue(format, Arrays.copyOfRange(array, offset, array.length), 0);
  }

  /** Returns whether another one would be decoded to an equal value, as it has the same bytes. */
  public boolean isSameAs(EncodedValue other) {
    return format == other.format
        && Arrays.equals(
            array, offset, array.length, other.array, other.offset, other.array.length);
  }

  static int encodingOf(int format) {
    return format & MAX_ENCODING;
  }

  static int compressionOf(int format) {
    return format >>> COMPRESSION_SHIFT;
  }

  public int format() {
    return format;
  }

  /** Returns the array that holds the value, from {@link #offset} to its end; not to be changed. */
  public byte[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  /** Returns how many bytes the value takes as it is stored, without its envelope. */
  public int size() {
    return array.length - offset;
  }

  /** Returns how many bytes the value takes uncompressed, -1 if it is too short to say so. */
  public int uncompressedSize() {
    if (compressionOf(format) == 0) {
      return size();
    }
    return size() < UNCOMPRESSED_SIZE_BYTES ? -1 : ByteBuffer.wrap(array).getInt(offset);
  }
}
