// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import javax.cache.Cache;
import org.hibernate.cache.CacheException;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.cache.spi.access.SoftLock;
import org.hibernate.cache.spi.support.AbstractReadWriteAccess.Lockable;
import org.hibernate.cache.spi.support.AbstractReadWriteAccess.SoftLockImpl;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCache;

/**
 * The cache of one region of Hibernate, for the application or for one tenant.
 *
 * <ul>
 *   <li>Gets and puts don't throw: most puts come after the transaction has committed, and would
 *       make it look rolled back. What can't be kept is counted, and the first of each kind logged.
 *   <li>Nothing ends when the calling thread is interrupted.
 *   <li>What can't be kept leaves nothing older behind that could be read.
 *   <li>A removal or a clear that fails is an exception of Hibernate's. Hibernate logs those that
 *       come after a commit.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class OpenRegion {

  private final MemcachedCache<Object, Object> cache;
  private final RegionFactory clock;
  private final FailureLog log;
  private final LongAdder notKept = new LongAdder();

  /**
   * Creates a region.
   *
   * @param clock of Hibernate's locks
   * @param log that of all regions of a session factory
   */
  OpenRegion(MemcachedCache<Object, Object> cache, RegionFactory clock, FailureLog log) {
    this.cache = cache;
    this.clock = clock;
    this.log = log;
  }

  MemcachedCache<Object, Object> cache() {
    return cache;
  }

  /** Returns how many entries could not be kept. */
  long notKept() {
    return notKept.sum();
  }

  @Nullable Object get(Object key) {
    return read(cache -> cache.get(key));
  }

  boolean contains(Object key) {
    return Boolean.TRUE.equals(read(cache -> cache.containsKey(key)));
  }

  private <T> @Nullable T read(Function<Cache<Object, Object>, @Nullable T> operation) {
    try {
      return Uninterrupted.call(() -> operation.apply(cache));
    } catch (RuntimeException e) {
      log("was not read", e);
      return null;
    }
  }

  void put(Object key, Object value) {
    try {
      // A put goes on without what can't be kept, as hibernate-jcache needs it: not counted here.
      Uninterrupted.run(() -> cache.putAll(Map.of(key, value)));
    } catch (RuntimeException e) {
      notKept.increment();
      log("is not kept", e);
      leaveNothingOlder(key, value);
    }
  }

  /**
   * Makes unreadable what is there. In a region with locks, removing it would let a transaction
   * that has begun before store what it had read: so a lock that has just been released takes its
   * place, as Hibernate itself does where its own lock is gone.
   */
  private void leaveNothingOlder(Object key, Object value) {
    if (value instanceof Lockable item && !(value instanceof SoftLock)) {
      long now = clock.nextTimestamp();
      SoftLockImpl lock = item.lock(now + clock.getTimeout(), UUID.randomUUID(), 0);
      lock.unlock(now);
      try {
        Uninterrupted.run(() -> cache.put(key, lock));
        return;
      } catch (RuntimeException e) { // the entity's version can't be kept either
        log("is not locked", e);
      }
    }
    removeQuietly(key);
  }

  /** Returns what a change of an entry returns; null if it fails, and nothing is left then. */
  @Nullable Object change(Object key, Function<Cache<Object, Object>, @Nullable Object> change) {
    try {
      return Uninterrupted.call(() -> change.apply(cache));
    } catch (RuntimeException e) {
      notKept.increment();
      log("is not kept", e);
      removeQuietly(key);
      return null;
    }
  }

  private void removeQuietly(Object key) {
    try {
      Uninterrupted.run(() -> cache.remove(key));
    } catch (RuntimeException e) {
      log("was not removed", e);
    }
  }

  void remove(Object key) {
    try {
      Uninterrupted.run(() -> cache.remove(key));
    } catch (RuntimeException e) {
      throw new CacheException(e.getMessage(), e);
    }
  }

  private void log(String what, RuntimeException why) {
    log.first(cache.getName(), what, why);
  }
}
