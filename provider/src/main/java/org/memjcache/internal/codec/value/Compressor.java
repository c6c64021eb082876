// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.Compression;

/**
 * One compression library. Implementations are the only classes that name the library's, and are
 * loaded only when it is asked for, so that it may be absent.
 *
 * <p>Implementations are thread-safe.
 */
public abstract class Compressor {

  /** Each at the place of its number in the flags of an item, which never changes. */
  private static final List<Compression> BY_NUMBER =
      List.of(Compression.NONE, Compression.LZ4, Compression.ZSTD);

  private static final Map<Compression, Found> FOUND = new ConcurrentHashMap<>();

  Compressor() {}

  /** Returns how many bytes {@link #compress} may need at most for so many bytes. */
  abstract int maxCompressedLength(int length);

  /**
   * Compresses all of {@code in}.
   *
   * @param out has room for {@link #maxCompressedLength} from {@code at} on
   * @return how many bytes it took
   */
  abstract int compress(byte[] in, byte[] out, int at);

  /**
   * Decompresses bytes that are not to be trusted. Writes nothing outside of {@code out}.
   *
   * @return whether the bytes were well-formed and filled {@code out} exactly
   */
  abstract boolean decompress(byte[] in, int at, int length, byte[] out);

  static int numberOf(Compression compression) {
    return BY_NUMBER.indexOf(compression);
  }

  /** Returns the compression with this number, or null. */
  static @Nullable Compression numbered(int number) {
    return number < BY_NUMBER.size() ? BY_NUMBER.get(number) : null;
  }

  /** Returns a compressor; null for {@link Compression#NONE}, and if its library isn't there. */
  static @Nullable Compressor of(Compression compression) {
    return find(compression).compressor;
  }

  /** Returns why values can't be compressed and read in this way, or null if they can. */
  static @Nullable String whyMissing(Compression compression) {
    return find(compression).whyMissing;
  }

  /**
   * Checks that a library is there.
   *
   * @throws CacheException if it isn't, or can't be used on this machine; names it
   */
  public static void require(Compression compression) {
    String why = whyMissing(compression);
    if (why != null) {
      throw new CacheException(
          "Option 'compression' is "
              + compression.name().toLowerCase(Locale.ROOT)
              + ", but "
              + why
              + ". Add it, or choose another compression: none, lz4 or zstd",
          failure(compression));
    }
  }

  private static Found find(Compression compression) {
    return FOUND.computeIfAbsent(compression, Compressor::load);
  }

  private static Found load(Compression compression) {
    try {
      return new Found(create(compression), null);
    } catch (LinkageError | RuntimeException e) { // no class, or no code for this machine
      String library =
          compression == Compression.LZ4 ? "at.yawk.lz4:lz4-java" : "com.github.luben:zstd-jni";
      return new Found(
          null,
          "the library " + library + " is not on the class path, or doesn't work on this machine");
    }
  }

  private static @Nullable Compressor create(Compression compression) {
    return switch (compression) {
      case NONE -> null;
      case LZ4 -> new Lz4Compressor();
      case ZSTD -> new ZstdCompressor();
    };
  }

  /** Tries once more, because an exception that is kept would keep class loaders, too. */
  private static @Nullable Throwable failure(Compression compression) {
    try {
      create(compression);
      return null;
    } catch (LinkageError | RuntimeException e) {
      return e;
    }
  }

  /** A compressor, or why there is none. */
  private record Found(@Nullable Compressor compressor, @Nullable String whyMissing) {}
}
