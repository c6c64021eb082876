// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.lead;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Until when the virtual threads of a session wait: they sleep without a limit, and the leader
 * wakes those whose time is over. A limit for each would be a task of a scheduler, which costs more
 * than the sleep.
 *
 * <p>Only the earliest is kept. It may be of a thread that waits no more: when it comes, the leader
 * looks at all.
 *
 * <p>Thread-safe.
 */
public final class Deadlines {

  private static final long NONE = Long.MAX_VALUE;

  /** So that times can be compared, which those of {@link System#nanoTime} can't. */
  private final long start = System.nanoTime();

  private final AtomicLong earliest = new AtomicLong(NONE);

  /** Adds a deadline, by {@link System#nanoTime}; returns whether it is the earliest now. */
  public boolean add(long deadline) {
    long added = deadline - start;
    long before = earliest.get();
    while (added < before) {
      if (earliest.compareAndSet(before, added)) {
        return true;
      }
      before = earliest.get();
    }
    return false;
  }

  /** Returns how long it is until the earliest, in nanoseconds; not positive if it is over. */
  public long left(long now) {
    long first = earliest.get();
    return first == NONE ? NONE : first - (now - start);
  }

  /** Forgets them. Whoever still waits is to be added again. */
  public void clear() {
    earliest.set(NONE);
  }
}
