// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import com.google.code.yanf4j.nio.impl.SelectorManager;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.client.connection.Transport;
import org.memjcache.internal.config.value.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of xmemcached's that leaves reading and writing to the calling threads.
 *
 * <p>The socket is registered with two selectors: one of its channel, where the leading caller
 * waits, and the reactor's. The reactor turns its interest in reading off with each event, and on
 * again about once a second. So the end of an idle connection is noticed, and a busy one wakes the
 * reactor once a second only. Its interest in writing is on while no caller leads and the socket is
 * full.
 */
final class XmemcachedSession extends MemcachedTCPSession implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(XmemcachedSession.class);

  /** A connection that is idle but for heartbeats ends when these were unanswered for so long. */
  private static final long HEARTBEATS_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final ServerChannel channel;
  private final Session session;
  private final Protocol protocol;
  private volatile boolean wantsToWrite;

  /**
   * Creates a session for a connected channel.
   *
   * @param protocol what is spoken there
   */
  XmemcachedSession(
      NioSessionConfig config,
      ServerChannel channel,
      Server server,
      Protocol protocol,
      CommandFactory commandFactory) {
    // xmemcached's own read buffer, optimizer and read threads are never used.
    super(config, 1, null, 0, commandFactory);
    this.channel = channel;
    this.protocol = protocol;
    this.session = new Session(server, this); // first: there may be no memory for its buffers
    // No entry in xmemcached's list of connections to restore: the server does that.
    setAllowReconnect(false);
  }

  Session session() {
    return session;
  }

  /**
   * Returns the session's key with the reactor, or null if the reactor doesn't listen to it yet.
   */
  @Nullable SelectionKey reactorKey() {
    return getAttribute(SelectorManager.REACTOR_ATTRIBUTE) instanceof Reactor reactor
        ? channel.socket().keyFor(reactor.getSelector())
        : null;
  }

  // ------------------------------------------------------------------------------ for the callers

  @Override
  public BufferingChannel byteChannel() {
    return channel;
  }

  @Override
  public void await(long nanos, boolean orWritten) throws IOException {
    updateTimeStamp(); // no heartbeats while callers wait
    channel.await(nanos, orWritten);
  }

  @Override
  public void wakeUp() {
    channel.wakeUp();
  }

  @Override
  public boolean isAttended() {
    return getAttribute(SelectorManager.REACTOR_ATTRIBUTE) instanceof Reactor reactor
        && reactor.isAlive();
  }

  @Override
  public void attendToReading() {
    attendTo(SelectionKey.OP_READ);
  }

  @Override
  public void attendToWriting() {
    wantsToWrite = true;
    attendTo(SelectionKey.OP_WRITE);
  }

  private void attendTo(int interest) {
    SelectionKey reactorKey = reactorKey();
    if (reactorKey != null) {
      turnOn(reactorKey, interest);
      reactorKey.selector().wakeup();
    }
  }

  /**
   * Does what closing does in the superclass, but for waiting up to three seconds until the socket
   * takes bytes. That waiting would also open xmemcached's static pool of selectors, which nothing
   * ever closes.
   */
  @Override
  public void disconnect() {
    synchronized (this) {
      if (isClosed()) {
        return;
      }
      setClosed(true);
    }
    try {
      unregisterSession();
    } finally { // nobody would close it a second time
      closeSocket();
    }
    clearAttributes();
    onClosed();
  }

  private void closeSocket() {
    try {
      try {
        channel.close();
      } finally {
        unregisterChannel(); // from the reactor
      }
    } catch (IOException e) {
      LOG.debug("Closing {} failed", this, e);
    }
  }

  // ------------------------------------------------------------------------------ for the reactor

  /** There is something to read, and the reactor has turned its interest off. */
  @Override
  protected void onRead(SelectionKey reactorKey) {
    try {
      if (session.attend()) {
        turnOn(reactorKey, SelectionKey.OP_READ);
      }
    } catch (RuntimeException | Error e) { // the session knows; it would end the reactor thread
      LOG.debug("{} was not read", this, e);
    }
  }

  /** The channel takes bytes again, and the reactor has turned its interest off. */
  @Override
  protected void onWrite(SelectionKey reactorKey) {
    wantsToWrite = false;
    try {
      session.attendToWriting();
    } catch (RuntimeException | Error e) { // the session knows; it would end the reactor thread
      LOG.debug("{} was not written to", this, e);
    }
  }

  /**
   * Asked by the reactor about once a second: looks after the session, and turns the interest in
   * reading on again. The one in writing, too: the reactor turns interests off in two steps, and
   * loses what is turned on between them.
   */
  @Override
  public boolean isIdle() {
    SelectionKey reactorKey = reactorKey();
    if (reactorKey != null) {
      turnOn(
          reactorKey,
          wantsToWrite ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
    try {
      session.watch();
    } catch (RuntimeException | Error e) { // tried again in a second; it would end the thread
      LOG.debug("{} was not looked after", this, e);
    }
    return super.isIdle();
  }

  private static void turnOn(SelectionKey reactorKey, int interest) {
    try {
      reactorKey.interestOpsOr(interest);
    } catch (CancelledKeyException e) {
      LOG.trace("Closed meanwhile", e); // it would end the reactor thread
    }
  }

  /** Called by the reactor after five idle seconds, and again after each five more. */
  @Override
  protected synchronized void onIdle() {
    updateTimeStamp();
    if (session.isGivenUp()) {
      return;
    }
    try {
      session.attend(); // looks whether a response has come
      if (session.silence() < HEARTBEATS_NANOS) {
        session.submit(new Heartbeat(protocol));
      } else {
        session.lose(
            DisconnectReason.connection("it was idle and did not answer heartbeats", null));
      }
    } catch (RuntimeException | Error e) { // the session knows; it would end the reactor thread
      LOG.debug("No heartbeat over {}", this, e);
    }
  }

  /** Nothing is sent through xmemcached. */
  @Override
  public void writeFromUserCode(WriteMessage message) {
    throw new UnsupportedOperationException();
  }

  /** Called by xmemcached when its reactor ends or fails. */
  @Override
  public void close() {
    session.lose(DisconnectReason.connection("the reactor of xmemcached closed it", null));
  }

  @Override
  public void clearWriteQueue() {}

  @Override
  public void destroy() {}
}
