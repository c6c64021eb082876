package org.memjcache.operation;

import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.memjcache.codec.EntryKey;
import org.memjcache.namespace.Namespace;

/**
 * Keeps threads of this process from working on one entry at the same time, where that saves work
 * or keeps an order: entry processors, loaders, writers, and the order of events.
 *
 * <p>The locks are advice. What memcached holds is guarded by its cas tokens, so a thread that
 * doesn't get a lock goes on without it: after a long wait, at once when it holds another one
 * already, and when it is interrupted. So user code that runs under a lock and calls back into a
 * cache, or waits for a thread that does, can't bring about a deadlock.
 *
 * <p>Thread-safe. Striped: two entries may share a lock.
 */
final class KeyLocks {

  /** The locks of all caches of this process. */
  static final KeyLocks SHARED = new KeyLocks(1024, 30_000);

  private final ReentrantLock[] stripes;
  private final long patienceMillis;
  private final ThreadLocal<Boolean> holding = ThreadLocal.withInitial(() -> false);

  /**
   * Makes locks.
   *
   * @param stripes how many; a power of two
   * @param patienceMillis how long a thread waits for a lock
   */
  KeyLocks(int stripes, long patienceMillis) {
    this.stripes = new ReentrantLock[stripes];
    Arrays.setAll(this.stripes, i -> new ReentrantLock());
    this.patienceMillis = patienceMillis;
  }

  /** Waits for the locks of entries. */
  Held hold(Namespace namespace, Collection<EntryKey> keys) {
    int[] wanted = new int[keys.size()];
    int i = 0;
    for (EntryKey key : keys) {
      wanted[i++] = stripe(namespace, key);
    }
    return hold(wanted.length > 1 ? Arrays.stream(wanted).sorted().distinct().toArray() : wanted);
  }

  private int stripe(Namespace namespace, EntryKey key) {
    int hash = 31 * System.identityHashCode(namespace) + key.text().hashCode();
    return (hash ^ (hash >>> 16)) & (stripes.length - 1);
  }

  private Held hold(int[] wanted) {
    boolean nested = holding.get();
    Held held = new Held(this, new ReentrantLock[wanted.length], nested);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    for (int stripe : wanted) { // in ascending order, all threads alike
      ReentrantLock lock = stripes[stripe];
      if (lock.tryLock()) {
        held.add(lock);
      } else if (!nested) {
        held.waited = true;
        try {
          if (lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            held.add(lock);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
    }
    holding.set(true);
    return held;
  }

  /** Locks that a thread got. To be closed by the same thread. */
  static final class Held implements AutoCloseable {
    private final KeyLocks owner;
    private final ReentrantLock[] locks;
    private final boolean nested;
    private int count;
    private boolean waited;

    private Held(KeyLocks owner, ReentrantLock[] locks, boolean nested) {
      this.owner = owner;
      this.locks = locks;
      this.nested = nested;
    }

    private void add(ReentrantLock lock) {
      locks[count++] = lock;
    }

    /** Returns true if another thread was at work on the entry when this one came. */
    boolean waited() {
      return waited;
    }

    @Override
    public void close() {
      while (count > 0) {
        locks[--count].unlock();
      }
      if (!nested) {
        owner.holding.remove();
      }
    }
  }
}
