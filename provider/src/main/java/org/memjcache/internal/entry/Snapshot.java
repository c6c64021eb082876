// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.InstantSource;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.codec.envelope.UnreadableEnvelope;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.codec.value.Encodings;
import org.memjcache.internal.entry.lease.Lease;
import org.memjcache.internal.entry.lease.LoadLease;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Versions;
import org.memjcache.internal.near.NearCopy;

/**
 * An entry as one read saw it: absent, live, or dead (past its deadline, or unreadable) and still
 * in memcached. Its value is decoded as late as that matters.
 *
 * <p>Used by one thread.
 */
public final class Snapshot<V> {

  private final ItemKey itemKey;
  private final Versions versions;
  private final @Nullable CasToken token;
  private final ValueReader<V> reader;

  /** What holds the entry; null if there is none to be seen. */
  private @Nullable VerifiedEnvelope live;

  private MissReason missing;
  private @Nullable String whyUnreadable;
  private @Nullable Throwable cause;

  /** The value, once decoded, until it is taken. */
  private @Nullable V decoded;

  private boolean isDecoded;

  /** Whether this is a copy that the process had, read at some time before. */
  private boolean isNear;

  /** Whether it was cleared, and is to be served only while it is loaded. */
  private boolean isOlder;

  /** Who has a {@link Lease} on the entry, if one was asked for. */
  private LeaseHolder leaseHolder = LeaseHolder.NOBODY;

  /** Who is to load the entry, if that was asked. */
  private LoadLease.State loading = LoadLease.State.FREE;

  private enum LeaseHolder {
    NOBODY,
    THIS_OPERATION,
    ANOTHER
  }

  private Snapshot(
      ItemKey itemKey,
      Versions versions,
      @Nullable CasToken token,
      ValueReader<V> reader,
      @Nullable VerifiedEnvelope live,
      MissReason missing) {
    this.itemKey = itemKey;
    this.versions = versions;
    this.token = token;
    this.reader = reader;
    this.live = live;
    this.missing = missing;
  }

  /** Returns what is seen where there is no item. */
  static <V> Snapshot<V> absent(
      ItemKey itemKey, Versions versions, ValueReader<V> reader, MissReason why) {
    return new Snapshot<>(itemKey, versions, null, reader, null, why);
  }

  /** Returns what is seen of an item that is an entry. */
  static <V> Snapshot<V> of(
      VerifiedEnvelope envelope,
      ItemKey itemKey,
      Versions versions,
      CasToken token,
      ValueReader<V> reader,
      boolean isInTime) {
    return new Snapshot<>(
        itemKey, versions, token, reader, isInTime ? envelope : null, MissReason.PAST_DEADLINE);
  }

  /** Returns what is seen of a copy, whose deadline is ahead. */
  static <V> Snapshot<V> near(NearCopy<V> copy, ValueReader<V> reader) {
    VerifiedEnvelope envelope = copy.envelope();
    Snapshot<V> snapshot =
        new Snapshot<>(
            envelope.key(), copy.versions(), null, reader, envelope, MissReason.PAST_DEADLINE);
    snapshot.isNear = true;
    snapshot.decoded = copy.shared();
    snapshot.isDecoded = copy.shared() != null;
    return snapshot;
  }

  /** Returns what is seen of an entry that was cleared softly. */
  static <V> Snapshot<V> older(
      VerifiedEnvelope envelope,
      ItemKey itemKey,
      Versions versions,
      ValueReader<V> reader,
      boolean isInTime) {
    Snapshot<V> snapshot =
        new Snapshot<>(
            itemKey, versions, null, reader, isInTime ? envelope : null, MissReason.PAST_DEADLINE);
    snapshot.isOlder = true;
    return snapshot;
  }

  /** Returns what is seen of an item that is no entry. */
  static <V> Snapshot<V> unreadable(
      UnreadableEnvelope why,
      ItemKey itemKey,
      Versions versions,
      CasToken token,
      ValueReader<V> reader) {
    MissReason reason = why == UnreadableEnvelope.FORGED ? MissReason.FORGED : MissReason.DAMAGED;
    Snapshot<V> snapshot = new Snapshot<>(itemKey, versions, token, reader, null, reason);
    if (why != UnreadableEnvelope.COLLISION) {
      snapshot.whyUnreadable = "The item under key " + itemKey.text() + " " + why.description();
    }
    return snapshot;
  }

  public ItemKey itemKey() {
    return itemKey;
  }

  /** Returns what was in force when it was read. */
  public Versions versions() {
    return versions;
  }

  /** Returns whether another one was seen while the same versions were in force. */
  public boolean isUnderSameVersions(Snapshot<V> other) {
    return itemKey.prefix().equals(other.itemKey.prefix());
  }

