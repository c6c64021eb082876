// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.memjcache.MemcachedCacheManager;

/** The regions of the application, or of one tenant, that are open in this process. Thread-safe. */
final class OpenTenant {

  private final MemcachedCacheManager manager;
  private final Map<String, OpenRegion> regions = new ConcurrentHashMap<>();

  OpenTenant(MemcachedCacheManager manager) {
    this.manager = manager;
  }

  MemcachedCacheManager manager() {
    return manager;
  }

  /** Returns the regions that were used here, by name. */
  Stream<Map.Entry<String, OpenRegion>> regions() {
    return regions.entrySet().stream().sorted(Map.Entry.comparingByKey());
  }

  /** Returns a region, opened if it wasn't used yet. */
  OpenRegion region(String name, Function<MemcachedCacheManager, OpenRegion> opening) {
    OpenRegion known = regions.get(name);
    return known == null ? regions.computeIfAbsent(name, unknown -> opening.apply(manager)) : known;
  }
}
