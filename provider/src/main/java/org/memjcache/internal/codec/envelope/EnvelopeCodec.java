package org.memjcache.internal.codec.envelope;

import java.nio.ByteBuffer;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.CompressedPayload;
import org.memjcache.internal.codec.value.Compressors;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.codec.value.ValueCodecs;
import org.memjcache.internal.config.Compression;
import org.memjcache.internal.config.CompressionRule;

/**
 * Seals values in envelopes, and opens what memcached returns.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A value comes back equal and of the same class, as a new object if it can change.
 *   <li>What is not exactly what was sealed under the same item key doesn't open: items of other
 *       programs, unknown formats and encodings, damaged or shortened bytes, bytes copied from
 *       another key, and another entry whose key has the same hash. The first of each kind is
 *       logged.
 *   <li>No value is decoded before it is asked for.
 * </ul>
 *
 * <p>A deadline is in milliseconds since 1970. This class carries it and doesn't judge it. For
 * "never", use {@link #NEVER}.
 *
 * <p>Thread-safe if the serializer is.
 */
public final class EnvelopeCodec {

  /** The deadline of entries that don't expire. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final String UNKNOWN = "its format is unknown, perhaps that of a newer MemJCache";

  private static final EnvelopeFormat UNSIGNED = new EnvelopeFormat(Checksum.CRC32C);

  private final EnvelopeFormat format;
  private final Serializer serializer;
  private final CompressionRule compression;
  private final UnreadableItemLog log = new UnreadableItemLog();

  /** Creates a codec whose envelopes have a checksum and whose values are not compressed. */
  public EnvelopeCodec(Serializer serializer) {
    this(serializer, UNSIGNED, CompressionRule.NOTHING);
  }

  private EnvelopeCodec(Serializer serializer, EnvelopeFormat format, CompressionRule compression) {
    this.serializer = serializer;
    this.format = format;
    this.compression = compression;
  }

  /** Returns a codec like this one whose envelopes are signed, and which opens no others. */
  public EnvelopeCodec signing(SigningKeys keys) {
    return new EnvelopeCodec(serializer, new EnvelopeFormat(new Signature(keys)), compression);
  }

  /** Returns a codec like this one that compresses values. */
  public EnvelopeCodec compressing(CompressionRule rule) {
    return new EnvelopeCodec(serializer, format, rule);
  }

  /**
   * Returns the encoded value, which can be sealed under one item key after the other.
   *
   * @throws CacheException if the value can't be serialized or its class isn't allowed; names the
   *     class
   */
  public EncodedValue encode(Object value) {
    return compression.apply(ValueCodecs.encode(value, serializer));
  }

  /**
   * Returns the envelope of a value.
   *
   * @param key the item key under which it will be stored
   * @param deadline in milliseconds since 1970, or {@link #NEVER}
   */
  public Envelope seal(ItemKey key, EncodedValue payload, long deadline) {
    return format.write(
        key, payload.compression(), payload.codecId(), ByteBuffer.wrap(payload.bytes()), deadline);
  }

  /**
   * Returns the envelope of a value.
   *
   * @param key the item key under which it will be stored
   * @param deadline in milliseconds since 1970, or {@link #NEVER}
   * @throws CacheException as {@link #encode} does
   */
  public Envelope seal(ItemKey key, Object value, long deadline) {
    return seal(key, encode(value), deadline);
  }

  /**
   * Opens what was found under an item key.
   *
   * @param flags the client flags of the item
   * @param bytes the value of the item; not copied, and not to be changed any more
   */
  public OpenedEnvelope open(ItemKey key, int flags, byte[] bytes) {
    return open(key.text(), key, flags, bytes);
  }

  /**
   * Opens what was found under an item key that a key dump listed. {@link VerifiedEnvelope#key}
   * then has the full key that was found in the envelope, if any; to which entry it belongs is for
   * the caller to judge.
   *
   * @param flags the client flags of the item
   * @param bytes the value of the item; not copied, and not to be changed any more
   */
  public OpenedEnvelope openListed(String itemKey, int flags, byte[] bytes) {
    return open(itemKey, null, flags, bytes);
  }

