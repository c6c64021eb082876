// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;

/**
 * Keeps threads of this process from working on one entry at the same time, where that saves work
 * or keeps an order: entry processors, loaders, writers, and the order of events.
 *
 * <p>The locks are advice. What memcached holds is guarded by its cas tokens, so a thread that
 * doesn't get a lock goes on without it: after a long wait, at once when it holds another one
 * already, and when it is interrupted. So user code that runs under a lock and calls back into a
 * cache, or waits for a thread that does, can't bring about a deadlock.
 *
 * <p>No lock outlives the call that took it, whatever is thrown meanwhile: the outermost call of a
 * thread gives back what inner ones could not, such as one that ran out of stack.
 *
 * <p>Thread-safe. Striped: two entries may share a lock, one in 65,536 does with a given other one.
 */
public final class KeyLocks {

  /** The locks of all caches of this process. */
  public static final KeyLocks SHARED = new KeyLocks(1 << 16, 30_000);

  /** Created when needed. */
  private final AtomicReferenceArray<@Nullable ReentrantLock> stripes;

  private final long patienceMillis;

  /** The first call of a thread that has not ended yet. */
  @SuppressWarnings("ThreadLocalUsage") // only tests have locks of their own
  private final ThreadLocal<@Nullable Held> outermost = new ThreadLocal<>();

  /** Creates so many locks, a power of two, for each of which a thread waits so long. */
  KeyLocks(int stripes, long patienceMillis) {
    this.stripes = new AtomicReferenceArray<>(stripes);
    this.patienceMillis = patienceMillis;
  }

  /** Waits for the locks of entries. */
  public Held hold(Object cache, Collection<EntryKey> keys) {
    return hold(cache, keys, TimeUnit.MILLISECONDS.toNanos(patienceMillis));
  }

  /**
   * Waits for the locks of entries for a while; returns null if it doesn't get them all. A thread
   * that holds one already gets what it can.
   */
  public @Nullable Held tryHold(Object cache, Collection<EntryKey> keys, long nanos) {
    Held held = hold(cache, keys, nanos);
    if (held.isComplete || held.outer != held) {
      return held;
    }
    held.close();
    return null;
  }

  private Held hold(Object cache, Collection<EntryKey> keys, long nanos) {
    int[] wanted = new int[keys.size()];
    int i = 0;
    for (EntryKey key : keys) {
      wanted[i++] = stripe(cache, key);
    }
    if (i > 1) {
      wanted = Arrays.stream(wanted).sorted().distinct().toArray();
    }
    Held held = new Held(outermost.get());
    if (held.outer == held) {
      outermost.set(held);
    }
    try {
      held.take(wanted, nanos);
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
    return held;
  }

  private int stripe(Object cache, EntryKey key) {
    int hash = 31 * System.identityHashCode(cache) + key.text().hashCode();
    return (hash ^ (hash >>> 16)) & (stripes.length() - 1);
  }

  private ReentrantLock lock(int stripe) {
    ReentrantLock lock = stripes.get(stripe);
    if (lock == null) {
      stripes.compareAndSet(stripe, null, new ReentrantLock());
      lock = Objects.requireNonNull(stripes.get(stripe));
    }
    return lock;
  }

  /** Locks that a thread got. To be closed by the same thread. */
  public final class Held implements AutoCloseable {
    private final Held outer;

    /** The locks that this call and its inner ones wanted, in this order; only of the outermost. */
    private final List<ReentrantLock> taken = new ArrayList<>(1);

    /** How many of them were there before this call. */
    private final int before;

    private boolean isComplete = true;

    private Held(@Nullable Held outermost) {
      this.outer = outermost == null ? this : outermost;
      this.before = this.outer.taken.size();
    }

    private void take(int[] wanted, long nanos) {
      long deadline = System.nanoTime() + nanos;
      for (int stripe : wanted) { // in ascending order, all threads alike
        ReentrantLock lock = lock(stripe);
        if (lock.isHeldByCurrentThread()) {
          continue; // by an outer call, which will give it back
        }
        outer.taken.add(lock); // before it is: nothing may come in between
        if (!lock.tryLock() && outer == this) {
          try {
            isComplete &= lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            break; // and goes on
          }
        }
      }
    }

    @Override
    public void close() {
      List<ReentrantLock> all = outer.taken;
      for (int i = all.size() - 1; i >= before; i--) {
        ReentrantLock lock = all.remove(i);
        if (lock.isHeldByCurrentThread()) {
          lock.unlock();
        }
      }
      if (outer == this) {
        outermost.remove();
      }
    }
  }
}
