// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.KeyChunk;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MissReason;

/**
 * What one round trip asks of a {@link Shard}: requests for items, made under certain versions, and
 * the reads of the versions themselves. The versions aren't read if the {@link ConsistencyPolicy}
 * says that they are fresh enough.
 *
 * <p>The versions are read before anything is written. So a clear that the batch doesn't notice
 * came after the versions were read, and what the batch did counts as done before that clear.
 *
 * <p>If the server is away and the policy is to miss, its items count as absent, and what was to be
 * written is lost: {@link #isLost} tells, and the removal of these entries is pending.
 *
 * <p>Entries whose removal was pending before are removed first ({@link PendingRemovals}); one for
 * which that isn't possible counts as on a server that is away.
 *
 * <p>Used once, by one thread.
 */
public final class VersionedBatch {

  /** Which of the servers that were asked have answered. */
  private enum Answered {
    ALL,
    SOME,
    /** None that counts: a version could not be read. */
    NONE
  }

  private final Shard shard;
  private final Versions versions;
  private final Operation operation;
  private final int expectedReads;
  private final int attempts;
  private @Nullable KeyChunk reads;
  final BatchWrites writes = new BatchWrites(this);
  private final @Nullable VersionReads versionReads;

  /** Whether this batch removes what is pending. */
  private final boolean settling;

  /** The entries in this batch whose removal was pending when they were added. */
  private Set<EntryKey> pending = Set.of();

  private MissReason reason;
  private boolean withTokens;
  private Answered answered = Answered.ALL;
  private boolean held;

  VersionedBatch(
      Shard shard,
      Versions versions,
      Operation operation,
      int expectedReads,
      MissReason reason,
      int attempts,
      boolean settling) {
    this.shard = shard;
    this.versions = versions;
    this.operation = operation;
    this.expectedReads = expectedReads;
    this.reason = reason;
    this.attempts = attempts;
    this.settling = settling;
    this.versionReads = shard.isFreshEnough(versions) && !settling ? null : new VersionReads(this);
  }

  public Shard shard() {
    return shard;
  }

  public Versions versions() {
    return versions;
  }

  public KeyPrefix prefix() {
    return versions.prefix();
  }

  /** Asks for the cas token of each item, too. */
  public void requestTokens() {
    withTokens = true;
  }

  /** Adds the read of an item, to be found by what is returned once the batch has run. */
  public Read read(ItemKey key) {
    return read(key.text(), key, pendingEntry(key));
  }

  /** Adds the reads of what may be served of cleared entries, before those of the entries. */
  public OlderVersions readOlder() {
    return new OlderVersions(this);
  }

  /** Adds the read of an item that is no entry. */
  Read read(String key) {
    return read(key, null, null);
  }

  private Read read(String key, @Nullable ItemKey itemKey, @Nullable EntryKey pendingEntry) {
    KeyChunk chunk = reads;
    if (chunk == null || chunk.isFull()) {
      chunk = new KeyChunk(shard.levels().length + expectedReads, chunk);
      reads = chunk;
    }
    return new Read(chunk, chunk.add(key), itemKey, pendingEntry);
  }

  /**
   * Adds a request that writes or removes an item, or is about it and goes to its server.
   *
   * @param matters whether an older value would be wrong, if the request is lost
   */
  public <R extends Request> R write(ItemKey key, R request, boolean matters) {
    writes.add(key, request, matters);
    return request;
  }

  /**
   * Adds the removal of what is stored of an entry under older versions, and could still be served
   * while it is loaded. To be called along with each change of the entry.
   *
   * @param now in milliseconds since 1970
   * @param matters whether what is there would be wrong, if the change is lost
   * @throws javax.cache.CacheException if the server doesn't answer, unless the policy is to miss
   */
  public void removeOlder(EntryKey entry, long now, boolean matters) {
    try {
      writes.addRemovalsOfOlder(operation, entry, now, matters);
    } catch (RequestFailedException e) {
      namespace().recordFailure(e);
      namespace().throwUnlessTolerated(operation, e);
      shard.markForRemoval(entry, null);
    }
  }

  /** Returns the entry that an item is, if its removal is pending. */
  @Nullable EntryKey pendingEntry(ItemKey key) {
    if (settling || !shard.isAnyRemovalPending()) {
      return null;
    }
    EntryKey entry = prefix().entryKey(key);
    if (entry == null || !shard.isRemovalPending(entry)) {
      return null;
    }
    pending = pending.isEmpty() ? new HashSet<>() : pending;
    pending.add(entry);
    return entry;
  }

  /**
   * Makes the round trip.
   *
   * @return true if the versions held, so that the responses count; false if a level was cleared or
   *     its version lost. Then nothing that was read counts, what was written is out of reach, and
   *     the shard knows the new versions
   * @throws javax.cache.CacheException if the server doesn't answer in time
   */
  public boolean run() {
    runAll(List.of(this));
    return held;
  }

  /**
   * Makes one round trip of batches that belong to one operation, each of another server.
   *
   * @throws javax.cache.CacheException if a server doesn't answer in time, after the others have
   */
  public static void runAll(List<VersionedBatch> batches) {
    List<VersionedBatch> sent = new ArrayList<>(batches.size());
    for (VersionedBatch batch : batches) {
      if (batch.prepare()) {
        sent.add(batch);
      }
    }
    if (sent.isEmpty()) {
      return;
    }
    VersionedBatch any = sent.get(0);
    RoundTrip trip = any.namespace().cluster().newRoundTrip(any.operation);
    sent.forEach(batch -> batch.addTo(trip));
    any.namespace().metrics().recordRoundTrip();
    long askedAt = ElapsedTime.now();
    boolean failed = false;
    try {
      trip.run();
    } catch (RequestFailedException e) { // of one of them, which finds it at its requests
      failed = true;
    }
    boolean anyFailed = failed;
    Failures.forEach(sent, batch -> batch.finish(askedAt, anyFailed));
  }