  /** Logs an item, if it is the first, that a key dump listed and whose key is no entry's. */
  public void logUnreadableKey(String itemKey, String why) {
    log.warn("has a key that can't be read", itemKey, why);
  }

  private OpenedEnvelope open(String itemKey, @Nullable ItemKey expected, int flags, byte[] bytes) {
    if (!EnvelopeFormat.isOurs(flags)) {
      return refuse(UnreadableEnvelope.FOREIGN, itemKey, "it was not stored by MemJCache");
    }
    if (!format.isCurrent(flags)) {
      return refuseFormat(itemKey, flags);
    }
    Compression how = Compression.numbered(EnvelopeFormat.compressionOf(flags));
    int encoding = EnvelopeFormat.encodingOf(flags);
    if (how == null || !ValueCodecs.knows(encoding)) {
      return refuse(UnreadableEnvelope.FOREIGN, itemKey, UNKNOWN);
    }
    if (!Compressors.has(how)) {
      return refuse(
          UnreadableEnvelope.FOREIGN, itemKey, "its value is compressed, but " + how.missing());
    }
    if (!format.isIntact(itemKey, flags, bytes)) {
      return format.isSigned()
          ? refuse(
              UnreadableEnvelope.FORGED,
              itemKey,
              "its signature is not that of this key and these bytes by any secret given")
          : refuse(UnreadableEnvelope.DAMAGED, itemKey, "its checksum is wrong");
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, format.header(), bytes.length - format.header());
    String fullKey = null;
    if (EnvelopeFormat.hasFullKey(flags)) {
      fullKey = EnvelopeFormat.takeFullKey(rest);
      if (fullKey == null) {
        return refuse(UnreadableEnvelope.DAMAGED, itemKey, "its full key is cut off");
      }
    }
    if (expected != null && !Objects.equals(fullKey, expected.fullKey())) {
      return fullKey == null || expected.fullKey() == null
          ? refuse(
              UnreadableEnvelope.DAMAGED, itemKey, "it has no full key, or one where none belongs")
          : refuse(
              UnreadableEnvelope.COLLISION,
              itemKey,
              "its full key is another one, with the same hash");
    }
    String malformed = malformed(how, encoding, rest);
    if (malformed != null) {
      return refuse(UnreadableEnvelope.DAMAGED, itemKey, malformed);
    }
    return new VerifiedEnvelope(
        format,
        serializer,
        expected == null ? new ItemKey(itemKey, fullKey) : expected,
        ByteBuffer.wrap(bytes).getLong(0),
        how,
        encoding,
        rest);
  }

  private UnreadableEnvelope refuse(UnreadableEnvelope reason, String itemKey, String why) {
    log.warn(reason.description, itemKey, why);
    return reason;
  }

  private UnreadableEnvelope refuseFormat(String itemKey, int flags) {
    if (format.isSigned() && EnvelopeFormat.isFormat(Checksum.FORMAT, flags)) {
      return refuse(
          UnreadableEnvelope.FORGED,
          itemKey,
          "it has no signature, perhaps of a process without the secret");
    }
    boolean isSigned = !format.isSigned() && EnvelopeFormat.isFormat(Signature.FORMAT, flags);
    return refuse(
        UnreadableEnvelope.FOREIGN,
        itemKey,
        isSigned ? "it is signed, but this process was given no secret" : UNKNOWN);
  }

  /** Returns what is wrong with a payload, as far as its length tells, or null. */
  private @Nullable String malformed(Compression how, int encoding, ByteBuffer payload) {
    int size = payload.remaining();
    if (how != Compression.NONE) {
      size = CompressedPayload.sizeOf(payload);
      if (size > compression.limit()) {
        return "its value has "
            + size
            + " bytes uncompressed, and option 'compression.limit' is "
            + compression.limit();
      }
    }
    return size < 0 || !ValueCodecs.accepts(encoding, size) ? "its length is wrong" : null;
  }
}
