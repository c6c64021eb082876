// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import java.net.URI;
import java.util.concurrent.CountDownLatch;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import org.memjcache.MemcachedCachingProvider;

/**
 * The program of a JVM with little memory, whose asynchronous listener never returns from its first
 * call. Arguments: the URI of an application, what to do to entries ({@code put}, {@code update} or
 * {@code remove}), to how many, and the length of their values.
 */
final class StuckListener
    implements CacheEntryCreatedListener<Integer, String>,
        CacheEntryUpdatedListener<Integer, String>,
        CacheEntryRemovedListener<Integer, String> {

  public static void main(String[] arguments) {
    String change = arguments[1];
    int entries = Integer.parseInt(arguments[2]);
    String value = "v".repeat(Integer.parseInt(arguments[3]));
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      Cache<Integer, String> cache =
          provider
              .getCacheManager(URI.create(arguments[0]), null)
              .createCache(change, new MutableConfiguration<>());
      if (!change.equals("put")) {
        for (int i = 0; i < entries; i++) {
          cache.put(i, value);
        }
      }
      cache.registerCacheEntryListener(
          new MutableCacheEntryListenerConfiguration<>(StuckListener::new, null, true, false));
      for (int i = 0; i < entries; i++) {
        if (change.equals("remove")) {
          cache.remove(i);
        } else {
          cache.put(i, i + value);
        }
      }
      System.out.println(entries + " changes made");
    }
  }

  @Override
  public void onCreated(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
    stop();
  }

  @Override
  public void onUpdated(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
    stop();
  }

  @Override
  public void onRemoved(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
    stop();
  }

  private static void stop() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
