package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MissReason;

/**
 * One round trip in a namespace: requests for items, made under certain versions, and the reads of
 * the versions themselves. The versions aren't read if the {@link ConsistencyPolicy} says that they
 * are fresh enough.
 *
 * <p>On each server the versions are read before anything is written. So a clear that the batch
 * doesn't notice came after the versions were read, and what the batch did counts as done before
 * that clear.
 *
 * <p>If a server is away and the policy is to miss, the items on it count as absent, and what was
 * to be written is lost: {@link #isLost} tells, and a clear of the namespace is pending. If it is
 * the server of a version, this goes for all items.
 *
 * <p>Used once, by one thread.
 */
public final class VersionedBatch {

  /** More keys in one request make one long line that memcached has to hold in memory. */
  private static final int MAX_KEYS = 500;

  /** Which of the servers that were asked have answered. */
  private enum Answered {
    ALL,
    SOME,
    /** None that counts: a version could not be read. */
    NONE
  }

  private final Namespace namespace;
  private final Versions versions;
  private final Operation operation;
  private final int expectedReads;
  private final int attempts;
  private final @Nullable KeyChunk[] reads;
  private final List<Write> writes = new ArrayList<>(1);
  private final Read @Nullable [] versionReads;
  private MissReason reason;
  private boolean withTokens;
  private Answered answered = Answered.ALL;

  VersionedBatch(
      Namespace namespace,
      Versions versions,
      Operation operation,
      int expectedReads,
      MissReason reason,
      int attempts) {
    this.namespace = namespace;
    this.versions = versions;
    this.operation = operation;
    this.expectedReads = expectedReads;
    this.reason = reason;
    this.attempts = attempts;
    this.reads = new KeyChunk[namespace.cluster().servers().size()];
    this.versionReads = namespace.isFreshEnough(versions) ? null : versionReads(namespace.levels());
  }

  private Read[] versionReads(Level[] levels) {
    Read[] ofLevels = new Read[levels.length];
    for (int i = 0; i < ofLevels.length; i++) {
      ofLevels[i] = read(levels[i].server(), levels[i].versionKey(), null);
    }
    return ofLevels;
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
    return read(namespace.cluster().serverOf(key.text()), key.text(), key);
  }

  private Read read(int server, String key, @Nullable ItemKey itemKey) {
    KeyChunk chunk = reads[server];
    if (chunk == null || chunk.keys.size() == MAX_KEYS) {
      int expected = namespace.levels().length + expectedReads / reads.length;
      chunk = new KeyChunk(Math.min(expected, MAX_KEYS), chunk);
      reads[server] = chunk;
    }
    chunk.keys.add(key);
    return new Read(chunk, itemKey);
  }

  /**
   * Adds a request that writes or removes the item with this key.
   *
   * @param matters whether an older value would be wrong, if the request is lost
   */
  public <R extends Request> R write(String itemKey, R request, boolean matters) {
    writes.add(new Write(namespace.cluster().serverOf(itemKey), request, matters));
    return request;
  }

  /**
   * Makes the round trip.
   *
   * @return true if the versions held, so that the responses count; false if a level was cleared or
   *     its version lost. Then nothing that was read counts, what was written is out of reach, and
   *     the namespace knows the new versions
   * @throws javax.cache.CacheException if a server doesn't answer in time
   */
  public boolean run() {
    if (!versions.areKnown()) {
      return giveUp();
    }
    if (!versions.areHighest(namespace.levels())) {
      reason = MissReason.CLEARED; // and a server that says otherwise came back with old memory
      return false;
    }
    long askedAt = System.nanoTime();
    try {
      send();
      return checkVersions(askedAt);
    } catch (RequestFailedException e) {
      namespace.recordFailure(e);
      namespace.throwUnlessTolerated(operation, e);
      return settleForTheOtherServers(askedAt);
    }
  }

  /**
   * Returns an empty batch under the new versions, after those of this one did not hold.
   *
   * @throws javax.cache.CacheException if this has happened too often
   */
  public VersionedBatch retry() {
    VersionProtocol.checkAttempts(attempts + 1, operation, namespace);
    return namespace.newBatch(operation, expectedReads, reason, attempts + 1);
  }

  private void send() {
    RoundTrip trip = namespace.cluster().newRoundTrip(operation);
    for (int server = 0; server < reads.length; server++) {
      KeyChunk last = reads[server];
      if (last != null) {
        last.addTo(trip, server, withTokens);
      }
    }
    for (Write write : writes) {
      trip.add(write.server, write.request);
    }
    CacheMetrics metrics = namespace.metrics();
    metrics.recordRoundTrip();
    trip.run();
    if (metrics.isEnabled()) {
      metrics.recordTransfer(bytesRead(), bytesWritten());
    }
  }

