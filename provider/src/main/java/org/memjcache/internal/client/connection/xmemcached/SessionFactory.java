// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.config.Configuration;
import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.nio.impl.Reactor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedSessionComparator;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.buffer.BufferAllocator;
import net.rubyeye.xmemcached.impl.MemcachedConnector;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.config.value.Protocol;

/**
 * Hands connected channels to xmemcached's reactor as {@link XmemcachedSession}s.
 *
 * <p>Keeps no list of sessions: each {@link Server} knows its own. That switches off three things
 * of the superclass: its reconnecting with ever longer pauses, and the thread for it; its closing
 * of sessions beyond the pool size; and its keeping of closed sessions.
 */
public final class SessionFactory extends MemcachedConnector {

  private static final long REGISTRATION_SLICE_MILLIS = 2;

  private final CommandFactory commandFactory;

  @SuppressWarnings("deprecation") // the allocator, which the superclass wants
  SessionFactory(
      Configuration configuration,
      MemcachedSessionLocator locator,
      MemcachedSessionComparator comparator,
      BufferAllocator allocator,
      CommandFactory commandFactory,
      int poolSize,
      int maxQueuedNoReplyOperations) {
    super(
        configuration,
        locator,
        comparator,
        allocator,
        commandFactory,
        poolSize,
        maxQueuedNoReplyOperations);
    this.commandFactory = commandFactory;
    stateListeners.clear(); // the only one is what starts the thread that reconnects
  }

  /**
   * Makes a session of a connected channel and waits until the reactor listens to it.
   *
   * @param protocol what is spoken there
   * @throws IOException if the channel has been closed meanwhile; whatever is thrown, it is closed
   */
  public Session adopt(ServerChannel channel, Server server, Protocol protocol)
      throws IOException, InterruptedException {
    XmemcachedSession session;
    try {
      InetSocketAddressWrapper address =
          // Unlike its shorter constructors this one never looks up the name of the address.
          new InetSocketAddressWrapper(
              (InetSocketAddress) channel.socket().getRemoteAddress(),
              server.index(),
              1,
              null,
              false);
      session =
          new XmemcachedSession(
              buildSessionConfig(channel.socket(), new ConcurrentLinkedQueue<>()),
              channel,
              server,
              protocol,
              commandFactory);
      session.setInetSocketAddressWrapper(address);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
    try {
      session.start();
      register(session);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      session.disconnect();
      throw e;
    }
    return session.session();
  }

  private void register(XmemcachedSession session) throws IOException, InterruptedException {
    selectorManager.registerSession(session, EventType.ENABLE_READ);
    while (session.reactorKey() == null && !session.isClosed() && isStarted()) {
      if (!session.isAttended()) {
        throw new IOException("the reactor thread of xmemcached has died");
      }
      // Again and again: a wake-up of the reactor can get lost.
      selectorManager.registerSession(session, EventType.ENABLE_READ);
      Thread.sleep(REGISTRATION_SLICE_MILLIS);
    }
  }

  /** Called by the superclass when it starts. */
  @Override
  protected void initialSelectorManager() throws IOException {
    try {
      super.initialSelectorManager();
    } catch (IOException | RuntimeException | Error e) { // no memory for another thread, say
      stopReactors();
      throw e;
    }
  }

  /** Has the reactor threads end, whether or not the superclass takes them for started. */
  void stopReactors() {
    if (selectorManager != null) {
      selectorManager.stop();
    }
  }

  /** Returns the reactor threads. One ends by any Error, such as lack of memory. */
  List<Reactor> reactors() {
    return IntStream.range(0, selectorManager.getSelectorCount())
        .mapToObj(selectorManager::getReactorByIndex)
        .toList();
  }

  @Override
  public synchronized void addSession(com.google.code.yanf4j.core.Session session) {}

  @Override
  public synchronized void removeSession(com.google.code.yanf4j.core.Session session) {}

  /** Does nothing: sessions are closed one by one, without waiting for the servers to do it. */
  @Override
  public synchronized void quitAllSessions() {}
}
