// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.cache.configuration.Factory;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;
import org.memjcache.Consistency;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NearLimit;
import org.memjcache.Serializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.value.LoadSettings;
import org.memjcache.internal.text.ErrorText;

/**
 * What a configuration says of one cache. It counts where the program that makes the cache leaves a
 * setting as JCache has it by default: types {@code Object}, expiry eternal, everything else off.
 * Where it says nothing, what it says of the manager counts. Immutable.
 */
record CacheDefaults(String cacheName, Map<Option<?>, SuppliedOption> given) {

  /** Chooses among what matches a cache, the more specific first. */
  static CacheDefaults of(String cacheName, List<SuppliedOption> matching) {
    Map<Option<?>, SuppliedOption> chosen = new HashMap<>();
    for (SuppliedOption one : matching) {
      SuppliedOption other = chosen.putIfAbsent(one.option(), one);
      if (other != null
          && other.specificity() == one.specificity()
          && !other.value().equals(one.value())) {
        throw invalid(
            "for the cache %s, option %s in %s and option %s in %s conflict and are equally"
                + " specific; set this option under the cache's own name",
            ErrorText.of(cacheName), other.name(), other.place(), one.name(), one.place());
      }
    }
    return new CacheDefaults(cacheName, chosen);
  }

  /** Sets what the program left open. */
  <K, V> void complete(
      MemcachedConfiguration<K, V> cache, ManagerSettings manager, ClassLookup classes) {
    completeParts(cache, classes);
    if (cache.getEntryExpiryFactory() == null
        && cache.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf())) {
      find(Options.CACHE_EXPIRY).ifPresent(cache::setExpiryPolicyFactory);
    }
    cache.setStatisticsEnabled(cache.isStatisticsEnabled() || isOn(Options.CACHE_STATISTICS));
    cache.setManagementEnabled(cache.isManagementEnabled() || isOn(Options.CACHE_MANAGEMENT));
    cache.setReadThrough(cache.isReadThrough() || isOn(Options.CACHE_READ_THROUGH));
    cache.setWriteThrough(cache.isWriteThrough() || isOn(Options.CACHE_WRITE_THROUGH));
    cache.setRemoveAllCounted(
        cache.isRemoveAllCounted() && find(Options.CACHE_COUNT_REMOVE_ALL).orElse(true));
    cache.setClearedAcrossTenants(
        cache.isClearedAcrossTenants() || isOn(Options.CACHE_ACROSS_TENANTS));
    Duration staleness = staleness(manager.staleness());
    if (cache.getStaleness() == null && staleness.isZero()) {
      cache.setStrict();
    } else if (cache.getStaleness() == null) {
      cache.setBounded(staleness);
    }
    cache.setNear(near(cache.getNear(), cache.getStaleness()));
    if (cache.getFailureMode() == null) {
      cache.setFailureMode(find(Options.CACHE_FAILURE).orElse(manager.failure()));
    }
    if (cache.getUnreadableMode() == null) {
      cache.setUnreadableMode(find(Options.CACHE_UNREADABLE).orElse(manager.unreadable()));
    }
    completeLoading(cache, manager.loading());
    NamedClass serializer = named(Options.CACHE_SERIALIZER).orElse(manager.serializer());
    if (serializer != null && cache.getSerializerFactory() == null) {
      cache.setSerializerFactory(serializer.factory(Serializer.class, classes));
    }
  }

  private void completeLoading(MemcachedConfiguration<?, ?> cache, LoadSettings manager) {
    if (cache.getLoadLease() == null) {
      cache.setLoadLease(find(Options.CACHE_LOAD_LEASE).orElse(manager.lease()));
    }
    if (cache.getLoadNull() == null) {
      cache.setLoadNull(find(Options.CACHE_LOAD_NULL).orElse(manager.forNull()));
    }
    if (cache.getClearGrace() == null) {
      cache.setClearGrace(find(Options.CACHE_CLEAR_GRACE).orElse(manager.grace()));
    }
    if (cache.isPlainGetGraced() == null) {
      cache.setPlainGetGraced(find(Options.CACHE_CLEAR_GRACE_PLAIN).orElse(manager.plainGrace()));
    }
    if (cache.getRefreshAfter() == null) {
      cache.setRefreshAfter(find(Options.CACHE_REFRESH_AFTER).orElse(Duration.ZERO));
    }
    if (cache.getExpiryJitter() == null) {
      cache.setExpiryJitter(find(Options.CACHE_EXPIRY_JITTER).orElse(0));
    }
  }

  @SuppressWarnings("unchecked") // the cache checks keys and values itself; parts can't be asked
  private <K, V> void completeParts(MemcachedConfiguration<K, V> cache, ClassLookup classes) {
    cache.setTypes(
        (Class<K>) typeOf(Options.CACHE_KEY_TYPE, cache.getKeyType(), classes),
        (Class<V>) typeOf(Options.CACHE_VALUE_TYPE, cache.getValueType(), classes));
    NamedClass ofLoader = named(Options.CACHE_LOADER).orElse(null);
    if (ofLoader != null && cache.getCacheLoaderFactory() == null) {
      Factory<?> factory = ofLoader.factory(CacheLoader.class, classes);
      cache.setCacheLoaderFactory((Factory<? extends CacheLoader<K, V>>) factory);
    }
    NamedClass ofWriter = named(Options.CACHE_WRITER).orElse(null);
    if (ofWriter != null && cache.getCacheWriterFactory() == null) {
      Factory<?> factory = ofWriter.factory(CacheWriter.class, classes);
      cache.setCacheWriterFactory((Factory<? extends CacheWriter<? super K, ? super V>>) factory);
    }
  }

  private Class<?> typeOf(Option<String> option, Class<?> chosen, ClassLookup classes) {
    NamedClass named = named(option).orElse(null);
    return named == null || chosen != Object.class ? chosen : named.find(classes);
  }

  private Duration staleness(Duration ofManager) {
    boolean bounded =
        find(Options.CACHE_CONSISTENCY)
            .map(Consistency.BOUNDED::equals)
            .orElse(!ofManager.isZero());
    if (bounded) {
      return find(Options.CACHE_STALENESS)
          .orElse(ofManager.isZero() ? Options.STALENESS.defaultValue() : ofManager);
    }
    SuppliedOption idle = given.get(Options.CACHE_STALENESS);
    if (idle != null && !isForOthers(idle)) {
      throw invalid(
          "option %s in %s is given, but the consistency of the cache %s is strict; leave it out,"
              + " or set the cache's consistency to bounded",
          idle.name(), idle.place(), ErrorText.of(cacheName));
    }
    return Duration.ZERO;
  }

  /** Returns how much is kept near, of what the program says or else this. */
  private NearLimit near(@Nullable NearLimit chosen, @Nullable Duration staleness) {
    SuppliedOption option = given.get(Options.CACHE_NEAR);
    NearLimit near = chosen == null ? find(Options.CACHE_NEAR).orElse(NearLimit.NONE) : chosen;
    if (near.isNone() || !Duration.ZERO.equals(staleness)) {
      return near;
    }
    if (chosen == null && option != null && isForOthers(option)) {
      return NearLimit.NONE;
    }
    throw invalid(
        "%s, but the consistency of the cache %s is strict: whether a copy in memory is still"
            + " current, only memcached can say, which takes the same round trip as to read it;"
            + " set the cache's consistency to bounded, with the staleness that may be, or near to"
            + " none",
        chosen == null && option != null
            ? "option " + option.name() + " in " + option.place() + " is given"
            : "entries are to be kept near",
        ErrorText.of(cacheName));
  }

  /**
   * Returns whether an option that means nothing for a strict cache is meant for others: if what
   * makes this one strict is the more specific.
   */
  private boolean isForOthers(SuppliedOption option) {
    SuppliedOption reason = given.get(Options.CACHE_CONSISTENCY);
    return reason != null && option.specificity() < reason.specificity();
  }

  private boolean isOn(Option<Boolean> option) {
    return find(option).orElse(false);
  }

  private <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable(given.get(option)).map(one -> one.valueOf(option));
  }

  private Optional<NamedClass> named(Option<String> option) {
    return Optional.ofNullable(given.get(option))
        .map(one -> NamedClass.of(one, ", for the cache " + ErrorText.of(cacheName)));
  }
}
