package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.config.Configuration;
import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedSessionComparator;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.buffer.BufferAllocator;
import net.rubyeye.xmemcached.impl.MemcachedConnector;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.config.value.Protocol;

/**
 * Hands connected channels to xmemcached's reactor as {@link ServerSession}s.
 *
 * <p>Keeps no list of sessions: each {@link Server} knows its own. That switches off three things
 * of the superclass: its reconnecting with ever longer pauses, its closing of sessions beyond the
 * pool size, and its keeping of closed sessions.
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
    setEnableHealSession(false);
  }

  /**
   * Makes a session of a connected channel and waits until the reactor listens to it.
   *
   * @param protocol what is spoken there
   * @throws IOException if the channel has been closed meanwhile; it is closed in any case then
   */
  public ServerSession adopt(SocketChannel channel, Server server, Protocol protocol)
      throws IOException, InterruptedException {
    ServerSession session;
    try {
      channel.configureBlocking(false);
      CommandQueue waiting = new CommandQueue();
      session =
          new ServerSession(
              buildSessionConfig(channel, waiting.asQueue()),
              waiting,
              channel,
              server,
              protocol,
              commandFactory);
      session.setInetSocketAddressWrapper(
          // Unlike its shorter constructors this one never looks up the name of the address.
          new InetSocketAddressWrapper(
              (InetSocketAddress) channel.getRemoteAddress(), server.index(), 1, null, false));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    selectorManager.registerSession(session, EventType.ENABLE_READ);
    session.start();
    // A wake-up of the reactor can get lost, and the first answer would then be late by a second.
    while (!session.isRegistered() && !session.isClosed() && isStarted()) {
      session.nudge();
      try {
        Thread.sleep(REGISTRATION_SLICE_MILLIS);
      } catch (InterruptedException e) {
        session.closeNow();
        throw e;
      }
    }
    return session;
  }

  @Override
  public synchronized void addSession(Session session) {}

  @Override
  public synchronized void removeSession(Session session) {}

  /** Does nothing: sessions are closed one by one, without waiting for the servers to do it. */
  @Override
  public synchronized void quitAllSessions() {}
}
