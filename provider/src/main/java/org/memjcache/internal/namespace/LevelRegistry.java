// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.DaemonThreads;
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

  /** What this process knows. */
  static final LevelRegistry OF_PROCESS = new LevelRegistry(MEMORY);

  private record Key(ServerAddress server, String versionKey) {}

  final ConcurrentMap<Key, Entry> levels = new ConcurrentHashMap<>();

  /** By server: versions below it are void there. */
  private final ConcurrentMap<ServerAddress, AtomicLong> floors = new ConcurrentHashMap<>();

  private final ReferenceQueue<Level> forgotten = new ReferenceQueue<>();
  private final Map<Level, Boolean> usedLast;
  private final PendingClears pendingClears;

  /** Creates a registry that remembers so many levels which no namespace uses any more. */
  LevelRegistry(int memory) {
    this(memory, work -> DaemonThreads.newThread("memjcache-pending-clears", work));
  }

  LevelRegistry(int memory, ThreadFactory threads) {
    this.pendingClears = new PendingClears(threads);
    this.usedLast =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Level, Boolean> eldest) {
            return size() > memory;
          }
        };
  }

  /** Returns the level whose version a server has under this key, created if it isn't known. */
  Level level(ServerAddress server, String name, String versionKey) {
    for (Reference<?> old = forgotten.poll(); old != null; old = forgotten.poll()) {
      Entry entry = (Entry) old;
      levels.remove(entry.key, entry);
    }
    Key key = new Key(server, versionKey);
    AtomicLong floor = floorOf(server);
    while (true) {
      Entry entry =
          levels.computeIfAbsent(
              key, same -> new Entry(new Level(name, versionKey, server, floor), same, forgotten));
      Level level = entry.get();
      if (level != null) {
        synchronized (usedLast) {
          usedLast.put(level, true);
        }
        return level;
      }
      levels.remove(key, entry);
    }
  }

  /** Takes note that versions below a number are void on a server. */
  void raiseFloor(ServerAddress server, long floor) {
    floorOf(server).accumulateAndGet(floor, Math::max);
  }

  private AtomicLong floorOf(ServerAddress server) {
    return floors.computeIfAbsent(server, any -> new AtomicLong());
  }

  PendingClears pendingClears() {
    return pendingClears;
  }

  private static final class Entry extends WeakReference<@Nullable Level> {
    final Key key;

    Entry(Level level, Key key, ReferenceQueue<Level> queue) {
      super(level, queue);
      this.key = key;
    }
  }
}
