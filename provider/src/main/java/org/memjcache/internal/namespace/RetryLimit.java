package org.memjcache.internal.namespace;

import javax.cache.CacheException;

/**
 * Bounds how often one operation is tried again because somebody else was faster. Otherwise one who
 * changes a version all the time would keep all others from ever coming to an end.
 */
final class RetryLimit {

  /** Nobody loses so often against clears that have a purpose. */
  static final int MOST = 1_000;

  private RetryLimit() {}

  /**
   * Returns {@code count}, the number of tries that were made.
   *
   * @param task what is tried, for the error
   * @param name the namespace or level, for the error
   * @throws CacheException if there were too many
   */
  static int checked(int count, String task, Object name) {
    if (count >= MOST) {
      throw new CacheException(
          task
              + " on '"
              + name
              + "' was given up after "
              + count
              + " tries: somebody clears it, or changes its version, all the time");
    }
    return count;
  }
}
