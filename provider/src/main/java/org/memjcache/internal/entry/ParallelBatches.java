// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.Shard;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * Requests for many entries in one round trip: those of each server in a batch of its own, which is
 * repeated until the versions of that server held. What held is not repeated, for it has been done.
 *
 * <p>Used once, by one thread.
 */
final class ParallelBatches<E, T> {

  /** A batch whose versions held, and what was added to it. */
  record Ran<T>(VersionedBatch batch, T added) {}

  private final List<E> entries;
  private final BiFunction<VersionedBatch, E, T> request;

  /** The server of each entry. */
  private final int[] servers;

  /** What was added to the newest batch for each entry. */
  private final List<@Nullable T> added;

  /** By server. */
  private final @Nullable VersionedBatch[] batches;

  private ParallelBatches(
      Namespace namespace,
      List<E> entries,
      Function<E, EntryKey> key,
      BiFunction<VersionedBatch, E, T> request) {
    this.entries = entries;
    this.request = request;
    servers = new int[entries.size()];
    added = new ArrayList<>(servers.length);
    int count = 0;
    for (int i = 0; i < servers.length; i++) {
      servers[i] = namespace.shardOf(key.apply(entries.get(i))).server();
      count = Math.max(count, servers[i] + 1);
      added.add(null);
    }
    batches = new VersionedBatch[count];
  }

  /**
   * Makes requests for entries; returns what came of each, in their order.
   *
   * @param reads whether the requests read items
   */
  static <E, T> List<Ran<T>> run(
      Namespace namespace,
      Operation operation,
      List<E> entries,
      Function<E, EntryKey> key,
      boolean reads,
      BiFunction<VersionedBatch, E, T> request) {
    ParallelBatches<E, T> all = new ParallelBatches<>(namespace, entries, key, request);
    all.begin(namespace, operation, reads);
    return all.runAll();
  }

  private void begin(Namespace namespace, Operation operation, boolean reads) {
    int[] entriesOf = new int[batches.length];
    for (int server : servers) {
      entriesOf[server]++;
    }
    List<Shard> needed = new ArrayList<>(batches.length);
    for (int server = 0; server < batches.length; server++) {
      if (entriesOf[server] > 0) {
        needed.add(namespace.shard(server));
      }
    }
    if (needed.size() > 1) {
      namespace.readUnknown(operation, needed);
    }
    for (Shard shard : needed) {
      batches[shard.server()] = shard.newBatch(operation, reads ? entriesOf[shard.server()] : 0);
    }
  }

  private List<Ran<T>> runAll() {
    List<VersionedBatch> first = new ArrayList<>(batches.length);
    for (VersionedBatch batch : batches) {
      if (batch != null) {
        first.add(batch);
      }
    }
    runUntilHeld(first, this::addTo);
    List<Ran<T>> all = new ArrayList<>(servers.length);
    for (int i = 0; i < servers.length; i++) {
      all.add(new Ran<>(Objects.requireNonNull(batches[servers[i]]), added.get(i)));
    }
    return all;
  }

  /** Runs batches, and again those whose versions did not hold. */
  private static void runUntilHeld(List<VersionedBatch> first, Consumer<VersionedBatch> fill) {
    List<VersionedBatch> open = first;
    while (!open.isEmpty()) {
      open.forEach(fill);
      VersionedBatch.runAll(open);
      open = open.stream().filter(batch -> !batch.held()).map(VersionedBatch::retry).toList();
    }
  }

  /** Reads the versions that are in force on each server, in one round trip. */
  static List<Versions> versionsInForce(Namespace namespace, Operation operation) {
    List<Shard> shards = namespace.shards();
    namespace.readUnknown(operation, shards);
    Map<Shard, Versions> inForce = new LinkedHashMap<>();
    runUntilHeld(
        shards.stream().map(shard -> shard.newBatch(operation, 0)).toList(),
        batch -> inForce.put(batch.shard(), batch.versions()));
    return List.copyOf(inForce.values());
  }

  private void addTo(VersionedBatch batch) {
    int server = batch.shard().server();
    batches[server] = batch;
    for (int i = 0; i < servers.length; i++) {
      if (servers[i] == server) {
        added.set(i, request.apply(batch, entries.get(i)));
      }
    }
  }
}
