// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.walk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.connection.Connection;
import org.memjcache.internal.client.admin.DumpedItem;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.key.StoredKey;

/**
 * Sums up the items of one server by path and token of the versions, and finds out afterwards which
 * tokens are those of the versions in force.
 *
 * <p>Nothing is asked while items are listed: memcached holds locks on items until they are taken
 * from it, so to wait for one of these then is to wait forever.
 *
 * <p>Its memory is bounded. Used by one thread.
 */
final class PathsOfServer {

  /** How many paths and versions of them are told apart, in some 15 MB. */
  private static final int MOST = 50_000;

  /** How many paths are asked for at a time. */
  private static final int BATCH = 1_000;

  /** The entries of one path and one list of versions. */
  static final class Entries {
    private final StoredKey cache;

    /** The key of one of them, if the path is a hash; null otherwise. */
    private final @Nullable String example;

    long items;
    long bytes;
    long oldestUse = Long.MAX_VALUE;

    private Entries(StoredKey key, DumpedItem item) {
      this.cache = key.cache();
      this.example = key.pathKey() == null ? item.key() : null;
    }

    private void add(DumpedItem item) {
      items++;
      bytes += item.size();
      oldestUse = Math.min(oldestUse, item.lastUse());
    }
  }

  /**
   * Receives what is known of a path.
   *
   * @see #resolve
   */
  interface Found {

    /**
     * Takes the entries of a path under one list of versions.
     *
     * @param path null if only a hash of it is known
     * @param text of the path, as it stands in keys
     * @param versions of its levels, of those that have one
     * @param isLive whether these are the versions in force
     */
    void entries(
        @Nullable PathKey path,
        String text,
        Map<PathKey, Long> versions,
        boolean isLive,
        Entries entries);

    /** Takes the version of a level. */
    void version(PathKey path, Map<PathKey, Long> versions);
  }

  private final Connection connection;
  private final int server;

  /** By what their keys begin with. */
  private final Map<String, Entries> entries = new HashMap<>();

  /** The keys of versions. */
  private final Set<StoredKey> versions = new HashSet<>();

  PathsOfServer(Connection connection, int server) {
    this.connection = connection;
    this.server = server;
  }

  /** Takes an entry or a version; returns false if there is no room for its path. */
  boolean add(StoredKey key, DumpedItem item) {
    if (key.kind() != StoredKey.Kind.ENTRY) {
      return versions.contains(key) || (versions.size() < MOST && versions.add(key));
    }
    String prefix = key.prefix(item.key());
    Entries known = entries.get(prefix);
    if (known == null && entries.size() < MOST) {
      known = new Entries(key, item);
      entries.put(prefix, known);
    }
    if (known != null) {
      known.add(item);
    }
    return known != null;
  }

  /** Asks for the versions in force, and hands on everything. */
  void resolve(Found found) {
    Map<StoredKey, @Nullable PathKey> paths = new LinkedHashMap<>();
    for (Entries each : entries.values()) {
      if (paths.get(each.cache) == null) {
        paths.put(each.cache, pathOf(each));
      }
    }
    for (StoredKey version : versions) {
      paths.computeIfAbsent(version, StoredKey::pathKey);
    }
    Map<StoredKey, Map<PathKey, Long>> inForce = new HashMap<>();
    List<Map.Entry<StoredKey, @Nullable PathKey>> all = new ArrayList<>(paths.entrySet());
    for (int i = 0; i < all.size(); i += BATCH) {
      inForce.putAll(ask(all.subList(i, Math.min(all.size(), i + BATCH))));
    }
    for (StoredKey version : versions) {
      PathKey path = paths.get(version);
      if (path != null) {
        found.version(path, inForce.getOrDefault(version, Map.of()));
      }
    }
    entries.forEach(
        (prefix, each) -> {
          PathKey path = paths.get(each.cache);
          Map<PathKey, Long> ofPath = inForce.getOrDefault(each.cache, Map.of());
          found.entries(path, each.cache.path(), ofPath, isLive(path, ofPath, prefix), each);
        });
  }

  private Map<StoredKey, Map<PathKey, Long>> ask(
      List<Map.Entry<StoredKey, @Nullable PathKey>> paths) {
    Set<PathKey> levels = new LinkedHashSet<>();
    for (Map.Entry<StoredKey, @Nullable PathKey> each : paths) {
      levels.addAll(levelsOf(each));
    }
    Map<PathKey, Long> all = connection.versions(server, levels);
    all.values().removeIf(version -> version == 0);
    Map<StoredKey, Map<PathKey, Long>> byPath = new HashMap<>();
    for (Map.Entry<StoredKey, @Nullable PathKey> each : paths) {
      Map<PathKey, Long> ofLevels = new HashMap<>();
      for (PathKey level : levelsOf(each)) {
        Long version = all.get(level);
        if (version != null) {
          ofLevels.put(level, version);
        }
      }
      byPath.put(each.getKey(), ofLevels);
    }
    return byPath;
  }

  private static List<PathKey> levelsOf(Map.Entry<StoredKey, @Nullable PathKey> known) {
    PathKey path = known.getValue();
    if (path == null) {
      return List.of();
    }
    return known.getKey().kind() == StoredKey.Kind.CACHE_VERSION && !path.isAcrossTenants()
        ? Connection.levelsOf(path)
        : path.toEachLevel();
  }

  /** Returns whether a cache can still ask for what begins with a prefix. */
  private static boolean isLive(
      @Nullable PathKey path, Map<PathKey, Long> versions, String prefix) {
    return path != null
        && Connection.prefixes(path, versions).stream().anyMatch(one -> one.text().equals(prefix));
  }

  /** Of a long path, the key has only a hash; an entry itself has it in full. */
  private @Nullable PathKey pathOf(Entries of) {
    if (of.example == null) {
      return of.cache.pathKey();
    }
    Item item = connection.get(server, of.example);
    String fullKey =
        item == null ? null : EnvelopeCodec.uncheckedFullKey(item.flags(), item.data());
    return fullKey == null ? null : StoredKey.of(of.example).pathKey(fullKey);
  }
}
