// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.time.Duration;
import java.util.Objects;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.jspecify.annotations.Nullable;

/**
 * The part of a cache's configuration that says when an entry is loaded, by whom, and what is
 * served meanwhile.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
abstract class LoadingConfiguration<K, V> extends MutableConfiguration<K, V> {

  private static final long serialVersionUID = 1L;

  /** What most of the life of an entry is, however it is shortened. */
  private static final int MOST_JITTER = 50;

  // Null if the manager's configuration decides.
  private @Nullable Duration loadLease;
  private @Nullable Duration loadNull;
  private @Nullable Duration clearGrace;
  private @Nullable Boolean plainGetGraced;
  private @Nullable Duration refreshAfter;
  private @Nullable Integer expiryJitter;

  LoadingConfiguration() {}

  LoadingConfiguration(CompleteConfiguration<K, V> configuration) {
    super(configuration);
    if (configuration instanceof LoadingConfiguration<K, V> other) {
      loadLease = other.loadLease;
      loadNull = other.loadNull;
      clearGrace = other.clearGrace;
      plainGetGraced = other.plainGetGraced;
      refreshAfter = other.refreshAfter;
      expiryJitter = other.expiryJitter;
    }
  }

  abstract MemcachedConfiguration<K, V> self();

  /**
   * {@return how long a process has the right to load an entry that others wait for} Zero if
   * processes don't wait for each other; null if the manager's configuration decides.
   */
  public @Nullable Duration getLoadLease() {
    return loadLease;
  }

  /**
   * Has one process load an entry that is missing, while the others wait for what it stores: by
   * read-through, and by an entry processor for an entry that is absent. They wait no longer than
   * the option {@code load.wait}.
   *
   * @param newLease how long the others wait if the process that loads dies, counted in whole
   *     seconds; zero if processes are not to wait for each other; null if the manager's
   *     configuration decides
   * @return this
   * @throws IllegalArgumentException if it is negative, or more than an hour
   */
  public MemcachedConfiguration<K, V> setLoadLease(@Nullable Duration newLease) {
    loadLease = atMost(Duration.ofHours(1), "load lease", newLease);
    return self();
  }

  /**
   * {@return for how long all processes remember that a loader had no value for a key} Zero if they
   * don't; null if the manager's configuration decides.
   */
  public @Nullable Duration getLoadNull() {
    return loadNull;
  }

  /**
   * Has all processes remember for a while that a loader returned null for a key, and not ask it
   * again. Any change of the entry through the cache, a removal too, ends that.
   *
   * @param newTime how long, counted in whole seconds; zero if they are not to; null if the
   *     manager's configuration decides
   * @return this
   * @throws IllegalArgumentException if it is negative, or more than 30 days
   */
  public MemcachedConfiguration<K, V> setLoadNull(@Nullable Duration newTime) {
    loadNull = atMost(Duration.ofDays(30), "time for a loader's null", newTime);
    return self();
  }

  /**
   * {@return for how long {@code clear()} and {@code removeAll()} let the older values be served
   * while entries are loaded anew} Zero if not at all; null if the manager's configuration decides.
   */
  public @Nullable Duration getClearGrace() {
    return clearGrace;
  }

  /**
   * Has {@code clear()} and {@code removeAll()} of this cache do what {@link
   * MemcachedCache#clear(Duration)} does. Means nothing without a {@linkplain #setLoadLease load
   * lease}.
   *
   * @param newGrace how long; zero for not at all; null if the manager's configuration decides
   * @return this
   * @throws IllegalArgumentException if it is negative, or more than 30 days
   */
  public MemcachedConfiguration<K, V> setClearGrace(@Nullable Duration newGrace) {
    clearGrace = newGrace == null ? null : requireGrace(newGrace);
    return self();
  }

  /**
   * {@return whether a {@code get} without a loader, too, is served an older value within the grace
   * of a clear} Null if the manager's configuration decides.
   */
  public @Nullable Boolean isPlainGetGraced() {
    return plainGetGraced;
  }

  /**
   * Has {@code get} and {@code getAll} of a cache without read-through, too, serve the older value
   * within the grace of a clear, to all but the first caller. That one finds nothing, and is
   * expected to put the entry within the {@linkplain #setLoadLease load lease}; after that another
   * one is.
   *
   * @param isGraced null if the manager's configuration decides
   * @return this
   */
  public MemcachedConfiguration<K, V> setPlainGetGraced(@Nullable Boolean isGraced) {
    plainGetGraced = isGraced;
    return self();
  }

  /**
   * {@return from which age on an entry that is read is loaded anew in the background} Zero if none
   * is; null if the manager's configuration decides.
   */
  public @Nullable Duration getRefreshAfter() {
    return refreshAfter;
  }

  /**
   * Has an entry that is read through and has reached an age be loaded anew before it expires: the
   * caller gets the value that is there, and one process loads in the background. An entry that the
   * loader has no value for any more is removed.
   *
   * <p>The expiry has to be one of JCache's that counts from creation or update, and longer.
   *
   * @param newAge from which age on, more than zero; zero for never; null if the manager's
   *     configuration decides
   * @return this
   * @throws IllegalArgumentException if it is negative, or more than 36,500 days
   */
  public MemcachedConfiguration<K, V> setRefreshAfter(@Nullable Duration newAge) {
    refreshAfter = atMost(Duration.ofDays(36_500), "age for a refresh", newAge);
    return self();
  }

  /**
   * {@return by up to how many percent the life of an entry is shortened by chance} Null if the
   * manager's configuration decides.
   */
  public @Nullable Integer getExpiryJitter() {
    return expiryJitter;
  }

  /**
   * Has entries that were stored at the same time expire at different times: the life of each that
   * is created or updated is shortened by chance.
   *
   * @param newPercent by up to how many percent, from 0 to 50; null if the manager's configuration
   *     decides
   * @return this
   * @throws IllegalArgumentException if it is anything else
   */
  public MemcachedConfiguration<K, V> setExpiryJitter(@Nullable Integer newPercent) {
    if (newPercent != null && (newPercent < 0 || newPercent > MOST_JITTER)) {
      throw new IllegalArgumentException(
          "The expiry jitter is " + newPercent + "%; expected 0 to " + MOST_JITTER);
    }
    expiryJitter = newPercent;
    return self();
  }

  /** Returns a grace if it is one that a clear can have. */
  static Duration requireGrace(Duration grace) {
    return requireAtMost(
        Duration.ofDays(30), "grace of a clear", Objects.requireNonNull(grace, "grace"));
  }

  private static @Nullable Duration atMost(Duration most, String what, @Nullable Duration time) {
    return time == null ? null : requireAtMost(most, what, time);
  }

  private static Duration requireAtMost(Duration most, String what, Duration time) {
    if (time.isNegative() || time.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "The " + what + " is " + time + "; expected " + Duration.ZERO + " to " + most);
    }
    return time;
  }

  @Override
  public MemcachedConfiguration<K, V> setCacheLoaderFactory(
      @Nullable Factory<? extends CacheLoader<K, V>> factory) {
    super.setCacheLoaderFactory(factory);
    return self();
  }

  @Override
  public MemcachedConfiguration<K, V> setReadThrough(boolean isReadThrough) {
    super.setReadThrough(isReadThrough);
    return self();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LoadingConfiguration<?, ?> configuration
        && super.equals(other)
        && Objects.equals(loadLease, configuration.loadLease)
        && Objects.equals(loadNull, configuration.loadNull)
        && Objects.equals(clearGrace, configuration.clearGrace)
        && Objects.equals(plainGetGraced, configuration.plainGetGraced)
        && Objects.equals(refreshAfter, configuration.refreshAfter)
        && Objects.equals(expiryJitter, configuration.expiryJitter);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(),
        loadLease,
        loadNull,
        clearGrace,
        plainGetGraced,
        refreshAfter,
        expiryJitter);
  }
}
