package org.memjcache.internal.entry;

import org.memjcache.internal.common.LoggedKinds;
import org.memjcache.internal.text.ErrorText;
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

  /** Names only, so that no class is kept by it. */
  private static final LoggedKinds LOGGED = new LoggedKinds();

  private UnstoredValues() {}

  /**
   * Logs a value.
   *
   * @param kind what values of this kind have in common, such as their class
   */
  public static void log(Object cache, String kind, RuntimeException why) {
    if (LOGGED.isFirst(cache + " " + kind)) {
      LOG.warn(
          "A value is not kept in the cache '{}': {} More of this kind are counted as errors but"
              + " not logged.",
          cache,
          ErrorText.message(String.valueOf(why.getMessage())));
    }
  }
}
