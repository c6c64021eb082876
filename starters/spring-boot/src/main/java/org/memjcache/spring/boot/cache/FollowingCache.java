// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * The cache of whichever tenant the calling thread works for: what an application gets from
 * Spring's cache manager and may keep in a field. Each operation is that of one tenant's cache
 * until its end, also where it ends in another thread. Thread-safe.
 */
final class FollowingCache implements Cache {

  private final String name;
  private final Supplier<Cache> current;

  FollowingCache(String name, Supplier<Cache> current) {
    this.name = name;
    this.current = current;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public Object getNativeCache() {
    return current.get().getNativeCache();
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    return current.get().get(key);
  }

  @Override
  public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
    return current.get().get(key, type);
  }

  @Override
  public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
    return current.get().get(key, valueLoader);
  }

  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    return current.get().retrieve(key);
  }

  @Override
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    return current.get().retrieve(key, valueLoader);
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    current.get().put(key, value);
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    return current.get().putIfAbsent(key, value);
  }

  @Override
  public void evict(Object key) {
    current.get().evict(key);
  }

  @Override
  public boolean evictIfPresent(Object key) {
    return current.get().evictIfPresent(key);
  }

  @Override
  public void clear() {
    current.get().clear();
  }

  @Override
  public boolean invalidate() {
    return current.get().invalidate();
  }
}
