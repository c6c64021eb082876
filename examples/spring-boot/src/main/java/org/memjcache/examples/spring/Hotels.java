package org.memjcache.examples.spring;

import javax.cache.annotation.CacheResult;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/**
 * The cached methods, with the annotations of Spring and of JCache. Nothing here knows about
 * tenants: {@link TenantCaches} chooses the caches of the request's tenant.
 */
@Service
class Hotels {

  private final Directory directory;

  Hotels(Directory directory) {
    this.directory = directory;
  }

  @Cacheable("hotels")
  public Hotel find(long id) {
    return directory.find(id);
  }

  @CachePut(cacheNames = "hotels", key = "#id")
  public Hotel rename(long id, String name) {
    return directory.rename(id, name);
  }

  /** JCache's own annotation. Two parameters make a key of several parts. */
  @CacheResult(cacheName = "prices")
  public Price price(long id, int nights) {
    return directory.price(id, nights);
  }

  /** Clears both caches of this tenant, each by one increment. */
  @CacheEvict(
      cacheNames = {"hotels", "prices"},
      allEntries = true)
  public void forget() {}
}
