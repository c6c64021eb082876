package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;

/**
 * The memcached key of one entry.
 *
 * @param text the key itself: 1 to 250 ASCII characters, no space or control character among them,
 *     exactly two {@code :}
 * @param fullKey path and entry in full if {@code text} is hashed, so that the envelope can carry
 *     it and a collision is seen; null if {@code text} says it all
 */
public record ItemKey(String text, @Nullable String fullKey) {

  /** How long a key of memcached may be (protocol.txt, "Keys"). */
  static final int MAX_LENGTH = 250;
}
