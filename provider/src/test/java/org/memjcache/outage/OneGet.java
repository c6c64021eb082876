// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import java.net.URI;
import java.util.Scanner;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.memjcache.MemcachedCachingProvider;

/** A process that answers each line with what comes of a get: the value, or the error. */
final class OneGet {

  private OneGet() {}

  public static void main(String[] arguments) {
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider();
        Scanner orders = new Scanner(System.in)) {
      Cache<String, String> cache =
          provider
              .getCacheManager(URI.create(arguments[0]), null)
              .createCache("cache", new MutableConfiguration<>());
      while (orders.hasNextLine()) {
        orders.nextLine();
        try {
          System.out.println(cache.get("k"));
        } catch (CacheException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
