package org.memjcache.internal.codec.serialization;

import java.util.Set;

/**
 * The classes that frameworks put into a cache of their own accord, around what belongs to the
 * application: always allowed, so that nobody has to find them out one by one.
 *
 * <p>They hold data and nothing else. None of them runs code when read, apart from {@code hashCode}
 * of what it holds, which is itself checked. Named one by one, because their packages hold other
 * classes too.
 */
final class FrameworkTypes {

  private static final Set<String> NAMES =
      Set.of(
          // Spring's cache abstraction: a key of several parameters, and null
          "org.springframework.cache.interceptor.SimpleKey",
          "org.springframework.cache.support.NullValue",
          // Hibernate ORM 6 and 7, second-level cache: keys of entities, collections, natural ids
          "org.hibernate.cache.internal.BasicCacheKeyImplementation",
          "org.hibernate.cache.internal.CacheKeyImplementation",
          "org.hibernate.cache.internal.NaturalIdCacheKey",
          // their values, and the locks that stand in for them
          "org.hibernate.cache.spi.entry.CollectionCacheEntry",
          "org.hibernate.cache.spi.entry.StandardCacheEntryImpl",
          "org.hibernate.cache.spi.support.AbstractReadWriteAccess$Item",
          "org.hibernate.cache.spi.support.AbstractReadWriteAccess$SoftLockImpl",
          // and the query cache
          "org.hibernate.cache.internal.QueryResultsCacheImpl$CacheItem",
          "org.hibernate.cache.spi.QueryKey",
          "org.hibernate.query.internal.QueryParameterBindingsImpl$ParameterBindingsMementoImpl");

  private FrameworkTypes() {}

  /** Tells whether a class is always allowed, by its binary name; arrays are not. */
  static boolean include(String name) {
    return NAMES.contains(name);
  }
}
