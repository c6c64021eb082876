// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import java.nio.ByteBuffer;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.codec.value.ValueCodec;

/**
 * Seals values in envelopes, and opens what memcached returns.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A value comes back equal and of the same class, as a new object if it can change.
 *   <li>What is not exactly what was sealed under the same item key and versions doesn't open:
 *       items of other programs, unknown formats and encodings, damaged or shortened bytes, bytes
 *       copied from another key, another entry whose key has the same hash, and the entry under
 *       other versions with the same token. The first of each kind is logged.
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
  private final ValueCodec values;
  private final UnreadableItemLog log = new UnreadableItemLog();

  private EnvelopeCodec(ValueCodec values, EnvelopeFormat format) {
    this.values = values;
    this.format = format;
  }

  /** Creates a codec whose envelopes have a checksum. */
  public EnvelopeCodec(ValueCodec values) {
    this(values, UNSIGNED);
  }

  /** Creates a codec whose envelopes are signed, and which opens no others. */
  public EnvelopeCodec(ValueCodec values, SigningKeys keys) {
    this(values, new EnvelopeFormat(keys));
  }

  /**
   * Returns the encoded value, which can be sealed under one item key after the other.
   *
   * @throws CacheException if the value can't be serialized or its class isn't allowed; names the
   *     class
   */
  public EncodedValue encode(Object value) {
    return values.encode(value);
  }

  /** Returns the value that was encoded, a new object on each call if it can change. */
  public Object decode(EncodedValue value) {
    return values.decode(value);
  }

  /**
   * Returns the envelope of a value.
   *
   * @param key the item key under which it will be stored
   * @param deadline in milliseconds since 1970, or {@link #NEVER}
   */
  public Envelope seal(ItemKey key, EncodedValue value, long deadline) {
    return format.write(key, value, deadline);
  }

  /**
   * Opens what was found under an item key.
   *
   * @param flags the client flags of the item
   * @param bytes the value of the item; not copied, and not to be changed any more
   */
  public OpenedEnvelope open(ItemKey key, int flags, byte[] bytes) {
    return open(key, true, flags, bytes);
  }

  /**
   * Opens what was found under an item key that a key dump listed. {@link VerifiedEnvelope#key}
   * then has the full key that was found in the envelope, if any; to which entry it belongs is for
   * the caller to judge.
   *
   * @param listed without a full key
   * @param flags the client flags of the item
   * @param bytes the value of the item; not copied, and not to be changed any more
   */
  public OpenedEnvelope openListed(ItemKey listed, int flags, byte[] bytes) {
    return open(listed, false, flags, bytes);
  }

  /**
   * Returns the full key that an item seems to carry, whatever it was signed with. Neither it nor
   * the item is checked: only a full key that has the hashes of the item key is that of the item.
   *
   * @return null if it carries none
   */
  public static @Nullable String uncheckedFullKey(int flags, byte[] bytes) {
    return EnvelopeFormat.uncheckedFullKey(flags, bytes);
  }

  /** Logs an item, if it is the first, that a key dump listed and whose key is no entry's. */
  public void logUnreadableKey(String itemKey, String why) {
    log.warn("has a key that can't be read", "", itemKey, why);
  }

  /** Logs a value that can't be read, if it is the first for this reason. */
  public void logUnreadableValue(String itemKey, String reason, String hint) {
    log.warn("has a value that can't be read", reason, itemKey, reason + hint);
  }

  /** Opens an item, whose full key has to be that of its item key, unless it was only listed. */
  private OpenedEnvelope open(ItemKey key, boolean isWhole, int flags, byte[] bytes) {
    String itemKey = key.text();
    if (!EnvelopeFormat.isOurs(flags)) {
      return refuse(UnreadableEnvelope.FOREIGN, itemKey, "it was not stored by MemJCache");
    }
    if (!format.isCurrent(flags)) {
      return refuseFormat(itemKey, flags);
    }
    int valueFormat = flags & EncodedValue.FORMAT_MASK;
    String unknown = values.whyUnknown(valueFormat);
    if (unknown != null) {
      return refuse(UnreadableEnvelope.FOREIGN, itemKey, unknown);
    }
    if (!format.isIntact(key, flags, bytes)) {
      return format.isSigned()
          ? refuse(
              UnreadableEnvelope.FORGED,
              itemKey,
              "its signature doesn't match its key and content under any configured secret")
          : refuse(UnreadableEnvelope.DAMAGED, itemKey, "its checksum is wrong");
    }
    ByteBuffer rest = format.afterHeader(flags, bytes);
    String fullKey = null;
    if (EnvelopeFormat.hasFullKey(flags)) {
      fullKey = EnvelopeFormat.takeFullKey(rest);
      if (fullKey == null) {
        return refuse(UnreadableEnvelope.DAMAGED, itemKey, "its full key is cut off");
      }
    }
    if (isWhole && !Objects.equals(fullKey, key.fullKey())) {
      return fullKey == null || key.fullKey() == null
          ? refuse(
              UnreadableEnvelope.DAMAGED, itemKey, "it has no full key, or one where none belongs")
          : refuse(
              UnreadableEnvelope.COLLISION,
              itemKey,
              "its full key is another one, with the same hash");
    }
    EncodedValue value = new EncodedValue(valueFormat, bytes, rest.position());
    String malformed = values.whyMalformed(value);
    if (malformed != null) {
      return refuse(UnreadableEnvelope.DAMAGED, itemKey, malformed);
    }
    ItemKey found = isWhole ? key : new ItemKey(itemKey, fullKey, key.prefix());
    return new VerifiedEnvelope(this, found, EnvelopeFormat.deadline(flags, bytes), value);
  }

  private UnreadableEnvelope refuse(UnreadableEnvelope reason, String itemKey, String why) {
    log.warn(reason.description(), "", itemKey, why);
    return reason;
  }

  private UnreadableEnvelope refuseFormat(String itemKey, int flags) {
    if (format.isSigned() && EnvelopeFormat.isFormat(Checksum.FORMAT, flags)) {
      return refuse(
          UnreadableEnvelope.FORGED,
          itemKey,
          "it has no signature, perhaps of a process without the secret");
    }
    boolean isSigned = !format.isSigned() && EnvelopeFormat.isFormat(SigningKeys.FORMAT, flags);
    return refuse(
        UnreadableEnvelope.FOREIGN,
        itemKey,
        isSigned ? "it is signed, but this process was given no secret" : UNKNOWN);
  }
}
