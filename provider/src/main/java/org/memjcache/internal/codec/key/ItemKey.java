// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;

/**
 * The memcached key of one entry, and in full what is hashed in it, so that the envelope can tell
 * entries apart whose keys have the same hash.
 *
 * @param text the key itself: 1 to 250 ASCII characters, no space or control character among them,
 *     exactly two {@code :}
 * @param fullKey path and entry in full if {@code text} has a hash of either, for the envelope to
 *     carry; null if it says both
 * @param prefix has the versions of all levels in full, of which {@code text} always has a hash,
 *     for the envelope's integrity tag to cover
 */
public record ItemKey(String text, @Nullable String fullKey, KeyPrefix prefix) {

  /** How long a key of memcached may be (protocol.txt, "Keys"). */
  static final int MAX_LENGTH = 250;
}
