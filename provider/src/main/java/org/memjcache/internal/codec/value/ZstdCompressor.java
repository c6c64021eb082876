// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import javax.cache.CacheException;

/** Zstandard frames (RFC 8878), by zstd-jni. */
final class ZstdCompressor extends Compressor {

  private final int level = Zstd.defaultCompressionLevel();

  @Override
  int maxCompressedLength(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  @Override
  int compress(byte[] in, byte[] out, int at) {
    long size = Zstd.compressByteArray(out, at, out.length - at, in, 0, in.length, level);
    if (Zstd.isError(size)) {
      throw new CacheException("Zstandard can't compress a value: " + Zstd.getErrorName(size));
    }
    return (int) size;
  }

  @Override
  boolean decompress(byte[] in, int at, int length, byte[] out) {
    try {
      return Zstd.decompressByteArray(out, 0, out.length, in, at, length) == out.length;
    } catch (ZstdException e) {
      return false;
    }
  }
}
