// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import javax.cache.CacheException;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;

/**
 * An envelope that was found intact and belongs to the key it was asked for.
 *
 * <p>Immutable and thread-safe if the serializer is.
 */
public final class VerifiedEnvelope implements OpenedEnvelope {

  private final EnvelopeCodec codec;
  private final ItemKey key;
  private final long deadline;
  private final EncodedValue encoded;

  VerifiedEnvelope(EnvelopeCodec codec, ItemKey key, long deadline, EncodedValue encoded) {
    this.codec = codec;
    this.key = key;
    this.deadline = deadline;
    this.encoded = encoded;
  }

  /** Returns the item key that it was found under, with the full key that it carries. */
  public ItemKey key() {
    return key;
  }

  /** Returns when the entry expires: milliseconds since 1970, or {@link EnvelopeCodec#NEVER}. */
  public long deadline() {
    return deadline;
  }

  /**
   * Returns the value, decoded anew on each call: caches store by value, so no two callers share an
   * object that can change.
   *
   * @throws CacheException if its class isn't there, isn't allowed or has changed, or if the bytes
   *     were not made by MemJCache although the checksum is right
   */
  public Object value() {
    return codec.decode(encoded);
  }

  /** Returns whether it holds this very value, as it was encoded. */
  public boolean holds(EncodedValue value) {
    return encoded.isSameAs(value);
  }

  /** Returns whether another one holds the very same value, as it was encoded. */
  public boolean holdsSameAs(VerifiedEnvelope other) {
    return encoded.isSameAs(other.encoded);
  }

  /** Returns how many bytes the value takes, encoded but not compressed. */
  public int valueSize() {
    return encoded.uncompressedSize();
  }

  /** Returns how many bytes the item takes that it was found in, without its key. */
  public int storedSize() {
    return encoded.array().length;
  }

  /** Returns an envelope with the same value and another deadline, without decoding the value. */
  public Envelope resealed(ItemKey newKey, long newDeadline) {
    return codec.seal(newKey, encoded, newDeadline);
  }
}
