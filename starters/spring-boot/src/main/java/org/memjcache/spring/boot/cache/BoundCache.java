// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * A cache of one tenant, or of the application, whichever thread uses it. Holds nothing open
 * between two operations. Thread-safe.
 *
 * <p>{@code retrieve} reads in another thread, as MemJCache waits for memcached.
 */
final class BoundCache implements Cache {

  private final Namespaces namespaces;
  private final @Nullable String tenant;
  private final String name;
  private final Executor retrieving;

  BoundCache(Namespaces namespaces, @Nullable String tenant, String name, Executor retrieving) {
    this.namespaces = namespaces;
    this.tenant = tenant;
    this.name = name;
    this.retrieving = retrieving;
  }

  @Override
  public String getName() {
    return name;
  }

  /** Returns the cache of MemJCache, which may be closed if its tenant isn't used for long. */
  @Override
  public Object getNativeCache() {
    return namespaces.call(tenant, name, MemcachedSpringCache::getNativeCache);
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    return namespaces.<@Nullable ValueWrapper>call(tenant, name, cache -> cache.get(key));
  }

  @Override
  public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
    return namespaces.<@Nullable T>call(tenant, name, cache -> cache.get(key, type));
  }

  @Override
  public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
    return namespaces.<@Nullable T>call(tenant, name, cache -> cache.get(key, valueLoader));
  }

  @Override
  public CompletableFuture<?> retrieve(Object key) {
    return CompletableFuture.supplyAsync(() -> get(key), retrieving);
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the caller says what T is; a future's null
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    return CompletableFuture.supplyAsync(() -> get(key), retrieving)
        .thenCompose(
            found ->
                found != null
                    ? CompletableFuture.completedFuture((T) found.get())
                    : valueLoader
                        .get()
                        .thenApplyAsync(
                            loaded -> {
                              put(key, loaded);
                              return loaded;
                            },
                            retrieving));
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    run(cache -> cache.put(key, value));
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    return namespaces.<@Nullable ValueWrapper>call(
        tenant, name, cache -> cache.putIfAbsent(key, value));
  }

  @Override
  public void evict(Object key) {
    run(cache -> cache.evict(key));
  }

  @Override
  public boolean evictIfPresent(Object key) {
    return namespaces.call(tenant, name, cache -> cache.evictIfPresent(key));
  }

  @Override
  public void clear() {
    run(MemcachedSpringCache::clear);
  }

  @Override
  public boolean invalidate() {
    return namespaces.call(tenant, name, MemcachedSpringCache::invalidate);
  }

  private void run(Consumer<MemcachedSpringCache> operation) {
    namespaces.<@Nullable Void>call(
        tenant,
        name,
        cache -> {
          operation.accept(cache);
          return null;
        });
  }

  @Override
  public String toString() {
    return Objects.requireNonNullElse(tenant, "application") + "/" + name;
  }
}
