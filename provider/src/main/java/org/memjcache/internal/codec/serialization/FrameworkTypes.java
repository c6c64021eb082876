// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.util.Set;
import javax.cache.annotation.GeneratedCacheKey;

/**
 * The classes that frameworks put into a cache of their own accord, around what belongs to the
 * application: always allowed, so that nobody has to find them out one by one.
 *
 * <p>They hold data and nothing else. None of them runs code when read, apart from {@code hashCode}
 * of what it holds, which is itself checked. Named one by one, because their packages hold other
 * classes too.
 */
final class FrameworkTypes {

  /** Keys that keep their hash code in a field that is serialized. */
  private static final Set<String> WITH_HASH =
      Set.of(
          // Hibernate ORM 6 and 7, second-level cache: keys of entities, collections, natural ids
          "org.hibernate.cache.internal.BasicCacheKeyImplementation",
          "org.hibernate.cache.internal.CacheKeyImplementation",
          "org.hibernate.cache.internal.NaturalIdCacheKey",
          // Micronaut's annotated methods with several parameters
          "io.micronaut.cache.interceptor.ParametersKey");

  private static final Set<String> NAMES =
      Set.of(
          // Spring's cache abstraction: a key of several parameters, and null
          "org.springframework.cache.interceptor.SimpleKey",
          "org.springframework.cache.support.NullValue",
          // Apache Shiro: the key of a user's roles and permissions, and these
          "org.apache.shiro.subject.SimplePrincipalCollection",
          "org.apache.shiro.authz.SimpleAuthorizationInfo",
          "org.apache.shiro.authz.permission.WildcardPermission",
          // Hibernate ORM 6 and 7, second-level cache: values, and the locks that stand in for them
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
    return NAMES.contains(name) || WITH_HASH.contains(name);
  }

  /**
   * Tells whether a key holds in each place objects of one class only, whatever the application
   * passes: Hibernate turns it into what the mapping says.
   */
  static boolean convertsItsParts(String name) {
    return name.startsWith("org.hibernate.cache.") && include(name);
  }

  /**
   * Tells whether a class may serialize its hash code as a field {@code hashCode}; those of
   * JCache's annotations may.
   */
  static boolean keepsHash(Class<?> type) {
    return WITH_HASH.contains(type.getName()) || GeneratedCacheKey.class.isAssignableFrom(type);
  }
}
