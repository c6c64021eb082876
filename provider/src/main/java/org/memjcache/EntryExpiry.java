// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An expiry policy that sees the entry, for caches whose entries live for different times. To be
 * given to a cache by {@link MemcachedConfiguration#setEntryExpiryFactory}, in place of JCache's
 * {@link javax.cache.expiry.ExpiryPolicy}, which sees none.
 *
 * <pre>{@code
 * configuration.setEntryExpiryFactory(
 *     () -> (String user, Token token) -> new Duration(TimeUnit.SECONDS, token.lifetime()));
 * }</pre>
 *
 * <p>As in JCache, {@link Duration#ZERO} means that the entry expires at once: it is not stored, or
 * removed if it is there. {@link Duration#ETERNAL} means that it never expires. If a method throws
 * an exception, it counts as null.
 *
 * <p>A policy is called by the threads that use the cache, and may be called again for one and the
 * same change, if another process changes the entry at the same time. It must be thread-safe, must
 * not use the cache, and must not change the objects that it is given. It is created once for each
 * cache, and closed with the cache if it is {@link AutoCloseable}. Durations count on the clock of
 * the process that calls the policy.
 *
 * <p>A change in such a cache takes two round trips, because the old entry has to be known.
 *
 * @param <K> the type of keys, or a supertype
 * @param <V> the type of values, or a supertype
 */
@FunctionalInterface
public interface EntryExpiry<K, V> {

  /**
   * Returns how long a created entry lives, be it by a put, an entry processor or a loader.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @return the duration from now; null if the entry never expires
   */
  @Nullable Duration getExpiryForCreation(K key, V value);

  /**
   * Returns how much longer an entry lives after its value is replaced. Unless overridden, as long
   * as one that is created with this value.
   *
   * @param key the key, not null
   * @param value the new value, not null
   * @return the duration from now; null if the entry expires when it would have
   */
  default @Nullable Duration getExpiryForUpdate(K key, V value) {
    return getExpiryForCreation(key, value);
  }

  /**
   * Returns how much longer an entry lives after a read. Unless overridden, reading changes
   * nothing; if overridden, reading an entry may take two round trips.
   *
   * @param key the key, not null
   * @param value the value, not null; another object than the one that the reader gets
   * @return the duration from now; null if the entry expires when it would have
   */
  default @Nullable Duration getExpiryForAccess(K key, V value) {
    return null;
  }
}
