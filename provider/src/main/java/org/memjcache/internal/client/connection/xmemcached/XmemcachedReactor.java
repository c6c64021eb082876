// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.config.Configuration;
import com.google.code.yanf4j.core.Session;
import com.google.code.yanf4j.nio.impl.Reactor;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedSessionComparator;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.rubyeye.xmemcached.buffer.BufferAllocator;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import net.rubyeye.xmemcached.impl.AbstractMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.IndexMemcachedSessionComparator;
import net.rubyeye.xmemcached.impl.MemcachedConnector;
import net.rubyeye.xmemcached.transcoders.SerializingTranscoder;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Patience;

/**
 * xmemcached's client, started without servers and used for its reactor threads and the life of its
 * sessions. Which server has a key, connecting, and what goes over a connection is decided
 * elsewhere.
 *
 * <p>A connection that was idle for 5 seconds is sent a {@link Heartbeat}, and again every 5
 * seconds; if the server has answered none of these for 20 seconds, it is closed. So a server that
 * vanished without a word is noticed within about 25 seconds of silence, and much sooner once trips
 * are sent to it (a server that is silent for twice the operation timeout).
 *
 * <p>It is not given the servers' addresses, because then its constructor would connect to one
 * after another, and its locator would move the keys of a lost server to the others.
 *
 * <p>It takes every client for one that speaks text. So a static field of xmemcached that says
 * which protocol keys are for, the same one for all clients, has no meaning here: clients of both
 * kinds get along.
 */
public final class XmemcachedReactor extends XMemcachedClient {

  /** Starts the reactor threads. */
  public XmemcachedReactor(int reactors) throws IOException {
    super(
        new NoLocator(),
        new IndexMemcachedSessionComparator(),
        null,
        configuration(reactors),
        Map.of(),
        new TextCommandFactory(),
        new SerializingTranscoder(),
        null,
        null,
        Map.of(),
        1,
        DEFAULT_CONNECT_TIMEOUT,
        null,
        false,
        false);
  }

  /** Returns whether all reactor threads live. */
  public boolean isAlive() {
    return sessions().reactors().stream().allMatch(Thread::isAlive);
  }

  /** Stops the reactor threads and waits for them to end; may be called again. */
  public void stop(Patience patience) throws IOException {
    try {
      shutdown();
    } finally {
      sessions().stopReactors(); // if that threw, it does nothing the next time
    }
    for (Reactor reactor : sessions().reactors()) {
      if (patience.join(reactor)) {
        reactor.getSelector().close(); // one that has died left it open
      }
    }
  }

  /** Returns what opens sessions. */
  public SessionFactory sessions() {
    return (SessionFactory) getConnector();
  }

  /** Called by the superclass while it is being constructed. */
  @Override
  @SuppressWarnings("deprecation") // the allocator, which is part of the signature
  protected MemcachedConnector newConnector(
      BufferAllocator allocator,
      Configuration configuration,
      MemcachedSessionLocator locator,
      MemcachedSessionComparator comparator,
      CommandFactory commandFactory,
      int poolSize,
      int maxQueuedNoReplyOperations) {
    return new SessionFactory(
        configuration,
        locator,
        comparator,
        allocator,
        commandFactory,
        poolSize,
        maxQueuedNoReplyOperations);
  }

  private static Configuration configuration(int reactors) {
    Configuration configuration = new Configuration();
    // What no caller waits for is read on the reactor thread itself.
    configuration.setReadThreadCount(0);
    configuration.setSelectorPoolSize(reactors);
    return configuration;
  }

  /** Finds nothing: nobody sends through xmemcached's own methods. */
  private static final class NoLocator extends AbstractMemcachedSessionLocator {

    @Override
    @SuppressWarnings("NullAway") // xmemcached's own interface, which means null by it
    public @Nullable Session getSessionByKey(String key) {
      return null;
    }

    @Override
    public void updateSessions(Collection<Session> sessions) {}
  }
}
