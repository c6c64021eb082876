// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** A slow directory behind the annotations; each look-up has a number. */
public class Hotels {

  /** The smallest application: what a user writes. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableCaching
  static class Application {
    @Bean
    Hotels hotels() {
      return new Hotels();
    }
  }

  /** The same with tenants, of whom a thread-local variable says the current one. */
  @Configuration(proxyBeanMethods = false)
  static class WithTenants extends Application {

    static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();

    @Bean
    TenantResolver tenants() {
      return TENANT::get;
    }

    static <T> T as(String tenant, Callable<T> action) throws Exception {
      TENANT.set(tenant);
      try {
        return action.call();
      } finally {
        TENANT.remove();
      }
    }
  }

  record Hotel(long id, int lookup) implements Serializable {}

  /** What is behind the annotated methods. */
  static final class Directory {

    final AtomicInteger lookups = new AtomicInteger();

    /** What {@link #later} returns, to be completed by the test. */
    volatile CompletableFuture<Hotel> pending = new CompletableFuture<>();

    volatile CallInProgress inProgress = () -> {};
  }

  private final Directory directory = new Directory();

  /** Returns what a proxy of this has no field for. */
  Directory directory() {
    return directory;
  }

  /** What happens during a look-up. */
  @FunctionalInterface
  interface CallInProgress {
    void run() throws Exception;
  }

  @Cacheable("hotels")
  public Hotel find(long id) {
    return lookUp(id);
  }

  @Cacheable(cacheNames = "hotels", sync = true)
  public Hotel findOnce(long id) throws Exception {
    directory.inProgress.run();
    return lookUp(id);
  }

  @Cacheable("missing")
  public @Nullable Hotel findNothing(long id) {
    directory.lookups.incrementAndGet();
    return null;
  }

  @Cacheable("hotels")
  public CompletableFuture<Hotel> later(long id) {
    return directory.pending;
  }

  @Cacheable(cacheNames = "hotels", cacheManager = "cacheManager")
  public CompletableFuture<Hotel> laterByNamedManager(long id) {
    return directory.pending;
  }

  @CachePut("hotels")
  public CompletableFuture<Hotel> refreshLater(long id) {
    return directory.pending;
  }

  @Cacheable(cacheNames = "hotels", sync = true)
  public CompletableFuture<Hotel> laterOnce(long id) {
    return CompletableFuture.supplyAsync(() -> lookUp(id));
  }

  @Cacheable("hotels")
  public Mono<Hotel> publish(long id) {
    return Mono.fromSupplier(() -> lookUp(id));
  }

  @CacheResult(cacheName = "hotels")
  public Hotel findByJCache(@CacheKey long id, @CacheKey String language) {
    return lookUp(id);
  }

  @CachePut(cacheNames = "hotels", key = "#id")
  public Hotel refresh(long id) {
    return lookUp(id);
  }

  @CacheEvict(cacheNames = "hotels", allEntries = true)
  public void forget() {}

  @CacheEvict(cacheNames = "hotels", allEntries = true, beforeInvocation = true)
  public void forgetBefore() {}

  @CacheRemoveAll(cacheName = "hotels")
  public void forgetByJCache() {}

  private Hotel lookUp(long id) {
    return new Hotel(id, directory.lookups.incrementAndGet());
  }
}
