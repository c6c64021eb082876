package org.memjcache.internal.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;
import org.memjcache.Consistency;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.UnreadableMode;
import org.memjcache.internal.text.ErrorText;

/**
 * What a configuration says of one cache. It counts where the program that makes the cache leaves a
 * setting as JCache has it by default: types {@code Object}, expiry eternal, everything else off.
 * Immutable and thread-safe.
 */
public final class CacheDefaults {
  private final String cacheName;
  private final Map<Option<?>, SuppliedOption> given;

  private CacheDefaults(String cacheName, Map<Option<?>, SuppliedOption> given) {
    this.cacheName = cacheName;
    this.given = given;
  }

  /**
   * Chooses among what matches a cache.
   *
   * @param matching the more specific first
   */
  static CacheDefaults of(String cacheName, List<SuppliedOption> matching) {
    Map<Option<?>, SuppliedOption> chosen = new HashMap<>();
    for (SuppliedOption one : matching) {
      SuppliedOption other = chosen.putIfAbsent(one.name().option(), one);
      if (other != null && isUndecided(one, other)) {
        throw new InvalidConfigurationException(
            "for the cache "
                + ErrorText.of(cacheName)
                + ", option "
                + other.name()
                + " in "
                + other.place()
                + " and option "
                + one.name()
                + " in "
                + one.place()
                + " conflict and are equally specific; set this option under the cache's own name");
      }
    }
    return new CacheDefaults(cacheName, chosen);
  }

  private static boolean isUndecided(SuppliedOption one, SuppliedOption other) {
    return specificity(one) == specificity(other) && !one.value().equals(other.value());
  }

  /**
   * Sets what the program left open.
   *
   * @throws InvalidConfigurationException if a class isn't there or isn't fit; names the cache, the
   *     option and where it was given
   */
  public <K, V> void complete(MemcachedConfiguration<K, V> configuration, ClassLoader loader) {
    completeTypes(configuration, loader);
    SuppliedOption expiry = given.get(Options.CACHE_EXPIRY);
    if (expiry != null
        && configuration.getEntryExpiryFactory() == null
        && configuration.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf())) {
      configuration.setExpiryPolicyFactory(expiry.valueOf(Options.CACHE_EXPIRY));
    }
    completeLoader(configuration, loader);
    completeWriter(configuration, loader);
    configuration.setStatisticsEnabled(
        configuration.isStatisticsEnabled() || isOn(Options.CACHE_STATISTICS));
    configuration.setManagementEnabled(
        configuration.isManagementEnabled() || isOn(Options.CACHE_MANAGEMENT));
    configuration.setReadThrough(configuration.isReadThrough() || isOn(Options.CACHE_READ_THROUGH));
    configuration.setWriteThrough(
        configuration.isWriteThrough() || isOn(Options.CACHE_WRITE_THROUGH));
  }

  @SuppressWarnings("unchecked") // whatever K and V are: the cache checks keys and values itself
  private <K, V> void completeTypes(MutableConfiguration<K, V> configuration, ClassLoader loader) {
    Class<?> keyType = typeOf(Options.CACHE_KEY_TYPE, configuration.getKeyType(), loader);
    Class<?> valueType = typeOf(Options.CACHE_VALUE_TYPE, configuration.getValueType(), loader);
    configuration.setTypes((Class<K>) keyType, (Class<V>) valueType);
  }

  private Class<?> typeOf(Option<String> option, Class<?> chosen, ClassLoader loader) {
    NamedClass named = named(option);
    return named == null || chosen != Object.class ? chosen : named.find(loader);
  }

  @SuppressWarnings("unchecked") // a loader can't be asked which types it loads
  private <K, V> void completeLoader(MutableConfiguration<K, V> configuration, ClassLoader loader) {
    NamedClass named = named(Options.CACHE_LOADER);
    if (named != null && configuration.getCacheLoaderFactory() == null) {
      configuration.setCacheLoaderFactory(
          (Factory<? extends CacheLoader<K, V>>)
              (Factory<?>) named.factory(CacheLoader.class, loader));
    }
  }

  @SuppressWarnings("unchecked") // a writer can't be asked which types it writes
  private <K, V> void completeWriter(MutableConfiguration<K, V> configuration, ClassLoader loader) {
    NamedClass named = named(Options.CACHE_WRITER);
    if (named != null && configuration.getCacheWriterFactory() == null) {
      configuration.setCacheWriterFactory(
          (Factory<? extends CacheWriter<? super K, ? super V>>)
              (Factory<?>) named.factory(CacheWriter.class, loader));
    }
  }

  /** Returns the class that serializes the cache's values. */
  public @Nullable NamedClass serializer() {
    return named(Options.CACHE_SERIALIZER);
  }

  /** Returns what operations do while a server is away. */
  public FailureMode failure(FailureMode ofManager) {
    SuppliedOption one = given.get(Options.CACHE_FAILURE);
    return one == null ? ofManager : one.valueOf(Options.CACHE_FAILURE);
  }

  /** Returns what operations do that find an entry which can't be read. */
  public UnreadableMode unreadable(UnreadableMode ofManager) {
    SuppliedOption one = given.get(Options.CACHE_UNREADABLE);
    return one == null ? ofManager : one.valueOf(Options.CACHE_UNREADABLE);
  }

  /**
   * Returns how old a version may be that an operation relies on.
   *
   * @throws InvalidConfigurationException if a staleness is said, but consistency is strict
   */
  public Duration staleness(Duration ofManager) {
    SuppliedOption consistency = given.get(Options.CACHE_CONSISTENCY);
    SuppliedOption staleness = given.get(Options.CACHE_STALENESS);
    boolean bounded =
        consistency == null
            ? !ofManager.isZero()
            : consistency.valueOf(Options.CACHE_CONSISTENCY) == Consistency.BOUNDED;
    if (bounded) {
      if (staleness != null) {
        return staleness.valueOf(Options.CACHE_STALENESS);
      }
      return ofManager.isZero() ? Options.STALENESS.defaultValue() : ofManager;
    }
    if (staleness != null && isMeantWith(staleness, consistency)) {
      throw new InvalidConfigurationException(
          "option "
              + staleness.name()
              + " in "
              + staleness.place()
              + " is given, but the consistency of the cache "
              + ErrorText.of(cacheName)
              + " is strict; leave it out, or set the cache's consistency to bounded");
    }
    return Duration.ZERO;
  }

  /** Returns whether the first isn't less specific than the second, so that they ought to fit. */
  private static boolean isMeantWith(SuppliedOption one, @Nullable SuppliedOption other) {
    return other == null || specificity(one) >= specificity(other);
  }

  private static int specificity(SuppliedOption one) {
    CachePattern pattern = one.name().caches();
    return pattern == null ? -1 : pattern.specificity();
  }

  /** Returns whether {@code removeAll()} counts each entry. */
  public boolean countRemoveAll(boolean ofProgram) {
    SuppliedOption one = given.get(Options.CACHE_COUNT_REMOVE_ALL);
    return ofProgram && (one == null || one.valueOf(Options.CACHE_COUNT_REMOVE_ALL));
  }

  private boolean isOn(Option<Boolean> option) {
    SuppliedOption one = given.get(option);
    return one != null && one.valueOf(option);
  }

  private @Nullable NamedClass named(Option<String> option) {
    SuppliedOption one = given.get(option);
    return one == null
        ? null
        : NamedClass.of(one, option, ", for the cache " + ErrorText.of(cacheName));
  }
}
