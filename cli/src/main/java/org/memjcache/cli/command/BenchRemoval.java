// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Console;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.namespace.Namespace;

/**
 * Removes what {@code bench} has stored, as far as servers do it. Used once.
 *
 * <p>The keys of each server are removed by an operation of their own: one for several servers may
 * do nothing at any of them when one is away, as it asks for the versions of all of them first.
 */
final class BenchRemoval {

  /** Keys that are removed in one operation, or in one for each server. */
  private static final int BATCH = 1_000;

  private final Connection connection;
  private final Console console;
  private final Cache<String, byte[]> cache;

  /** The path of the cache. */
  private final PathKey path;

  private final Failures failures = new Failures();
  private final Set<String> unclean = new TreeSet<>();

  BenchRemoval(Connection connection, Console console, Cache<String, byte[]> cache, PathKey path) {
    this.connection = connection;
    this.console = console;
    this.cache = cache;
    this.path = path.asCache(false);
  }

  /**
   * Removes entries, and then the versions of the cache and of the level that it is in. Says what
   * may be left.
   *
   * @param entries how many there may be
   * @param key returns the key of each, by its number
   * @throws CacheException if something may be left: the first failure
   * @throws RequestFailedException the same
   */
  void run(int entries, IntFunction<String> key) {
    PathKey level = path.start(path.levels() - 1);
    try {
      List<Integer> servers = connection.servers();
      for (int from = 0; from < entries; from += BATCH) {
        int to = Math.min(entries, from + BATCH);
        removeEntries(IntStream.range(from, to).mapToObj(key).toList());
      }
      // Its name is used once: nothing can come back under a version of it.
      List<String> versions = List.of(level.versionKey(), path.versionKey());
      servers.forEach(server -> attempt(server, () -> connection.delete(server, versions)));
    } catch (CacheException | RequestFailedException e) { // it isn't known which servers there are
      failures.add(e);
    }
    if (failures.get() == null) {
      console.note("Removed the entries and versions again");
      return;
    }
    console.error(
        "entries and versions of the level '"
            + level.canonical()
            + "' may be left"
            + (unclean.isEmpty() ? "" : " on " + String.join(", ", unclean))
            + "; memcached drops them when it needs the room");
    failures.throwIfAny();
  }

  private void removeEntries(List<String> keys) {
    Namespace namespace = connection.namespace(path);
    Map<Integer, Set<String>> byServer = new HashMap<>();
    for (String key : keys) {
      int server = namespace.shardOf(connection.keys().encode(key)).server();
      byServer.computeIfAbsent(server, any -> new HashSet<>()).add(key);
    }
    byServer.forEach((server, some) -> attempt(server, () -> cache.removeAll(some)));
  }

  private void attempt(int server, Runnable removal) {
    try {
      removal.run();
    } catch (CacheException | RequestFailedException e) {
      failures.add(e);
      unclean.add(connection.name(server));
    }
  }
}
