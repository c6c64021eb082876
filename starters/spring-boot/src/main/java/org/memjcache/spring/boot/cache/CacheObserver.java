// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCache;

/** Is told which caches are open in this process. Called by any thread. */
public interface CacheObserver {

  /**
   * A cache was opened.
   *
   * @param tenant whose it is; null for the application
   */
  void opened(@Nullable String tenant, MemcachedCache<?, ?> cache);

  /** The caches of a tenant were closed. */
  void dropped(String tenant);
}
