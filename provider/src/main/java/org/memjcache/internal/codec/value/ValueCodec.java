// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;

/**
 * Turns values into bytes and back: by a compact {@link Encoding} where there is one for exactly
 * their class, else by the serializer; and compresses them if the rule says so.
 *
 * <p>The rule is for writing. What was compressed is read whatever it says, up to its limit.
 *
 * <p>Thread-safe if the serializer is.
 */
public final class ValueCodec {

  /** How many bytes come before those of the compressor. */
  private static final int SIZE_BYTES = EncodedValue.UNCOMPRESSED_SIZE_BYTES;

  private final Serializer serializer;
  private final CompressionRule rule;

  public ValueCodec(Serializer serializer, CompressionRule rule) {
    this.serializer = serializer;
    this.rule = rule;
  }

  /**
   * Returns an encoded value.
   *
   * @throws CacheException if the value can't be serialized or its class isn't allowed; names the
   *     class
   */
  public EncodedValue encode(Object value) {
    EncodedValue encoded = encodeUncompressed(value);
    int size = encoded.size();
    Compressor compressor = Compressor.of(rule.compression());
    if (compressor == null || size < rule.threshold() || size > rule.limit()) {
      return encoded;
    }
    byte[] out = new byte[SIZE_BYTES + compressor.maxCompressedLength(size)];
    int end = SIZE_BYTES + compressor.compress(encoded.array(), out, SIZE_BYTES);
    if (end >= size) {
      return encoded;
    }
    ByteBuffer.wrap(out).putInt(size);
    return new EncodedValue(
        Compressor.numberOf(rule.compression()), encoded.format(), Arrays.copyOf(out, end));
  }

  private EncodedValue encodeUncompressed(Object value) {
    if (value instanceof String text) {
      return TextEncodings.encode(text);
    }
    Encoding<?> encoding = Encodings.of(value.getClass());
    return encoding == null
        ? new EncodedValue(0, Encodings.SERIALIZED, serializer.serialize(value))
        : new EncodedValue(0, encoding.number(), encoding.encode(value));
  }

  /** Returns why values of a format can't be read in this process, or null if they can. */
  public @Nullable String whyUnknown(int format) {
    Compression compression = Compressor.numbered(EncodedValue.compressionOf(format));
    if (compression == null || !Encodings.isKnown(EncodedValue.encodingOf(format))) {
      return "its encoding is unknown, perhaps that of a newer MemJCache";
    }
    String missing = Compressor.whyMissing(compression);
    return missing == null ? null : "its value is compressed, but " + missing;
  }

  /** Returns what is wrong with a value of a known format, as far as its size tells, or null. */
  public @Nullable String whyMalformed(EncodedValue value) {
    int size = value.uncompressedSize();
    if (EncodedValue.compressionOf(value.format()) != 0 && size > rule.limit()) {
      return "its value has "
          + size
          + " bytes uncompressed, and option 'compression.limit' is "
          + rule.limit();
    }
    boolean fits = size >= 0 && Encodings.accepts(EncodedValue.encodingOf(value.format()), size);
    return fits ? null : "its length is wrong";
  }

  /**
   * Returns a new object.
   *
   * @param value of a known format, and not malformed
   * @throws CacheException if its class isn't there, isn't allowed or has changed, or if the bytes
   *     were not made by MemJCache
   */
  public Object decode(EncodedValue value) {
    byte[] bytes = value.array();
    int offset = value.offset();
    int compression = EncodedValue.compressionOf(value.format());
    if (compression != 0) {
      bytes = decompress(compression, value);
      offset = 0;
    }
    Encoding<?> encoding = Encodings.numbered(EncodedValue.encodingOf(value.format()));
    if (encoding == null) {
      return serializer.deserialize(bytes, offset, bytes.length - offset);
    }
    try {
      return encoding.decode(ByteBuffer.wrap(bytes, offset, bytes.length - offset));
    } catch (RuntimeException e) {
      throw new CacheException("Its bytes are not those of a " + encoding.type().getName(), e);
    }
  }

  private static byte[] decompress(int compression, EncodedValue value) {
    Compression how = Compressor.numbered(compression);
    Compressor compressor = how == null ? null : Compressor.of(how);
    byte[] out = new byte[value.uncompressedSize()];
    if (compressor == null
        || !compressor.decompress(
            value.array(), value.offset() + SIZE_BYTES, value.size() - SIZE_BYTES, out)) {
      throw new CacheException("Its compressed bytes are malformed");
    }
    return out;
  }
}
