package org.memjcache.internal.integration;

import javax.cache.Cache;

/**
 * One entry on its way to the cache writer, independent of the cache's mapping as {@link
 * javax.cache.integration.CacheWriter} demands.
 *
 * <p>Equality is identity: a writer may keep entries in hash sets whatever its values are.
 * Immutable, as far as key and value are.
 */
final class WriterEntry<K, V> implements Cache.Entry<K, V> {
  private final K key;
  private final V value;

  WriterEntry(K key, V value) {
    this.key = key;
    this.value = value;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (!type.isInstance(this)) {
      throw new IllegalArgumentException(
          "An entry for the cache writer can't be unwrapped to " + type.getName());
    }
    return type.cast(this);
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
