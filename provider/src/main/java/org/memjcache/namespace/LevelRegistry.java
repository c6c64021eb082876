package org.memjcache.namespace;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The levels of one cluster that this process knows, each once.
 *
 * <p>A level lives as long as a namespace uses it; some thousands of those that were used last live
 * on after that, so that a version which goes back is noticed even if the caches were closed in the
 * meantime. To forget a level is safe: whoever needs it again reads its version from memcached
 * before anything else. What is lost is only the chance to notice.
 *
 * <p>Thread-safe.
 */
final class LevelRegistry {

  private final ConcurrentMap<String, Entry> levels = new ConcurrentHashMap<>();
  private final ReferenceQueue<Level> forgotten = new ReferenceQueue<>();
  private final Map<String, Level> usedLast;

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
          protected boolean removeEldestEntry(Map.Entry<String, Level> eldest) {
            return size() > memory;
          }
        };
  }

  /** Returns the level with this version key, made if it isn't in use yet. */
  Level level(String name, String versionKey, int server) {
    expunge();
    Level level = shared(name, versionKey, server);
    synchronized (usedLast) {
      usedLast.put(versionKey, level);
    }
    return level;
  }

  private Level shared(String name, String versionKey, int server) {
    while (true) {
      Entry entry = levels.get(versionKey);
      Level known = entry == null ? null : entry.get();
      if (known != null) {
        return known;
      }
      Level level = new Level(name, versionKey, server);
      Entry replacement = new Entry(level, forgotten);
      boolean ours =
          entry == null
              ? levels.putIfAbsent(versionKey, replacement) == null
              : levels.replace(versionKey, entry, replacement);
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

  private void expunge() {
    for (Reference<? extends Level> reference = forgotten.poll();
        reference != null;
        reference = forgotten.poll()) {
      if (reference instanceof Entry entry) {
        levels.remove(entry.versionKey, entry);
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
