// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.io.IOException;
import java.time.Duration;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.config.value.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether two open connections lead to the same memcached: the name of a server may have
 * moved to another one since the first was opened, and the old one may still answer.
 *
 * <p>It goes by an item that each server keeps, a random text under a key that no entry and no
 * version has. Who finds none adds one. Whether it is evicted or flushed doesn't matter, since both
 * connections are asked now. Used by one thread.
 */
public final class SameServer {

  private static final Logger LOG = LoggerFactory.getLogger(SameServer.class);

  private final Protocol protocol;
  private final Duration patience;

  public SameServer(Protocol protocol, Duration patience) {
    this.protocol = protocol;
    this.patience = patience;
  }

  /** Whether two connections lead to the same server. */
  public enum Answer {
    SAME,
    ANOTHER,
    /** One of them is silent, has ended, or keeps no item. */
    UNKNOWN
  }

  public Answer compare(Session older, Session newer) {
    try {
      String identity = notes(newer).requireIdentity();
      return identity.equals(notes(older).identity()) ? Answer.SAME : Answer.ANOTHER;
    } catch (IOException e) {
      LOG.debug(
          "It is not known whether two connections to {} lead to the same server: {}",
          newer.server().address(),
          e.getMessage());
      return Answer.UNKNOWN;
    }
  }

  private ServerNotes notes(Session session) throws IOException {
    return ServerNotes.read(new OverSession(session, protocol, patience));
  }
}
