package org.memjcache.internal.config;

import java.util.Arrays;
import org.memjcache.internal.codec.value.CompressedPayload;
import org.memjcache.internal.codec.value.Compressor;
import org.memjcache.internal.codec.value.Compressors;
import org.memjcache.internal.codec.value.EncodedValue;

/**
 * Which values are compressed, and how.
 *
 * <p>It is for writing. What was compressed is read whatever the rule says, up to {@code limit}.
 *
 * @param compression how
 * @param threshold how many bytes an encoded value must have at least to be compressed
 * @param limit how many bytes a value may have at most, uncompressed: larger ones are stored as
 *     they are, and compressed ones that say so are not read. That bounds what a few hostile bytes
 *     can blow up to
 */
public record CompressionRule(Compression compression, int threshold, int limit) {

  /** The {@code limit} unless an option says otherwise, in bytes: 16 MiB. */
  public static final int DEFAULT_LIMIT = 16 << 20;

  /** The {@code threshold} unless an option says otherwise, in bytes. */
  public static final int DEFAULT_THRESHOLD = 1024;

  /** Nothing is compressed, and the rest is as it is by default. */
  public static final CompressionRule NOTHING =
      new CompressionRule(Compression.NONE, DEFAULT_THRESHOLD, DEFAULT_LIMIT);

  /** Returns the payload, compressed if the rule says so and if that makes it smaller. */
  public EncodedValue apply(EncodedValue payload) {
    int size = payload.size();
    Compressor compressor = Compressors.of(compression);
    if (compressor == null || size < threshold || size > limit) {
      return payload;
    }
    byte[] out = new byte[CompressedPayload.HEADER + compressor.mostBytes(size)];
    int end =
        CompressedPayload.HEADER
            + compressor.compress(payload.bytes(), out, CompressedPayload.HEADER);
    if (end >= size) {
      return payload;
    }
    CompressedPayload.putSize(out, size);
    return new EncodedValue(payload.codecId(), compression, Arrays.copyOf(out, end));
  }
}
