// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 blocks, by lz4-java. */
final class Lz4Compressor extends Compressor {

  private final LZ4Compressor compressor;
  private final LZ4SafeDecompressor decompressor;

  Lz4Compressor() {
    LZ4Factory factory = LZ4Factory.fastestInstance();
    this.compressor = factory.fastCompressor();
    this.decompressor = factory.safeDecompressor();
  }

  @Override
  int maxCompressedLength(int length) {
    return compressor.maxCompressedLength(length);
  }

  @Override
  int compress(byte[] in, byte[] out, int at) {
    return compressor.compress(in, 0, in.length, out, at);
  }

  @Override
  boolean decompress(byte[] in, int at, int length, byte[] out) {
    try {
      return decompressor.decompress(in, at, length, out, 0) == out.length;
    } catch (LZ4Exception e) {
      return false;
    }
  }
}
