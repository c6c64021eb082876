// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.annotation.CacheResult;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/**
 * Stands for something slow, and numbers its look-ups: the same number again comes from the cache.
 * The caches are those of the request's tenant, and nothing here knows.
 */
@Service
class Hotels {

  record Hotel(long id, String name, long lookup) implements Serializable {}

  record Price(long hotel, int nights, int euros, long lookup) implements Serializable {}

  private final AtomicLong lookups = new AtomicLong();
  private final Map<Long, String> names =
      new ConcurrentHashMap<>(Map.of(1L, "Casa Alfama", 2L, "Tejo"));

  @Cacheable("hotels")
  public Hotel find(long id) {
    return new Hotel(id, names.getOrDefault(id, "unknown"), lookups.incrementAndGet());
  }

  @CachePut(cacheNames = "hotels", key = "#id")
  public Hotel rename(long id, String name) {
    names.put(id, name);
    return find(id);
  }

  /** JCache's own annotation. Two parameters make a key of several parts. */
  @CacheResult(cacheName = "prices")
  public Price price(long id, int nights) {
    return new Price(id, nights, 80 * nights, lookups.incrementAndGet());
  }

  @CacheEvict(
      cacheNames = {"hotels", "prices"},
      allEntries = true)
  public void forget() {}
}