  /** Returns the cas token of its item, null if there is no item. */
  @Nullable CasToken token() {
    return token;
  }

  /** Says that a lease was asked for along with the read. */
  Snapshot<V> askedForLease(boolean isTaken) {
    leaseHolder = isTaken ? LeaseHolder.ANOTHER : LeaseHolder.THIS_OPERATION;
    return this;
  }

  /** Returns whether the operation has a lease on the entry, which its change gives back. */
  public boolean isLeased() {
    return leaseHolder == LeaseHolder.THIS_OPERATION;
  }

  /** Returns whether another operation has a lease on the entry: it is about to change it. */
  public boolean isLeasedElsewhere() {
    return leaseHolder == LeaseHolder.ANOTHER;
  }

  /** Says who is to load the entry, as was asked along with the read. */
  Snapshot<V> loadedBy(LoadLease.State state) {
    loading = state;
    return this;
  }

  LoadLease.State loading() {
    return loading;
  }

  /**
   * Returns whether the operation is the one that is to load the entry, which ends by its change.
   */
  public boolean isLoadLeased() {
    return loading.holder() == LoadLease.State.Holder.THIS_OPERATION;
  }

  /** Returns whether nobody loads the entry, though it is missing, as far as can be seen. */
  public boolean isFreeToLoad() {
    return !isLive() && !isAway() && loading.holder() == LoadLease.State.Holder.NOBODY;
  }

  /** Returns whether the entry isn't there, and somebody, perhaps this thread, is to load it. */
  public boolean isBeingLoaded() {
    return isLoadedElsewhere()
        || (!isLive() && loading.holder() == LoadLease.State.Holder.THIS_THREAD);
  }

  /** Returns whether another operation is loading the entry. */
  public boolean isLoadedElsewhere() {
    return !isLive() && loading.holder() == LoadLease.State.Holder.ANOTHER;
  }

  /** Returns whether somebody has found that there is nothing to be loaded. */
  public boolean isNothingToLoad() {
    return !isLive() && loading.holder() == LoadLease.State.Holder.NONE_EXISTS;
  }

  /** Returns whether memcached was not asked for it. */
  public boolean isNear() {
    return isNear;
  }

  /** Returns whether the entry was cleared softly, and is served while somebody loads it. */
  public boolean isOlder() {
    return isOlder;
  }

  /** Returns why there is no entry to be seen; says nothing of a live entry. */
  public MissReason missing() {
    return missing;
  }

  /** Returns whether the entry can't be seen because a server is away. */
  public boolean isAway() {
    return live == null && missing == MissReason.SERVER_AWAY;
  }

  /** Returns whether there is an entry whose deadline is ahead, readable or not. */
  boolean isInTime(InstantSource clock) {
    return live != null && Deadline.isAhead(live.deadline(), clock);
  }

  /** Returns whether there is an entry, and its value can be read. */
  public boolean isLive() {
    if (live != null && !isDecoded) {
      decode(live);
    }
    return live != null;
  }

  private void decode(VerifiedEnvelope envelope) {
    try {
      decoded = reader.read(envelope);
      isDecoded = true;
    } catch (ValueReader.UnreadableValueException e) {
      live = null;
      missing = e.reason();
      whyUnreadable = e.getMessage();
      cause = e.getCause();
    }
  }

  /**
   * Called by operations to which it matters what is there.
   *
   * @throws CacheException if an item is there that can't be read, unless that is to be a miss
   */
  public void requireReadable() {
    if (reader.isRequired() && !isLive() && whyUnreadable != null) {
      throw new CacheException(whyUnreadable, cause);
    }
  }

  /** Returns the value, a new object on each call; only of a live entry. */
  public V value() {
    VerifiedEnvelope envelope = envelope();
    V value = decoded;
    decoded = null;
    return value == null ? reader.read(envelope) : value;
  }

  /** Returns the value, or null if there is no live entry. */
  public @Nullable V valueOrNull() {
    return isLive() ? value() : null;
  }

  /** Returns the value of a live entry if nobody can change it, else null. */
  @Nullable V sharedValue() {
    return decoded != null && Encodings.isImmutable(decoded) ? decoded : null;
  }

  /** Returns whether there is an entry that was stored with this very value. */
  public boolean holds(EncodedValue stored) {
    return live != null && live.holds(stored);
  }

  /**
   * Returns whether this is a live entry as another snapshot has seen it under the same versions,
   * but perhaps for its deadline, which reading may move.
   */
  public boolean isSameButForDeadline(Snapshot<V> other) {
    return live != null
        && other.live != null
        && isUnderSameVersions(other)
        && live.holdsSameAs(other.live);
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
    if (!isLive()) {
      throw new IllegalStateException("there is no live entry");
    }
    return Objects.requireNonNull(live);
  }
}
