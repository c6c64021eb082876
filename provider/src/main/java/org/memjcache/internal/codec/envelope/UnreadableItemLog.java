package org.memjcache.internal.codec.envelope;

import org.memjcache.internal.common.LoggedKinds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the items that are no entries: the first of each kind at WARN, with its key but never with
 * its bytes.
 *
 * <p>Thread-safe.
 */
final class UnreadableItemLog {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadableItemLog.class);

  private static final int MAX_LENGTH = 1000;

  private final LoggedKinds logged = new LoggedKinds();

  /**
   * Logs an item unless one of its kind was logged before.
   *
   * @param kind what is wrong with items of this kind
   * @param why what is wrong with this one; may quote what another process stored
   */
  void warn(String kind, String itemKey, String why) {
    if (logged.isFirst(kind)) {
      LOG.warn(
          "The item under key {} {}: {}. It counts as a miss. More of this kind are counted but"
              + " not logged.",
          printable(itemKey),
          kind,
          printable(why));
    }
  }

  /** What another process stored must not get a line of its own. */
  private static String printable(String text) {
    String start = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    return start.replaceAll("\\p{Cc}|\\p{Zl}|\\p{Zp}", "?");
  }
}
