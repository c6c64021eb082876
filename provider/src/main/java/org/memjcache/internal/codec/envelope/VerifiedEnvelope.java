package org.memjcache.internal.codec.envelope;

import java.nio.ByteBuffer;
import javax.cache.CacheException;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.CompressedPayload;
import org.memjcache.internal.codec.value.Compressor;
import org.memjcache.internal.codec.value.Compressors;
import org.memjcache.internal.codec.value.ValueCodecs;
import org.memjcache.internal.config.Compression;

/**
 * An envelope that was found intact and belongs to the key it was asked for.
 *
 * <p>Immutable and thread-safe if the serializer is.
 */
public final class VerifiedEnvelope implements OpenedEnvelope {

  private final EnvelopeFormat format;
  private final Serializer serializer;
  private final ItemKey key;
  private final long deadline;
  private final Compression compression;
  private final int encoding;
  private final ByteBuffer payload;

  VerifiedEnvelope(
      EnvelopeFormat format,
      Serializer serializer,
      ItemKey key,
      long deadline,
      Compression compression,
      int encoding,
      ByteBuffer payload) {
    this.format = format;
    this.serializer = serializer;
    this.key = key;
    this.deadline = deadline;
    this.compression = compression;
    this.encoding = encoding;
    this.payload = payload;
  }

  /**
   * Returns when the entry expires.
   *
   * @return milliseconds since 1970, or {@link EnvelopeCodec#NEVER}
   */
  public long deadline() {
    return deadline;
  }

  /** Returns the item key that it was found under, with the full key that it carries. */
  public ItemKey key() {
    return key;
  }

  /**
   * Returns the value, decoded anew on each call: caches store by value, so no two callers share an
   * object that can change.
   *
   * @return the value
   * @throws CacheException if its class isn't there, isn't allowed or has changed, or if the bytes
   *     were not made by MemJCache although the checksum is right; names the item key
   */
  public Object value() {
    try {
      return ValueCodecs.decode(encoding, uncompressed(), serializer);
    } catch (CacheException e) {
      throw new CacheException(
          "The value of item " + key.text() + " can't be read: " + e.getMessage(), e);
    }
  }

  private ByteBuffer uncompressed() {
    Compressor compressor = Compressors.of(compression);
    return compressor == null
        ? payload.duplicate()
        : CompressedPayload.decompress(compressor, payload);
  }

  /**
   * Returns an envelope with the same value and another deadline, without decoding the value.
   *
   * @param newKey the item key under which it will be stored
   * @param newDeadline in milliseconds since 1970, or {@link EnvelopeCodec#NEVER}
   * @return what to store
   */
  public Envelope resealed(ItemKey newKey, long newDeadline) {
    return format.write(newKey, compression, encoding, payload.duplicate(), newDeadline);
  }
}
