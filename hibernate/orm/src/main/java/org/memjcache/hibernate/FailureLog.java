// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures that Hibernate doesn't hear of: the first of each kind. What differs in its numbers
 * only is of one kind. Once there are very many kinds, further ones count as logged. Thread-safe.
 */
final class FailureLog {

  private static final Logger LOG = LoggerFactory.getLogger("org.memjcache.hibernate");
  private static final int MAX_KINDS = 1_000;

  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * Logs a failure unless it is of a kind that was logged.
   *
   * @param region the name of the region
   * @param what completes "An entry …"
   */
  void first(String region, String what, RuntimeException why) {
    String message = String.valueOf(why.getMessage());
    if (logged.size() < MAX_KINDS
        && logged.add(region + " " + what + " " + message.replaceAll("[0-9]+", "#"))) {
      LOG.warn(
          "An entry of the region '{}' {}, and Hibernate goes on without it: {} (In Hibernate's"
              + " properties, the options 'memjcache.…' are '{}…'.) More of this kind are counted,"
              + " but not logged.",
          region,
          what,
          message,
          HibernateOptions.PREFIX);
      LOG.debug("The cause", why);
    }
  }
}