  private long bytesRead() {
    long bytes = 0;
    for (KeyChunk last : reads) {
      bytes += last == null ? 0 : last.bytes();
    }
    if (versionReads != null) {
      for (Read version : versionReads) {
        bytes -= size(version.item());
      }
    }
    return bytes;
  }

  private long bytesWritten() {
    long bytes = 0;
    for (Write write : writes) {
      bytes += write.request instanceof StoreRequest store ? store.size() : 0;
    }
    return bytes;
  }

  private static int size(@Nullable Item item) {
    return item == null ? 0 : item.data().length;
  }

  /** Returns whether all versions are as expected; if they aren't, makes them known. */
  private boolean checkVersions(long askedAt) {
    if (versionReads == null) {
      return true;
    }
    boolean held = true;
    List<Level> missing = List.of();
    Level[] levels = namespace.levels();
    for (int i = 0; i < versionReads.length; i++) {
      Item item = versionReads[i].item();
      if (item == null) { // evicted, or its server came back empty
        missing = missing.isEmpty() ? new ArrayList<>(levels.length) : missing;
        missing.add(levels[i]);
        continue;
      }
      MissReason moved =
          namespace.protocol().compare(operation, levels[i], versions.number(i), item, askedAt);
      if (moved != null) {
        reason = moved;
        held = false;
      }
    }
    if (!missing.isEmpty()) {
      namespace.protocol().create(operation, missing);
      reason = MissReason.VERSION_LOST;
      held = false;
    }
    if (!held) {
      namespace.metrics().recordVersionChange();
    }
    return held;
  }

  /** Goes on with what the other servers answered, if all versions are among it. */
  private boolean settleForTheOtherServers(long askedAt) {
    answered = Answered.SOME;
    try {
      if (!checkVersions(askedAt)) {
        return false;
      }
    } catch (RequestFailedException e) { // a version is not among it
      namespace.throwUnlessTolerated(operation, e);
      return giveUp();
    }
    markLostWrites();
    return true;
  }

  /** Finds nothing and writes nothing, because a version can't be read. */
  private boolean giveUp() {
    answered = Answered.NONE;
    markLostWrites();
    return true;
  }

  private void markLostWrites() {
    for (Write write : writes) {
      if (isLost(write.request) && (write.matters || mayArriveLate(write.request))) {
        namespace.markForClear();
        return;
      }
    }
  }

  /** A value that arrives late may replace what was removed in the meantime. */
  private static boolean mayArriveLate(Request request) {
    RequestFailedException failure = request.failure();
    return failure != null
        && !failure.isUnsent()
        && request instanceof StoreRequest store
        && !store.isConditional();
  }

  /** Returns whether a request was not answered; it may have been carried out all the same. */
  public boolean isLost(Request request) {
    return isAway(request.failure() != null);
  }

  /** Returns why an item that was read isn't there. */
  public MissReason whyMissing(Read read) {
    return isAway(read.isLost()) ? MissReason.SERVER_AWAY : reason;
  }

  /** Returns an item that was read, null if there is none to be had. */
  public @Nullable Item item(Read read) {
    return isAway(read.isLost()) ? null : read.item();
  }

  private boolean isAway(boolean failed) {
    return switch (answered) {
      case ALL -> false;
      case SOME -> failed;
      case NONE -> true;
    };
  }

  /** One item that a batch reads. */
  public static final class Read {
    private final KeyChunk chunk;
    private final int index;
    private final @Nullable ItemKey key;

    private Read(KeyChunk chunk, @Nullable ItemKey key) {
      this.chunk = chunk;
      this.index = chunk.keys.size() - 1;
      this.key = key;
    }

    public ItemKey key() {
      return Objects.requireNonNull(key);
    }

    private @Nullable Item item() {
      return chunk.item(index);
    }

    private boolean isLost() {
      return chunk.request != null && chunk.request.failure() != null;
    }
  }

  private record Write(int server, Request request, boolean matters) {}

  /** Keys that are read from one server by one request. */
  private static final class KeyChunk {
    final List<String> keys;

    /** What is read from the same server before, as one request does not take all keys. */
    final @Nullable KeyChunk previous;

    @Nullable GetRequest request;

    KeyChunk(int expected, @Nullable KeyChunk previous) {
      this.keys = new ArrayList<>(expected);
      this.previous = previous;
    }

    void addTo(RoundTrip trip, int server, boolean withTokens) {
      if (previous != null) {
        previous.addTo(trip, server, withTokens);
      }
      request = new GetRequest(keys, withTokens);
      trip.add(server, request);
    }

    @Nullable Item item(int index) {
      if (request == null) {
        throw new IllegalStateException("The batch has not run");
      }
      return request.item(index);
    }

    long bytes() {
      long bytes = previous == null ? 0 : previous.bytes();
      for (int i = 0; i < keys.size(); i++) {
        bytes += size(item(i));
      }
      return bytes;
    }
  }
}
