// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Any JCache provider, through JCache alone: eternal entries, stored by value, without statistics,
 * listeners, loaders and writers.
 */
final class JCacheContestant implements Contestant {

  private static final Increment INCREMENT = new Increment();

  private final Runnable end;
  private final Cache<String, String> entries;
  private final Cache<String, Long> numbers;

  /**
   * Creates the caches.
   *
   * @param manager where
   * @param adaptation adapts a configuration to the provider
   * @param end closes the provider and everything it opened
   */
  JCacheContestant(CacheManager manager, Adaptation adaptation, Runnable end) {
    this.end = end;
    this.entries =
        manager.createCache(
            "entries",
            adaptation.of(
                new MutableConfiguration<String, String>().setTypes(String.class, String.class)));
    this.numbers =
        manager.createCache(
            "numbers",
            adaptation.of(
                new MutableConfiguration<String, Long>().setTypes(String.class, Long.class)));
  }

  /** Turns a configuration into the one that a provider wants. */
  interface Adaptation {
    /** Takes configurations as they are. */
    Adaptation NONE =
        new Adaptation() {
          @Override
          public <K, V> Configuration<K, V> of(Configuration<K, V> configuration) {
            return configuration;
          }
        };

    /** Returns what to create a cache with. */
    <K, V> Configuration<K, V> of(Configuration<K, V> configuration);
  }

  @Override
  public @Nullable String get(String key) {
    return entries.get(key);
  }

  @Override
  public void put(String key, String value) {
    entries.put(key, value);
  }

  @Override
  public boolean putIfAbsent(String key, String value) {
    return entries.putIfAbsent(key, value);
  }

  @Override
  public long increment(String key) {
    return Objects.requireNonNull(numbers.invoke(key, INCREMENT));
  }

  @Override
  public Map<String, String> getAll(Set<String> keys) {
    return entries.getAll(keys);
  }

  @Override
  public void putAll(Map<String, String> map) {
    entries.putAll(map);
  }

  @Override
  public void clear() {
    entries.clear();
  }

  @Override
  public void clearElsewhere() {
    numbers.clear();
  }

  @Override
  public void removeAll() {
    entries.removeAll();
  }

  @Override
  public int iterate() {
    int count = 0;
    for (Cache.Entry<String, String> entry : entries) {
      if (!entry.getValue().isEmpty()) {
        count++;
      }
    }
    return count;
  }

  @Override
  public void close() {
    end.run();
  }
}
