package org.memjcache.internal.codec.value;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.Compression;

/**
 * The compression libraries that are there, each looked for when it is first asked for.
 *
 * <p>Thread-safe.
 */
public final class Compressors {

  private Compressors() {}

  /** Returns a compressor; null for {@link Compression#NONE}, and if its library isn't there. */
  public static @Nullable Compressor of(Compression compression) {
    return found(compression).compressor;
  }

  /** Tells whether values can be compressed and read in this way. */
  public static boolean has(Compression compression) {
    return compression == Compression.NONE || of(compression) != null;
  }

  /** Returns what happened when a library was looked for that isn't there. */
  public static @Nullable Throwable whyNot(Compression compression) {
    return found(compression).reason;
  }

  private static Found found(Compression compression) {
    return switch (compression) {
      case NONE -> Found.NOTHING;
      case LZ4 -> Lz4.FOUND;
      case ZSTD -> Zstd.FOUND;
    };
  }

  /** A compressor, or why there is none. */
  private record Found(@Nullable Compressor compressor, @Nullable Throwable reason) {
    static final Found NOTHING = new Found(null, null);

    static Found in(Supplier<Compressor> library) {
      try {
        return new Found(library.get(), null);
      } catch (LinkageError | RuntimeException e) { // no class, or no code for this machine
        return new Found(null, e);
      }
    }
  }

  private static final class Lz4 {
    static final Found FOUND = Found.in(() -> new Lz4Compressor());
  }

  private static final class Zstd {
    static final Found FOUND = Found.in(() -> new ZstdCompressor());
  }
}
