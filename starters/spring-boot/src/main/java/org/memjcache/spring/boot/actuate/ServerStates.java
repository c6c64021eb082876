// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.actuate;

import java.util.Map;
import java.util.TreeMap;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.PingResult;
import org.memjcache.spring.boot.options.ManagerConfiguration;

/**
 * Which servers answer, for health indicators. With {@code failure=miss} the application works
 * without a server: to take it out of service then would make an outage of the cache one of the
 * application. Immutable.
 *
 * @param status {@code UP} if all servers answer, else {@code DEGRADED} with {@code failure=miss},
 *     and {@code DOWN} with {@code failure=throw}
 * @param details of each server, how long its answer took, or why there was none
 */
public record ServerStates(String status, Map<String, Object> details) {

  /** Asks all servers. */
  public static ServerStates ask(MemcachedCacheManager manager, ManagerConfiguration options) {
    boolean allAnswer = true;
    Map<String, Object> details = new TreeMap<>();
    for (PingResult result : manager.ping()) {
      allAnswer &= result.isReachable();
      details.put(result.server(), result.toString());
    }
    return new ServerStates(allAnswer ? "UP" : options.misses() ? "DEGRADED" : "DOWN", details);
  }
}
