package org.memjcache.internal.codec.value;

import java.nio.ByteBuffer;
import javax.cache.CacheException;

/**
 * The form of a payload that is compressed: how many bytes it has when it isn't, as a number of 4
 * bytes, and then what the {@link Compressor} made of them.
 */
public final class CompressedPayload {

  /** How many bytes come before those of the compressor. */
  public static final int HEADER = Integer.BYTES;

  private CompressedPayload() {}

  public static void putSize(byte[] out, int size) {
    ByteBuffer.wrap(out).putInt(size);
  }

  /** Returns how many bytes it says to have when uncompressed; below zero if that can't be. */
  public static int sizeOf(ByteBuffer payload) {
    return payload.remaining() < HEADER ? -1 : payload.getInt(payload.position());
  }

  /**
   * Returns the payload as it was before.
   *
   * @param payload with a size that was found to be fit
   * @throws CacheException if the bytes are malformed
   */
  public static ByteBuffer decompress(Compressor compressor, ByteBuffer payload) {
    byte[] out = new byte[sizeOf(payload)];
    boolean wellFormed =
        compressor.decompress(
            payload.array(),
            payload.arrayOffset() + payload.position() + HEADER,
            payload.remaining() - HEADER,
            out);
    if (!wellFormed) {
      throw new CacheException("Its compressed bytes are malformed");
    }
    return ByteBuffer.wrap(out);
  }
}
