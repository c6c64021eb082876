// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.Shard;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * Walks over the entries of a cache that are in time, readable or not: lists the keys of one server
 * after the other ({@link KeyListing}), filtered by the prefix of the versions in force, and reads
 * the entries in batches as the walk goes on. Its memory is bounded, however many entries there
 * are.
 *
 * <p>It is a walk over a live store. An entry that is there all the time comes exactly once; one
 * that is written or removed meanwhile may or may not come. What is cleared doesn't come any more,
 * except what {@code hasNext()} has found before. What is no entry of the cache, or has a key that
 * can't be read ({@link ListedKeys}), is skipped and counted. The cost is proportional to all items
 * on the servers, of whichever tenant.
 *
 * <p>Used by one thread.
 */
final class EntryScanner<K, V> implements Iterator<SeenEntry<K, V>> {

  /** How many entries are read at a time, unless they are large. */
  private static final int MAX_BATCH = 200;

  /** The size of entries is not known before the first ones. */
  private static final int FIRST_BATCH = 20;

  /** How much is read at a time, about. */
  private static final long BATCH_BYTES = Runtime.getRuntime().maxMemory() / 64;

  private final Namespace namespace;
  private final ListedKeys<K, V> listedKeys;
  private final InstantSource clock;
  private final Operation operation;

  /** Whether what comes is to be removed, and what can't come with it. */
  private final boolean removing;

  /** What was in force on each server when the walk began. */
  private final List<Versions> versions;

  /** How many servers were walked over, the one of what is listed among them. */
  private int walked;

  private Iterator<String> listed = Collections.emptyIterator();
  private int batch = FIRST_BATCH;
  private final Queue<SeenEntry<K, V>> fetched = new ArrayDeque<>();
  private @Nullable SeenEntry<K, V> next;

  EntryScanner(
      Namespace namespace,
      ListedKeys<K, V> listedKeys,
      InstantSource clock,
      Operation operation,
      boolean removing) {
    this.namespace = namespace;
    this.listedKeys = listedKeys;
    this.clock = clock;
    this.operation = operation;
    this.removing = removing;
    this.versions = ParallelBatches.versionsInForce(namespace, operation);
    if (removing && versions.isEmpty()) { // no server is known
      namespace.clear();
    }
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      SeenEntry<K, V> candidate = fetched.poll();
      if (candidate != null) {
        next = isThere(candidate) ? candidate : null;
      } else if (listed.hasNext()) {
        fetch();
      } else if (walked < versions.size()) {
        listed = list(versions.get(walked++));
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public SeenEntry<K, V> next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    SeenEntry<K, V> found = next;
    next = null;
    return found;
  }

  /**
   * Returns whether what was read a moment ago is in time, and not known to have been cleared
   * since. A removal goes on after a clear: its writer is to hear of each entry.
   */
  private boolean isThere(SeenEntry<K, V> read) {
    Versions under = read.snapshot().versions();
    return read.snapshot().isInTime(clock)
        && (removing || namespace.shard(under.server()).isInForce(under, read.encodedKey()));
  }

  private Iterator<String> list(Versions inForce) {
    int server = inForce.server();
    if (!inForce.areKnown()) {
      leaveOut(server);
      return Collections.emptyIterator();
    }
    String prefix = inForce.prefix().text();
    return new KeyListing(
        operation + " on '" + namespace.shard(server) + "'",
        prefix,
        KeyListing.memory(),
        keys -> dump(server, prefix, keys));
  }

  /** Returns false if the server is away, and that is to be tolerated. */
  private boolean dump(int server, String prefix, Consumer<String> keys) {
    try {
      namespace.cluster().admin(server).dump(prefix, keys);
      return true;
    } catch (RequestFailedException e) {
      namespace.throwUnlessTolerated(operation, e);
      leaveOut(server);
      return false;
    }
  }

  /** A server is away, which is to be tolerated: nothing that it has may be seen afterwards. */
  private void leaveOut(int server) {
    if (removing) {
      namespace.shard(server).markForClear();
    }
  }

  private void fetch() {
    Versions under = versions.get(walked - 1);
    Shard shard = namespace.shard(under.server());
    List<ItemKey> keys = new ArrayList<>(batch);
    while (keys.size() < batch && listed.hasNext()) { // which may take another dump
      keys.add(under.prefix().listed(listed.next()));
    }
    VersionedBatch trip = shard.newBatchUnder(under, operation.nextPart(), keys.size());
    trip.requestTokens();
    List<VersionedBatch.Read> reads = keys.stream().map(trip::read).toList();
    if (!trip.run()) { // cleared: nothing of what was listed is there any more
      listed = Collections.emptyIterator();
      return;
    }
    long bytes = 0;
    for (VersionedBatch.Read read : reads) {
      Item item = trip.item(read);
      if (item != null) {
        bytes += item.data().length;
        SeenEntry<K, V> found = listedKeys.read(under, read.key(), item);
        if (found == null) {
          namespace.metrics().recordSkippedItem();
        } else if (isOf(shard, found.encodedKey()) && !shard.isRemovalPending(found.encodedKey())) {
          fetched.add(found);
        }
      } else if (trip.whyMissing(read) == MissReason.SERVER_AWAY) {
        leaveOut(shard.server());
      }
    }
    batch = (int) Math.min(MAX_BATCH, 1 + BATCH_BYTES * reads.size() / Math.max(1, bytes));
  }

  /** Returns false for what was left behind when the list of servers was another one. */
  private boolean isOf(Shard shard, EntryKey entry) {
    return namespace.shardOf(entry).server() == shard.server();
  }
}
