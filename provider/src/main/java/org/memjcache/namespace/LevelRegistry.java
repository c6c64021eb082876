package org.memjcache.namespace;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.memjcache.store.Cluster;
import org.memjcache.store.ServerAddress;

/**
 * The levels that this process knows, each once: what one cache learns of a level, or owes it, all
 * know, whatever options they were opened with.
 *
 * <p>A level lives as long as a namespace uses it, or a clear of it is owed; some thousands of
 * those that were used last live on after that, so that a version which goes back is noticed even
 * if the caches were closed in the meantime. To forget a level is safe: whoever needs it again
 * reads its version from memcached before anything else. What is lost is only the chance to notice.
 *
 * <p>Thread-safe.
 */
final class LevelRegistry {

  /** How many levels are remembered that nobody uses any more, about 300 bytes each. */
  private static final int MEMORY = 10_000;

  private static final LevelRegistry OF_PROCESS = new LevelRegistry(MEMORY);

  private final ConcurrentMap<Place, Entry> levels = new ConcurrentHashMap<>();
  private final ReferenceQueue<Level> forgotten = new ReferenceQueue<>();
  private final Map<Place, Level> usedLast;
  private final Set<Level> indebted = ConcurrentHashMap.newKeySet();

  /** A version key, and the servers that keys are spread over, in the order of the cluster. */
  private record Place(List<ServerAddress> servers, String versionKey) {}

  /**
   * Makes an empty registry.
   *
   * @param memory how many levels are remembered that nobody uses any more
   */
  LevelRegistry(int memory) {
    this.usedLast =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Place, Level> eldest) {
            return size() > memory;
          }
        };
  }

  /** Returns what this process knows. */
  static LevelRegistry ofProcess() {
    return OF_PROCESS;
  }

  /** Returns the level with this version key, made if it isn't in use yet. */
  Level level(Cluster cluster, String name, String versionKey) {
    expunge();
    Place place = new Place(cluster.servers(), versionKey);
    Level level = shared(place, name, cluster.serverOf(versionKey));
    synchronized (usedLast) {
      usedLast.put(place, level);
    }
    return level;
  }

  private Level shared(Place place, String name, int server) {
    while (true) {
      Entry entry = levels.get(place);
      Level known = entry == null ? null : entry.get();
      if (known != null) {
        return known;
      }
      Level level = new Level(name, place.versionKey, server);
      Entry replacement = new Entry(place, level, forgotten);
      boolean ours =
          entry == null
              ? levels.putIfAbsent(place, replacement) == null
              : levels.replace(place, entry, replacement);
      if (ours) {
        return level;
      }
    }
  }

  /** Returns how many levels are remembered. */
  int size() {
    expunge();
    return levels.size();
  }

  /** Remembers a level, used or not, for as long as it owes a clear. */
  void owes(Level level) {
    indebted.add(level);
  }

  /** Forgets that a level owed a clear. */
  void owesNothing(Level level) {
    indebted.remove(level);
  }

  /** Returns how many levels owe a clear. */
  int indebted() {
    return indebted.size();
  }

  private void expunge() {
    for (Reference<? extends Level> reference = forgotten.poll();
        reference != null;
        reference = forgotten.poll()) {
      if (reference instanceof Entry entry) {
        levels.remove(entry.place, entry);
      }
    }
  }

  private static final class Entry extends WeakReference<@Nullable Level> {
    final Place place;

    Entry(Place place, Level level, ReferenceQueue<Level> queue) {
      super(level, queue);
      this.place = place;
    }
  }
}
