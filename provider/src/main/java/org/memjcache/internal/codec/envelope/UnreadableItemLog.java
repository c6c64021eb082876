// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import org.memjcache.internal.common.LoggedKinds;
import org.memjcache.internal.text.ErrorText;
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

  private final LoggedKinds logged = new LoggedKinds();

  /**
   * Logs an item unless one of its kind was logged before. Kind, key and reason may quote what
   * another process stored.
   *
   * @param what a constant: what is to be said of such items, beginning with a verb
   * @param kind what the items of one kind have in common besides, without their keys
   * @param why what is wrong with this one
   */
  void warn(String what, String kind, String itemKey, String why) {
    if (logged.isFirst(what + ErrorText.message(kind))) {
      LOG.warn(
          "The item under key {} {}: {}. More of this kind are not logged.",
          ErrorText.message(itemKey),
          what,
          ErrorText.message(why));
    }
  }
}
