// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.near;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;

/**
 * The near caches of this process, by namespace: whoever changes an entry, by whichever cache of
 * whichever manager, outdates all copies of it.
 *
 * <p>A near cache is found by its path alone. So copies are also outdated that came from servers of
 * another list, which costs a read and no more.
 *
 * <p>Holds near caches weakly: an application that was dropped without closing its caches is not
 * kept. Thread-safe.
 */
public final class NearRegistry {

  private static final ConcurrentMap<PathKey, List<Registered>> OPEN = new ConcurrentHashMap<>();

  private static final ReferenceQueue<NearCopies<?>> DROPPED = new ReferenceQueue<>();

  private NearRegistry() {}

  static void add(PathKey namespace, NearCopies<?> copies) {
    for (Reference<?> old = DROPPED.poll(); old != null; old = DROPPED.poll()) {
      Registered dropped = (Registered) old;
      remove(dropped.namespace, dropped);
    }
    Registered added = new Registered(namespace, copies);
    OPEN.merge(
        namespace,
        List.of(added),
        (known, one) -> Stream.concat(known.stream(), one.stream()).toList());
  }

  static void remove(PathKey namespace, NearCopies<?> copies) {
    List<Registered> known = OPEN.getOrDefault(namespace, List.of());
    known.stream().filter(each -> each.get() == copies).forEach(each -> remove(namespace, each));
  }

  private static void remove(PathKey namespace, Registered removed) {
    OPEN.computeIfPresent(
        namespace,
        (same, known) -> {
          List<Registered> left = known.stream().filter(each -> each != removed).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** Returns whether no cache of this process keeps copies. */
  public static boolean isEmpty() {
    return OPEN.isEmpty();
  }

  /**
   * Outdates all copies of an entry. To be called when a change of it has been made, or has failed
   * and may have been made: what was read before that isn't kept any more.
   */
  public static void outdate(PathKey namespace, EntryKey key) {
    List<Registered> open = OPEN.get(namespace);
    if (open != null) {
      NearCopies.change(key);
      for (Registered each : open) {
        NearCopies<?> copies = each.get();
        if (copies != null) {
          copies.remove(key);
        }
      }
    }
  }

  /** Outdates all copies of all entries. */
  public static void outdateAll(PathKey namespace) {
    List<Registered> open = OPEN.get(namespace);
    if (open != null) {
      for (Registered each : open) {
        NearCopies<?> copies = each.get();
        if (copies != null) {
          copies.outdateAll();
        }
      }
    }
  }

  private static final class Registered extends WeakReference<NearCopies<?>> {
    final PathKey namespace;

    Registered(PathKey namespace, NearCopies<?> copies) {
      super(copies, DROPPED);
      this.namespace = namespace;
    }
  }
}
