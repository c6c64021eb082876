package org.memjcache.internal.entry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs values that could not be stored, where the operation goes on without: the first of each
 * cache and kind.
 *
 * <p>Thread-safe.
 */
public final class UnstoredValues {

  private static final Logger LOG = LoggerFactory.getLogger(UnstoredValues.class);

  private static final int MAX_KINDS = 1_000;

  /** Names only, so that no class is kept by it. */
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private UnstoredValues() {}

  /**
   * Logs a value.
   *
   * @param kind what values of this kind have in common, such as their class
   */
  public static void log(Object cache, String kind, RuntimeException why) {
    if (LOGGED.size() < MAX_KINDS && LOGGED.add(cache + " " + kind)) {
      LOG.warn(
          "A value is not kept in the cache '{}': {} More of this kind are counted as errors but"
              + " not logged.",
          cache,
          why.getMessage());
    }
  }
}
