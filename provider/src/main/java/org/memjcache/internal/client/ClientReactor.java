// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.io.IOException;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.connection.xmemcached.XmemcachedReactor;
import org.memjcache.internal.common.Patience;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reactor of a {@link Cluster}: started by whoever connects first, and another one if it has
 * died. Thread-safe.
 */
final class ClientReactor {

  private static final Logger LOG = LoggerFactory.getLogger(ClientReactor.class);

  private final IntSupplier connections;

  private final Object lock = new Object();
  private @Nullable XmemcachedReactor reactor;
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param connections tells how many there will be
   */
  ClientReactor(IntSupplier connections) {
    this.connections = connections;
  }

  /** Returns the one that runs. */
  XmemcachedReactor running() throws IOException, InterruptedException {
    synchronized (lock) {
      if (closed) {
        throw new InterruptedException("The cluster was closed");
      }
      XmemcachedReactor running = reactor;
      if (running != null && !running.isAlive()) {
        LOG.error("A reactor thread of xmemcached has died; starting others");
        stop(running, Patience.of(Duration.ZERO));
        reactor = null;
      }
      if (reactor == null) {
        reactor = new XmemcachedReactor(threads());
      }
      return reactor;
    }
  }

  /** Has none be started any more. */
  void refuse() {
    synchronized (lock) {
      closed = true;
    }
  }

  /** Stops the one that runs; may be called again, if something was thrown. */
  void stop(Patience patience) {
    XmemcachedReactor toStop;
    synchronized (lock) {
      toStop = reactor;
    }
    if (toStop != null) {
      stop(toStop, patience);
    }
    synchronized (lock) {
      reactor = null;
    }
  }

  /**
   * One reactor looks after a single connection; with more connections there is one for each up to
   * the number of processors. xmemcached sets the first of several aside for connecting, which is
   * done elsewhere, so one more is asked for.
   */
  private int threads() {
    int busy = Math.min(Runtime.getRuntime().availableProcessors(), connections.getAsInt());
    return busy == 1 ? 1 : busy + 1;
  }

  private static void stop(XmemcachedReactor reactor, Patience patience) {
    try {
      reactor.stop(patience);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Stopping the memcached client failed", e);
    }
  }
}
