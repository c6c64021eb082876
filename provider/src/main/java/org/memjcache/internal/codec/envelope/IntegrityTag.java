// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import org.memjcache.internal.codec.key.ItemKey;

/**
 * What stands in an envelope's header to show whether the rest of it is as it was written, under
 * the item key and the versions that it was written for.
 *
 * <p>Implementations are thread-safe.
 */
sealed interface IntegrityTag permits Checksum, SigningKeys {

  /** Returns the number of the envelope format that has this tag, 1 to 15. */
  int format();

  /** Returns how many bytes the tag takes. */
  int size();

  /**
   * Puts the tag into an envelope.
   *
   * @param key covered with the versions in full, but without the full key, which is in the bytes
   * @param flags of the item
   * @param bytes the whole envelope; the tag covers all of it but itself
   * @param at where in {@code bytes} the tag begins
   */
  void put(ItemKey key, int flags, byte[] bytes, int at);

  /** Returns whether an envelope, long enough for a tag, has the right one. */
  boolean fits(ItemKey key, int flags, byte[] bytes, int at);
}
