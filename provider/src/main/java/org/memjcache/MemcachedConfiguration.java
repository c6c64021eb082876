// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a cache, with the settings that only this provider has. What it leaves open
 * is taken from the configuration of the manager.
 *
 * <pre>{@code
 * manager.createCache("info",
 *     new MemcachedConfiguration<String, Hotel>()
 *         .setTypes(String.class, Hotel.class)
 *         .setBounded(Duration.ofMillis(100))
 *         .setFailureMode(FailureMode.MISS)
 *         .setAllowedClasses("com.acme.hotels.*"));
 * }</pre>
 *
 * <p>Not thread-safe; a cache copies it. Serializable if its factories are.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public class MemcachedConfiguration<K, V> extends LoadingConfiguration<K, V> {

  private static final long serialVersionUID = 1L;

  private static final String[] NO_CLASSES = {};

  /** How old a version may be; zero if strict, null if the manager's configuration decides. */
  private @Nullable Duration staleness;

  /** How much is kept in memory; null if the manager's configuration decides. */
  private @Nullable NearLimit near;

  /** What operations do while a server is away; null if the manager's configuration decides. */
  private @Nullable FailureMode failureMode;

  /**
   * What operations do that find an unreadable item; null if the manager's configuration decides.
   */
  private @Nullable UnreadableMode unreadableMode;

  /** Creates the serializer; null if the manager's configuration decides. */
  private @Nullable Factory<? extends Serializer> serializerFactory;

  /** Creates the expiry policy that sees entries; null if the other one counts. */
  private @Nullable Factory<? extends EntryExpiry<? super K, ? super V>> entryExpiryFactory;

  /** Patterns of classes that may be serialized, besides those that the manager allows. */
  private String[] allowedClasses = NO_CLASSES;

  /** Whether {@code removeAll()} counts each entry while statistics are enabled. */
  private boolean removeAllCounted = true;

  /** Whether the cache can be cleared along with those of its name in other tenants. */
  private boolean clearedAcrossTenants;

  /** Creates a configuration that leaves everything open. */
  public MemcachedConfiguration() {}

  /**
   * Creates a copy.
   *
   * @param configuration any; the settings of this class are copied, too, if it has them
   */
  public MemcachedConfiguration(CompleteConfiguration<K, V> configuration) {
    super(configuration);
    if (configuration instanceof MemcachedConfiguration<K, V> other) {
      staleness = other.staleness;
      near = other.near;
      failureMode = other.failureMode;
      unreadableMode = other.unreadableMode;
      serializerFactory = other.serializerFactory;
      entryExpiryFactory = other.entryExpiryFactory;
      allowedClasses = other.allowedClasses;
      removeAllCounted = other.removeAllCounted;
      clearedAcrossTenants = other.clearedAcrossTenants;
    }
  }

  @Override
  MemcachedConfiguration<K, V> self() {
    return this;
  }

  /**
   * {@return how old a version may be that an operation relies on} Zero if versions are checked in
   * the operation's own round trip; null if the manager's configuration decides.
   */
  public @Nullable Duration getStaleness() {
    return staleness;
  }

  /**
   * Makes each operation check the versions in its own round trip.
   *
   * @return this
   */
  public MemcachedConfiguration<K, V> setStrict() {
    staleness = Duration.ZERO;
    return this;
  }

  /**
   * Makes operations trust versions for a while: a clear by another process may be noticed that
   * much later.
   *
   * @param newStaleness how long, more than zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative, or more than an hour
   */
  public MemcachedConfiguration<K, V> setBounded(Duration newStaleness) {
    Duration most = Duration.ofHours(1);
    if (newStaleness.isZero() || newStaleness.isNegative() || newStaleness.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "The staleness is "
              + newStaleness
              + "; expected more than zero, up to "
              + most
              + ", or setStrict()");
    }
    staleness = newStaleness;
    return this;
  }

  /**
   * {@return how much the cache keeps in the memory of this process; null if the manager's
   * configuration decides}
   */
  public @Nullable NearLimit getNear() {
    return near;
  }

  /**
   * Makes reads serve entries from the memory of this process, without a round trip, until they may
   * be as old as the staleness. What this process changes it sees at once. This takes {@link
   * #setBounded}, an expiry policy that moves no deadline on access, and the library Caffeine:
   * without them the cache is refused when it is created.
   *
   * @param newLimit how much is kept, {@link NearLimit#NONE} for nothing; null if the manager's
   *     configuration decides
   * @return this
   */
  public MemcachedConfiguration<K, V> setNear(@Nullable NearLimit newLimit) {
    near = newLimit;
    return this;
  }

  /**
   * {@return what operations do while a server is away; null if the manager's configuration
   * decides}
   */
  public @Nullable FailureMode getFailureMode() {
    return failureMode;
  }

  /**
   * Sets what operations do while a server is away.
   *
   * @param newMode null if the manager's configuration decides
   * @return this
   */
  public MemcachedConfiguration<K, V> setFailureMode(@Nullable FailureMode newMode) {
    failureMode = newMode;
    return this;
  }

  /**
   * {@return what operations do that find an item which this process can't read; null if the
   * manager's configuration decides}
   */
  public @Nullable UnreadableMode getUnreadableMode() {
    return unreadableMode;
  }

  /**
   * Sets what operations do that find an item under the key of an entry which this process can't
   * read.
   *
   * @param newMode null if the manager's configuration decides
   * @return this
   */
  public MemcachedConfiguration<K, V> setUnreadableMode(@Nullable UnreadableMode newMode) {
    unreadableMode = newMode;
    return this;
  }

  /**
   * {@return the factory of the serializer} Null if the manager's configuration decides, which is
   * Java serialization behind an allow-list by default.
   */
  public @Nullable Factory<? extends Serializer> getSerializerFactory() {
    return serializerFactory;
  }

  /**
   * Sets what serializes values and keys that have no encoding of their own. All processes that
   * share the cache must use the same serializer. It is created once for each cache, and closed
   * with the cache if it is {@link AutoCloseable}.
   *
   * @param newFactory the factory; null if the manager's configuration decides
   * @return this
   */
  public MemcachedConfiguration<K, V> setSerializerFactory(
      @Nullable Factory<? extends Serializer> newFactory) {
    serializerFactory = newFactory;
    return this;
  }

  /**
   * {@return the factory of the expiry policy that sees entries} Null if the one counts that {@link
   * #getExpiryPolicyFactory} returns.
   */
  public @Nullable Factory<? extends EntryExpiry<? super K, ? super V>> getEntryExpiryFactory() {
    return entryExpiryFactory;
  }

  /**
   * Sets an expiry policy that sees key and value, in place of JCache's. It also takes the place of
   * the expiry that the manager's configuration says. A cache that is given both this and an {@link
   * ExpiryPolicy} that isn't eternal is refused when it is created.
   *
   * @param newFactory the factory; null if JCache's policy, or the manager's configuration, decides
   * @return this
   */
  public MemcachedConfiguration<K, V> setEntryExpiryFactory(
      @Nullable Factory<? extends EntryExpiry<? super K, ? super V>> newFactory) {
    entryExpiryFactory = newFactory;
    return this;
  }

  /**
   * {@return patterns of classes that may be serialized and read back} The classes that the
   * manager's configuration allows, and the types of keys and values, are allowed as well.
   */
  public List<String> getAllowedClasses() {
    return List.of(allowedClasses);
  }

  /**
   * Allows classes to be serialized and read back, besides those that the manager's configuration
   * allows and the types of keys and values. This concerns Java serialization only, not a custom
   * serializer.
   *
   * @param patterns {@code com.acme.Person}, {@code com.acme.*} or {@code com.acme.**}; an invalid
   *     pattern is refused when the cache is created
   * @return this
   */
  public MemcachedConfiguration<K, V> setAllowedClasses(String... patterns) {
    allowedClasses = // none of them null
        patterns.length == 0 ? NO_CLASSES : List.of(patterns).toArray(String[]::new);
    return this;
  }

  /** {@return whether the cache can be cleared along with those of its name in other tenants} */
  public boolean isClearedAcrossTenants() {
    return clearedAcrossTenants;
  }

  /**
   * Gives the cache one more level, which it shares with the caches of its name in all tenants of
   * the application, so that {@link MemcachedCacheManager#clearAcrossTenants(String)} clears them
   * all by one increment. Each operation reads one version more, in the same round trip. All
   * processes that use the cache, in any tenant, must say the same: entries that were stored
   * otherwise aren't found.
   *
   * @param isAcross whether it can
   * @return this
   */
  public MemcachedConfiguration<K, V> setClearedAcrossTenants(boolean isAcross) {
    clearedAcrossTenants = isAcross;
    return this;
  }

  /**
   * {@return whether {@code removeAll()} counts each entry while statistics are enabled} True
   * unless it was set to false.
   */
  public boolean isRemoveAllCounted() {
    return removeAllCounted;
  }

  /**
   * Sets whether {@code removeAll()} counts each entry that it removes while statistics are
   * enabled, as in JCache. To find the entries it walks over all items of all servers. Without
   * counting it is the same single increment as {@code clear()}, unless a writer or a listener
   * wants each entry. Spring calls it to clear a cache.
   *
   * @param counted whether to count; false here overrides true in the manager's configuration
   * @return this
   */
  public MemcachedConfiguration<K, V> setRemoveAllCounted(boolean counted) {
    removeAllCounted = counted;
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> setTypes(Class<K> keyType, Class<V> valueType) {
    super.setTypes(keyType, valueType);
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> addCacheEntryListenerConfiguration(
      CacheEntryListenerConfiguration<K, V> listener) {
    super.addCacheEntryListenerConfiguration(listener);
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> removeCacheEntryListenerConfiguration(
      CacheEntryListenerConfiguration<K, V> listener) {
    super.removeCacheEntryListenerConfiguration(listener);
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> setCacheWriterFactory(
      @Nullable Factory<? extends CacheWriter<? super K, ? super V>> factory) {
    super.setCacheWriterFactory(factory);
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> setExpiryPolicyFactory(
      @Nullable Factory<? extends ExpiryPolicy> factory) {
    super.setExpiryPolicyFactory(factory);
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> setWriteThrough(boolean isWriteThrough) {
    super.setWriteThrough(isWriteThrough);
    return this;
  }

  /** Values are always stored by value; store by reference is refused when a cache is created. */
  @Override
  public MemcachedConfiguration<K, V> setStoreByValue(boolean isStoreByValue) {
    super.setStoreByValue(isStoreByValue);
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> setStatisticsEnabled(boolean enabled) {
    super.setStatisticsEnabled(enabled);
    return this;
  }

  @Override
  public MemcachedConfiguration<K, V> setManagementEnabled(boolean enabled) {
    super.setManagementEnabled(enabled);
    return this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MemcachedConfiguration<?, ?> configuration
        && super.equals(other)
        && Objects.equals(staleness, configuration.staleness)
        && Objects.equals(near, configuration.near)
        && failureMode == configuration.failureMode
        && unreadableMode == configuration.unreadableMode
        && Objects.equals(serializerFactory, configuration.serializerFactory)
        && Objects.equals(entryExpiryFactory, configuration.entryExpiryFactory)
        && Arrays.equals(allowedClasses, configuration.allowedClasses)
        && removeAllCounted == configuration.removeAllCounted
        && clearedAcrossTenants == configuration.clearedAcrossTenants;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(),
        staleness,
        near,
        failureMode,
        unreadableMode,
        serializerFactory,
        entryExpiryFactory,
        Arrays.hashCode(allowedClasses),
        removeAllCounted,
        clearedAcrossTenants);
  }
}