  /** Returns whether the versions held when the batch ran. */
  public boolean held() {
    return held;
  }

  /** Returns false if there is nothing to be sent, as it is clear what comes of it. */
  private boolean prepare() {
    if (!versions.areKnown()) {
      held = giveUp();
      return false;
    }
    if (!pending.isEmpty()) {
      pending = shard.settle(operation, pending);
      if (!pending.isEmpty() && shard.isClearPending()) {
        reason = MissReason.CLEARED; // by the next attempt, as one of them can't be removed alone
        return false;
      }
    }
    if (!versions.areHighest(shard.levels())) {
      reason = MissReason.CLEARED; // and a server that says otherwise came back with old memory
      return false;
    }
    return true;
  }

  private void finish(long askedAt, boolean anyFailed) {
    RequestFailedException failure = anyFailed ? failure() : null;
    if (failure == null) {
      recordTransfer();
      try {
        held = checkVersions(askedAt);
        return;
      } catch (RequestFailedException e) { // a version could not be created or moved forward
        failure = e;
      }
    }
    namespace().recordFailure(failure);
    if (!namespace().isTolerated(failure)) {
      answered = Answered.NONE;
      writes.markLost(namespace().isWrittenThrough());
      throw namespace().failure(operation, failure);
    }
    held = goOnWithWhatWasAnswered(askedAt);
  }

  private @Nullable RequestFailedException failure() {
    return writes.failure(reads == null ? null : reads.failure());
  }

  private Namespace namespace() {
    return shard.namespace();
  }

  /**
   * Returns an empty batch under the new versions, after those of this one did not hold.
   *
   * @throws javax.cache.CacheException if this has happened too often
   */
  public VersionedBatch retry() {
    VersionProtocol.checkAttempts(attempts + 1, operation, namespace());
    return shard.newBatch(operation, expectedReads, reason, attempts + 1, settling);
  }

  private void addTo(RoundTrip trip) {
    if (reads != null) {
      reads.addTo(trip, shard.server(), withTokens);
    }
    writes.addTo(trip, shard.server());
  }

  private void recordTransfer() {
    CacheMetrics metrics = namespace().metrics();
    if (metrics.isEnabled()) {
      metrics.recordTransfer(bytesRead(), writes.bytes());
    }
  }

  private long bytesRead() {
    return (reads == null ? 0 : reads.bytes()) - (versionReads == null ? 0 : versionReads.bytes());
  }

  /** Returns whether all versions are as expected; if they aren't, makes them known. */
  private boolean checkVersions(long askedAt) {
    MissReason moved =
        versionReads == null ? null : versionReads.compare(operation, versions, askedAt);
    if (moved == null) {
      return true;
    }
    reason = moved;
    namespace().metrics().recordVersionChange();
    return false;
  }

  /** Goes on with the requests that were answered, if those for versions are among them. */
  private boolean goOnWithWhatWasAnswered(long askedAt) {
    answered = Answered.SOME;
    try {
      if (!checkVersions(askedAt)) {
        return false;
      }
    } catch (RequestFailedException e) { // a version is not among it
      namespace().throwUnlessTolerated(operation, e);
      return giveUp();
    }
    writes.markLost(/* olderValues= */ true);
    return true;
  }

  /** Finds nothing and writes nothing, because a version can't be read. */
  private boolean giveUp() {
    answered = Answered.NONE;
    writes.markLost(/* olderValues= */ true);
    return true;
  }

  /** Returns whether a request was not answered; it may have been carried out all the same. */
  public boolean isLost(Request request) {
    return switch (answered) {
      case ALL -> isLeftOut(request);
      case SOME -> request.failureKind() != null || isLeftOut(request);
      case NONE -> true;
    };
  }

  private boolean isLeftOut(Request request) {
    return !pending.isEmpty() && writes.isLeftOut(request);
  }

  /** Returns why an item that was read isn't there. */
  public MissReason whyMissing(Read read) {
    return isAway(read) ? MissReason.SERVER_AWAY : reason;
  }

  /** Returns an item that was read, null if there is none to be had. */
  public @Nullable Item item(Read read) {
    return isAway(read) ? null : read.item();
  }

  /** Returns whether the server of an item did not answer, or what it has may be outdated. */
  boolean isAway(Read read) {
    return switch (answered) {
      case ALL -> isOutdated(read.pendingEntry);
      case SOME -> read.chunk.isLost(read.index) || isOutdated(read.pendingEntry);
      case NONE -> true;
    };
  }

  /**
   * Returns whether what is there of an entry may be outdated, as its removal was pending and could
   * not be settled.
   */
  boolean isOutdated(@Nullable EntryKey pendingEntry) {
    return pendingEntry != null && pending.contains(pendingEntry);
  }

  /** One item that a batch reads. */
  public static final class Read {
    private final KeyChunk chunk;
    private final int index;
    private final @Nullable ItemKey key;

    /** The entry, if its removal was pending. */
    private final @Nullable EntryKey pendingEntry;

    private Read(
        KeyChunk chunk, int index, @Nullable ItemKey key, @Nullable EntryKey pendingEntry) {
      this.chunk = chunk;
      this.index = index;
      this.key = key;
      this.pendingEntry = pendingEntry;
    }

    public ItemKey key() {
      return Objects.requireNonNull(key);
    }

    @Nullable Item item() {
      return chunk.item(index);
    }
  }
}
