// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.text.ErrorText;

/**
 * Reads the values of one cache. What can't be read, or is not of the declared type, is no entry: a
 * process of another release may have stored it.
 *
 * <p>Thread-safe.
 *
 * @param type the declared type of values
 * @param isRequired whether operations fail that find an item which can't be read, instead of
 *     missing
 */
public record ValueReader<V>(EnvelopeCodec envelopes, Class<V> type, boolean isRequired) {

  /** Why a value can't be read. */
  static final class UnreadableValueException extends CacheException {

    private static final long serialVersionUID = 1L;

    private final MissReason reason;

    UnreadableValueException(MissReason reason, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.reason = reason;
    }

    MissReason reason() {
      return reason;
    }
  }

  /** Returns the value that this process encoded. */
  V decode(EncodedValue value) {
    return type.cast(envelopes.decode(value));
  }

  /**
   * Returns the value in an envelope, a new object on each call. The first failure of each kind is
   * logged.
   */
  V read(VerifiedEnvelope envelope) throws UnreadableValueException {
    Object value;
    try {
      value = envelope.value();
    } catch (RuntimeException | LinkageError e) { // of the serializer, or the application's classes
      throw unreadable(MissReason.UNREADABLE, envelope, String.valueOf(e.getMessage()), e);
    }
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    String found = "it is of type " + value.getClass().getName();
    throw unreadable(MissReason.FOREIGN_TYPE, envelope, found, null);
  }

  private UnreadableValueException unreadable(
      MissReason reason, VerifiedEnvelope envelope, String found, @Nullable Throwable cause) {
    String hint =
        " (the cache's values are declared as "
            + type.getName()
            + "; perhaps another release or application stored it)";
    String itemKey = envelope.key().text();
    envelopes.logUnreadableValue(itemKey, found, hint);
    return new UnreadableValueException(
        reason,
        "The value of item " + itemKey + " can't be read: " + ErrorText.message(found) + hint,
        cause);
  }
}
