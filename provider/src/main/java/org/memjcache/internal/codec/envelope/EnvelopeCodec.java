package org.memjcache.internal.codec.envelope;

import java.nio.ByteBuffer;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.CompressedPayload;
import org.memjcache.internal.codec.value.Compressors;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.codec.value.ValueCodecs;
import org.memjcache.internal.config.Compression;
import org.memjcache.internal.config.CompressionRule;
import org.memjcache.internal.namespace.KeyPrefix;

/**
 * Seals values in envelopes, and opens what memcached returns.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A value comes back equal and of the same class, as a new object if it can change.
 *   <li>What is not exactly what was sealed under the same item key opens as null, which is a miss:
 *       items of other programs, unknown formats and encodings, damaged or shortened bytes, bytes
 *       copied from another key, and another entry whose key has the same hash. {@link
 *       DamageCounters} tells which.
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
  private final DamageCounters counters;
  private final CompressionRule compression;

  /**
   * Makes a codec with counters of its own.
   *
   * @param serializer takes the values that have no compact encoding
   */
  public EnvelopeCodec(Serializer serializer) {
    this(serializer, new DamageCounters());
  }

  /**
   * Makes a codec whose envelopes have a checksum.
   *
   * @param serializer takes the values that have no compact encoding
   * @param counters are told why an envelope didn't open
   */
  public EnvelopeCodec(Serializer serializer, DamageCounters counters) {
    this(serializer, counters, UNSIGNED, CompressionRule.NOTHING);
  }

  private EnvelopeCodec(
      Serializer serializer,
      DamageCounters counters,
      EnvelopeFormat format,
      CompressionRule compression) {
    this.serializer = serializer;
    this.counters = counters;
    this.format = format;
    this.compression = compression;
  }

  /**
   * Returns a codec whose envelopes are signed, and which opens no others.
   *
   * @param serializer takes the values that have no compact encoding
   * @param counters are told why an envelope didn't open
   * @param keys sign and check
   * @return the codec
   */
  public static EnvelopeCodec signing(
      Serializer serializer, DamageCounters counters, SigningKeys keys) {
    return new EnvelopeCodec(
        serializer, counters, new EnvelopeFormat(new Signature(keys)), CompressionRule.NOTHING);
  }

  /**
   * Returns a codec that compresses values; one that {@link #EnvelopeCodec} or {@link #signing}
   * made doesn't.
   *
   * @param rule which values, and how
   * @return the codec, with the same counters
   */
  public EnvelopeCodec compressing(CompressionRule rule) {
    return new EnvelopeCodec(serializer, counters, format, rule);
  }

  /**
   * Returns the counters of envelopes that didn't open.
   *
   * @return the counters, which go on counting
   */
  public DamageCounters counters() {
    return counters;
  }

  /**
   * Returns the encoded value, which can be sealed under one item key after the other.
   *
   * @param value the value
   * @return its bytes
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
   * @param payload the encoded value
   * @param deadline in milliseconds since 1970, or {@link #NEVER}
   * @return what to store
   */
  public Envelope seal(ItemKey key, EncodedValue payload, long deadline) {
    return format.write(
        key, payload.compression(), payload.codecId(), ByteBuffer.wrap(payload.bytes()), deadline);
  }

  /**
   * Returns the envelope of a value.
   *
   * @param key the item key under which it will be stored
   * @param value the value
   * @param deadline in milliseconds since 1970, or {@link #NEVER}
   * @return what to store
   * @throws CacheException as {@link #encode} does
   */
  public Envelope seal(ItemKey key, Object value, long deadline) {
    return seal(key, encode(value), deadline);
  }

  /**
   * Opens what was found under an item key.
   *
   * @param key the item key
   * @param flags the client flags of the item
   * @param bytes the value of the item; not copied, and not to be changed any more
   * @return the open envelope, or null if this counts as a miss
   */
  public @Nullable VerifiedEnvelope open(ItemKey key, int flags, byte[] bytes) {
    ByteBuffer rest = check(key.text(), flags, bytes);
    if (rest == null) {
      return null;
    }
    String fullKey = null;
    if (EnvelopeFormat.hasFullKey(flags)) {
      fullKey = EnvelopeFormat.takeFullKey(rest);
    }
    if (!Objects.equals(fullKey, key.fullKey())) {
      if (fullKey == null || key.fullKey() == null) {
        counters.countDamaged(key.text(), "it has no full key, or one where none belongs");
      } else {
        counters.countCollision(key.text());
      }
      return null;
    }
    return finish(key.text(), flags, bytes, rest, null);
  }

  /**
   * Opens what was found under an item key that a key dump listed, where the entry's key is not
   * known beforehand. {@link VerifiedEnvelope#entryText} then gives it.
   *
   * @param prefix the path and versions whose entries are listed
   * @param itemKeyText the key as listed
   * @param flags the client flags of the item
   * @param bytes the value of the item; not copied, and not to be changed any more
   * @return the open envelope, or null if it isn't an entry of this path under these versions
   */
  public @Nullable VerifiedEnvelope openListed(
      KeyPrefix prefix, String itemKeyText, int flags, byte[] bytes) {
    if (!prefix.covers(itemKeyText)) {
      counters.countForeign(itemKeyText, "its key belongs to another namespace or version");
      return null;
    }
    ByteBuffer rest = check(itemKeyText, flags, bytes);
    if (rest == null) {
      return null;
    }
    String entryText = prefix.entryText(itemKeyText);
    if (EnvelopeFormat.hasFullKey(flags)) {
      String fullKey = EnvelopeFormat.takeFullKey(rest);
      if (fullKey == null) {
        counters.countDamaged(itemKeyText, "its full key is cut off");
        return null;
      }
      entryText = prefix.entryTextOfFullKey(fullKey);
      if (entryText == null) {
        counters.countCollision(itemKeyText);
        return null;
      }
    }
    if (!isKeyOf(prefix, itemKeyText, entryText, EnvelopeFormat.hasFullKey(flags))) {
      counters.countDamaged(itemKeyText, "its full key is missing or is not that of its item key");
      return null;
    }
    return finish(itemKeyText, flags, bytes, rest, entryText);
  }

  /** Whether an entry's text leads back to the item key under which it was found. */
  private static boolean isKeyOf(
      KeyPrefix prefix, String itemKeyText, @Nullable String entryText, boolean withFullKey) {
    if (entryText == null || entryText.isEmpty()) {
      return false;
    }
    ItemKey key = prefix.itemKey(new EntryKey(entryText));
    return key.text().equals(itemKeyText) && (key.fullKey() != null) == withFullKey;
  }

  /** Returns what follows the header, or null if flags or seal are wrong. */
  private @Nullable ByteBuffer check(String itemKey, int flags, byte[] bytes) {
    if (!EnvelopeFormat.isOurs(flags)) {
      counters.countForeign(itemKey, "it was not stored by MemJCache");
      return null;
    }
    if (!format.isCurrent(flags)) {
      countOtherFormat(itemKey, flags);
      return null;
    }
    Compression how = Compression.numbered(EnvelopeFormat.compressionOf(flags));
    if (how == null || !ValueCodecs.knows(EnvelopeFormat.encodingOf(flags))) {
      counters.countForeign(itemKey, UNKNOWN);
      return null;
    }
    if (!Compressors.has(how)) {
      counters.countForeign(itemKey, "its value is compressed, but " + how.missing());
      return null;
    }
    if (!format.isIntact(itemKey, flags, bytes)) {
      if (format.isSigned()) {
        counters.countForged(
            itemKey, "its signature is not that of this key and these bytes by any secret given");
      } else {
        counters.countDamaged(itemKey, "its checksum is wrong");
      }
      return null;
    }
    return ByteBuffer.wrap(bytes, format.header(), bytes.length - format.header());
  }

  /**
   * Tells why an item did not open: because no secret of this codec signed it, or else for another
   * reason. Counts nothing.
   *
   * @param itemKey the key under which it was found
   * @param flags the client flags of the item
   * @param bytes the value of the item
   * @return true if it is an envelope without a signature, or one whose signature is wrong; false
   *     if this codec doesn't sign
   */
  public boolean isForged(String itemKey, int flags, byte[] bytes) {
    if (!format.isSigned() || !format.isCurrent(flags)) {
      return isUnsigned(flags);
    }
    Compression how = Compression.numbered(EnvelopeFormat.compressionOf(flags));
    return how != null
        && Compressors.has(how)
        && ValueCodecs.knows(EnvelopeFormat.encodingOf(flags))
        && !format.isIntact(itemKey, flags, bytes);
  }

  private boolean isUnsigned(int flags) {
    return format.isSigned() && EnvelopeFormat.isFormat(Checksum.FORMAT, flags);
  }

  private void countOtherFormat(String itemKey, int flags) {
    if (isUnsigned(flags)) {
      counters.countForged(itemKey, "it has no signature, perhaps of a process without the secret");
    } else if (!format.isSigned() && EnvelopeFormat.isFormat(Signature.FORMAT, flags)) {
      counters.countForeign(itemKey, "it is signed, but this process was given no secret");
    } else {
      counters.countForeign(itemKey, UNKNOWN);
    }
  }

  private @Nullable VerifiedEnvelope finish(
      String itemKey, int flags, byte[] bytes, ByteBuffer payload, @Nullable String entryText) {
    Compression how =
        Objects.requireNonNull(Compression.numbered(EnvelopeFormat.compressionOf(flags)));
    int encoding = EnvelopeFormat.encodingOf(flags);
    int size = payload.remaining();
    if (how != Compression.NONE) {
      size = CompressedPayload.sizeOf(payload);
      if (size > compression.limit()) {
        counters.countDamaged(
            itemKey,
            "its value has "
                + size
                + " bytes uncompressed, and option 'compression.limit' is "
                + compression.limit());
        return null;
      }
    }
    if (size < 0 || !ValueCodecs.accepts(encoding, size)) {
      counters.countDamaged(itemKey, "its length is wrong");
      return null;
    }
    long deadline = ByteBuffer.wrap(bytes).getLong(0);
    return new VerifiedEnvelope(
        format, serializer, itemKey, entryText, deadline, how, encoding, payload);
  }
}
