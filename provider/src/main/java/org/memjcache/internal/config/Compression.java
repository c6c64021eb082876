package org.memjcache.internal.config;

import java.util.Locale;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.value.Compressors;

/**
 * How large values are made smaller. Each way needs a library, which a program that wants it brings
 * itself.
 */
public enum Compression {

  /** Not at all. */
  NONE(0, ""),

  /** LZ4: fast. */
  LZ4(1, "at.yawk.lz4:lz4-java"),

  /** Zstandard: small. */
  ZSTD(2, "com.github.luben:zstd-jni");

  private final int number;
  private final String library;

  Compression(int number, String library) {
    this.number = number;
    this.library = library;
  }

  /**
   * Checks that the library is there.
   *
   * @throws CacheException if it isn't, or can't be used on this machine; names it
   */
  public void require() {
    if (!Compressors.has(this)) {
      throw new CacheException(
          "Option 'compression' is "
              + name().toLowerCase(Locale.ROOT)
              + ", but "
              + missing()
              + ". Add it, or choose another compression: none, lz4 or zstd",
          Compressors.whyNot(this));
    }
  }

  /** Returns the compression with this number, or null. */
  public static @Nullable Compression numbered(int number) {
    return switch (number) {
      case 0 -> NONE;
      case 1 -> LZ4;
      case 2 -> ZSTD;
      default -> null;
    };
  }

  /** Returns the number in the flags of an envelope. */
  public int number() {
    return number;
  }

  /** Returns what to say if the library isn't there. */
  public String missing() {
    return "the library " + library + " is not on the class path, or doesn't work on this machine";
  }
}
