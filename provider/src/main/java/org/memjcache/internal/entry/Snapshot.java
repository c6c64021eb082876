package org.memjcache.internal.entry;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Versions;

/**
 * An entry as one read saw it: absent, live, or dead (past its deadline, or unreadable) and still
 * in memcached.
 *
 * @param itemKey the key of its item
 * @param versions what was in force when it was read
 * @param token the cas token of its item, null if there is no item
 * @param live the entry, null if there is none to be seen
 * @param missing why there is none to be seen; says nothing of a live entry
 */
public record Snapshot<V>(
    ItemKey itemKey,
    Versions versions,
    @Nullable CasToken token,
    @Nullable VerifiedEnvelope live,
    MissReason missing) {

  /** Returns whether the entry can't be seen because a server is away. */
  public boolean isAway() {
    return live == null && missing == MissReason.SERVER_AWAY;
  }

  public boolean isLive() {
    return live != null;
  }

  /** Returns the value, a new object on each call; only of a live entry. */
  @SuppressWarnings("unchecked")
  public V value() {
    return (V) envelope().value();
  }

  /** Returns the value, or null if there is no live entry. */
  public @Nullable V valueOrNull() {
    return live == null ? null : value();
  }

  /** Returns how many bytes the value takes, encoded; only of a live entry. */
  public int valueSize() {
    return envelope().valueSize();
  }

  /** Returns the deadline in milliseconds since 1970; only of a live entry. */
  public long deadline() {
    return envelope().deadline();
  }

  VerifiedEnvelope envelope() {
    if (live == null) {
      throw new IllegalStateException("there is no live entry");
    }
    return live;
  }
}
