package org.memjcache.internal.namespace;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * The levels that this process knows, each once: what one cache learns of a level all know, with
 * whatever options they were opened.
 *
 * <p>A level lives as long as a namespace uses it or a clear of it is pending; some thousands of
 * those used last live on after that, so that a version which goes back is noticed even if the
 * caches were closed in the meantime. To forget a level is safe: its version is read from memcached
 * before it is used again. What is lost is only the chance to notice.
 *
 * <p>Thread-safe.
 */
final class LevelRegistry {

  /** How many levels are remembered that no namespace uses any more, about 300 bytes each. */
  private static final int MEMORY = 10_000;

  private static final LevelRegistry OF_PROCESS = new LevelRegistry(MEMORY);

  /**
   * By the servers that keys are spread over, in the order of the cluster. There are few of these
   * in a process; none is ever removed.
   */
  private final ConcurrentMap<List<ServerAddress>, OfServers> levels = new ConcurrentHashMap<>();

  private final Map<Level, Boolean> usedLast;
  private final PendingClears pendingClears = new PendingClears();

  /**
   * Creates an empty registry.
   *
   * @param memory how many levels are remembered that no namespace uses any more
   */
  LevelRegistry(int memory) {
    this.usedLast =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Level, Boolean> eldest) {
            return size() > memory;
          }
        };
  }

  /** Returns what this process knows. */
  static LevelRegistry ofProcess() {
    return OF_PROCESS;
  }

  /** Returns the level with this version key, created if it isn't known. */
  Level level(Cluster cluster, String name, String versionKey) {
    levels.values().forEach(OfServers::expunge); // also of servers that are not used any more
    Level level =
        levels
            .computeIfAbsent(cluster.servers(), servers -> new OfServers())
            .level(cluster, name, versionKey);
    synchronized (usedLast) {
      usedLast.put(level, true);
    }
    return level;
  }

  /** Returns how many levels are remembered, those included that were forgotten just now. */
  int size() {
    return levels.values().stream().mapToInt(OfServers::size).sum();
  }

  /** Returns the clears of these levels that are pending. */
  PendingClears pendingClears() {
    return pendingClears;
  }

  /** The levels of one list of servers, by version key. */
  private static final class OfServers {

    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<Level> forgotten = new ReferenceQueue<>();

    Level level(Cluster cluster, String name, String versionKey) {
      while (true) {
        Entry entry = entries.get(versionKey);
        Level known = entry == null ? null : entry.get();
        if (known != null) {
          return known;
        }
        Level level = new Level(name, versionKey, cluster.serverOf(versionKey));
        Entry replacement = new Entry(level, forgotten);
        boolean ours =
            entry == null
                ? entries.putIfAbsent(versionKey, replacement) == null
                : entries.replace(versionKey, entry, replacement);
        if (ours) {
          return level;
        }
      }
    }

    int size() {
      return entries.size();
    }

    private void expunge() {
      for (Reference<? extends Level> reference = forgotten.poll();
          reference != null;
          reference = forgotten.poll()) {
        if (reference instanceof Entry entry) {
          entries.remove(entry.versionKey, entry);
        }
      }
    }
  }

  private static final class Entry extends WeakReference<@Nullable Level> {
    final String versionKey;

    Entry(Level level, ReferenceQueue<Level> queue) {
      super(level, queue);
      this.versionKey = level.versionKey();
    }
  }
}
