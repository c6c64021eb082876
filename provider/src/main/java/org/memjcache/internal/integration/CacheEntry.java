// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

import java.util.Objects;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Unwrapping;

/**
 * An entry as an iterator returns it and a cache writer gets it: a copy, which later changes of the
 * cache don't touch.
 */
public record CacheEntry<K, V>(K key, V value) implements Cache.Entry<K, V> {

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
    return Unwrapping.unwrap(this, type, "An entry");
  }

  /** Values may be arrays. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CacheEntry<?, ?> entry
        && key.equals(entry.key)
        && Objects.deepEquals(value, entry.value);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
