package org.memjcache.internal.codec.value;

/**
 * One compression library. Implementations are the only classes that name the library's, and are
 * loaded only when it is asked for, so that it may be absent.
 *
 * <p>Implementations are thread-safe.
 */
public interface Compressor {

  /** Returns how many bytes {@link #compress} may need at most for so many bytes. */
  int mostBytes(int length);

  /**
   * Compresses all of {@code in}.
   *
   * @param out where to, with room for {@link #mostBytes} from {@code at} on
   * @return how many bytes it took
   */
  int compress(byte[] in, byte[] out, int at);

  /**
   * Decompresses bytes that are not to be trusted. Writes nothing outside of {@code out}.
   *
   * @return whether the bytes were well-formed and filled {@code out} exactly
   */
  boolean decompress(byte[] in, int at, int length, byte[] out);
}
