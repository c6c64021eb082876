package org.memjcache.internal.namespace;

import javax.cache.CacheException;

/**
 * Bounds how often one operation is repeated because a version changed. Otherwise a client that
 * changes a version all the time would keep all others from ever finishing.
 */
final class RetryLimit {

  /** No operation loses so often against clears that have a purpose. */
  static final int MAX_ATTEMPTS = 1_000;

  private RetryLimit() {}

  /**
   * Checks the number of attempts that were made.
   *
   * @param operation what is attempted, for the error
   * @param name the namespace or level, for the error
   * @throws CacheException if there were too many
   */
  static void check(int attempts, String operation, Object name) {
    if (attempts >= MAX_ATTEMPTS) {
      throw new CacheException(
          String.format(
              "%s on '%s' gave up after %d attempts: another client keeps clearing it or changing"
                  + " its version",
              operation, name, attempts));
    }
  }
}
