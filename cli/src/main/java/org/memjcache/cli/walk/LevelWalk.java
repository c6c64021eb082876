// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.walk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Console;
import org.memjcache.cli.output.Units;
import org.memjcache.internal.client.admin.DumpedItem;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.key.StoredKey;

/**
 * Walks once over all items of each server, and sums them up by the levels beneath a path.
 *
 * <p>It is a walk over a live store: what is written, removed or cleared meanwhile may be counted
 * or not. Whether an entry can be read is told by the versions that are in force at the end of the
 * walk over its server. Nothing is changed; of a path of more than 80 characters one entry is read.
 * Its memory is bounded, however many items there are, and however many levels.
 *
 * <p>A server that fails costs its own figures only: none of it is in the levels, also if the walk
 * over it broke off midway. Used once, by one thread.
 */
public final class LevelWalk {

  /** How many levels are told apart, in some 15 MB; the others are summed up. */
  private static final int MOST_LEVELS = 50_000;

  /** What these are called together. */
  private static final String UNLISTED = "(others)";

  /** How often progress is shown, in items. */
  private static final int STEP = 1 << 14;

  private final Connection connection;
  private final Console console;
  private final @Nullable PathKey base;
  private final int depth;
  private final Map<String, LevelUsage> levels = new HashMap<>();
  private @Nullable LevelUsage unlisted;

  /**
   * Creates a walk.
   *
   * @param base the path; null for all applications
   * @param depth how many levels beneath it are told apart, at least 1
   */
  public LevelWalk(Connection connection, Console console, @Nullable PathKey base, int depth) {
    this.connection = connection;
    this.console = console;
    this.base = base;
    this.depth = depth + (base == null ? 0 : base.levels());
  }

  /** Walks. */
  public WalkResult run() {
    List<ServerUsage> servers = new ArrayList<>();
    for (int server : connection.servers()) {
      ServerUsage usage =
          new ServerUsage(connection.name(server), base == null ? "" : base.canonical());
      servers.add(usage);
      try {
        walk(server, usage);
      } catch (RequestFailedException | CacheException e) {
        usage.fails(String.valueOf(e.getMessage()));
      }
    }
    return new WalkResult(levels.values(), unlisted, servers);
  }

  private void walk(int server, ServerUsage usage) {
    Map<String, String> statistics = connection.statistics(server);
    usage.begins(statistics);
    long now = Connection.number(statistics, "time");
    PathsOfServer paths = new PathsOfServer(connection, server);
    LevelUsage beyond = new LevelUsage(UNLISTED); // entries for whose paths there is no room
    connection
        .cluster()
        .admin(server)
        .dumpItems(
            "",
            item -> {
              if (usage.walks() % STEP == 0) {
                console.progress(progress(usage));
              }
              take(usage, paths, item, now, beyond);
            });
    paths.resolve(new Summary(server, usage, now));
    if (beyond.items() > 0) { // not before: a walk that breaks off adds nothing to the levels
      unlisted().addEntries(true, beyond.items(), beyond.bytes(), beyond.oldest());
    }
  }

  /** Returns how far the walk over a server got. */
  public static String progress(ServerUsage usage) {
    return usage.name()
        + ": walked "
        + Units.count(usage.walked())
        + " of about "
        + Units.count(usage.about())
        + " items";
  }

  private void take(
      ServerUsage usage, PathsOfServer paths, DumpedItem item, long now, LevelUsage beyond) {
    StoredKey key = StoredKey.of(item.key());
    boolean isOther =
        key.kind() == StoredKey.Kind.OTHER
            || !mayBeBeneath(key.path())
            // the version of a long path doesn't say which
            || (isVersion(key) && key.pathKey() == null);
    if (isOther) {
      usage.addOther(1, item.size());
    } else if (key.kind() == StoredKey.Kind.LEASE || key.kind() == StoredKey.Kind.GRACE) {
      usage.addLease();
    } else if (!paths.add(key, item) && key.kind() == StoredKey.Kind.ENTRY) {
      beyond.addEntries(true, 1, item.size(), age(now, item.lastUse()));
    }
  }

  private static boolean isVersion(StoredKey key) {
    return key.kind() == StoredKey.Kind.VERSION || key.kind() == StoredKey.Kind.CACHE_VERSION;
  }

  private static long age(long now, long lastUse) {
    return Math.max(0, now - lastUse);
  }

  /**
   * Returns false if a path can't be beneath the base; the start of a hashed one may be cut off.
   */
  private boolean mayBeBeneath(String path) {
    if (base == null) {
      return true;
    }
    String start = base.canonical();
    int hash = path.indexOf('~');
    String readable = hash < 0 ? path : path.substring(0, hash);
    return readable.startsWith(start) || (hash >= 0 && start.startsWith(readable));
  }

  /** Adds what is known of the paths of one server to the levels. */
  private final class Summary implements PathsOfServer.Found {
    private final int server;
    private final ServerUsage usage;
    private final long now;

    Summary(int server, ServerUsage usage, long now) {
      this.server = server;
      this.usage = usage;
      this.now = now;
    }

    @Override
    public void version(PathKey path, Map<PathKey, Long> versions) {
      if (!isBeneath(path)) {
        usage.addOther(1, 0);
        return;
      }
      usage.addVersion();
      if (path.levels() >= depth
          && !path.isAcrossTenants()) { // those above have the ones beneath them in their place
        levelOf(path, versions);
      }
    }

    @Override
    public void entries(
        @Nullable PathKey path,
        String text,
        Map<PathKey, Long> versions,
        boolean isLive,
        PathsOfServer.Entries entries) {
      LevelUsage level;
      if (path == null) {
        level = base == null ? level(text, text) : null;
      } else {
        level = isBeneath(path) ? levelOf(path, versions) : null;
      }
      if (level == null) {
        usage.addOther(entries.items, entries.bytes);
        return;
      }
      long age = age(now, entries.oldestUse);
      level.addEntries(isLive, entries.items, entries.bytes, age);
      usage.entries().addEntries(isLive, entries.items, entries.bytes, age);
    }

    private LevelUsage levelOf(PathKey path, Map<PathKey, Long> versions) {
      PathKey row = path.levels() <= depth ? path : path.start(depth);
      LevelUsage level = level(row.versionKey(), row.canonical());
      Long version = versions.get(row);
      if (version != null) {
        level.hasVersion(server, version);
      }
      return level;
    }
  }

  private boolean isBeneath(PathKey path) {
    return base == null
        || path.canonical().equals(base.canonical())
        || path.canonical().startsWith(base.canonical() + "/");
  }

  /** Returns the level with a version key; a tenant may be called like a cache. */
  private LevelUsage level(String key, String name) {
    LevelUsage level = levels.get(key);
    if (level == null && levels.size() < MOST_LEVELS) {
      level = new LevelUsage(name);
      levels.put(key, level);
    }
    return level == null ? unlisted() : level;
  }

  private LevelUsage unlisted() {
    LevelUsage others = unlisted == null ? new LevelUsage(UNLISTED) : unlisted;
    unlisted = others;
    return others;
  }
}
