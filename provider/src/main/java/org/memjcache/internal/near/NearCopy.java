// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.near;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.ServerList;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.Versions;

/**
 * A live entry as one read saw it. Immutable.
 *
 * @param envelope holds the value, encoded, and the deadline
 * @param versions under which it was read
 * @param servers the list by which its server was found
 * @param askedAt from when on it may have changed unnoticed: before the server was asked, by {@link
 *     org.memjcache.internal.common.ElapsedTime}
 * @param shared the value, if nobody can change it; else null
 */
public record NearCopy<V>(
    EntryKey key,
    VerifiedEnvelope envelope,
    Versions versions,
    ServerList servers,
    long askedAt,
    @Nullable V shared) {

  /** What objects and references take besides keys and values, about. */
  private static final int OVERHEAD = 400;

  /** Returns how much memory it takes, about. */
  int weight() {
    long bytes =
        (long) OVERHEAD
            + key.text().length()
            + envelope.key().text().length()
            + envelope.storedSize()
            + (shared == null ? 0 : envelope.valueSize());
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  /** Returns whether it may be served without asking memcached. */
  boolean isTrusted(Namespace namespace, long now) {
    return namespace.isWithinStaleness(askedAt, now)
        && servers == namespace.cluster().knownList()
        && namespace.shard(versions.server()).isTrusted(versions, key, now);
  }
}
