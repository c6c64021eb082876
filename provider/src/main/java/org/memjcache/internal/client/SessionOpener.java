// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.io.IOException;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.client.connection.xmemcached.XmemcachedReactor;
import org.memjcache.internal.client.membership.Membership;
import org.memjcache.internal.client.membership.SameServer;
import org.memjcache.internal.config.value.ClusterSettings;

/**
 * Opens the sessions of a {@link Cluster}. Callers get a session only after its server has said
 * which servers are used and what it missed ({@link Membership}), and after it is known whether it
 * leads to the same memcached as the sessions that are open.
 *
 * <p>Thread-safe. Its methods block, for a few timeouts at most.
 */
final class SessionOpener implements Server.Opener {

  private final ClusterSettings settings;
  private final Connector connector;
  private final ClientReactor reactor;
  private final Membership membership;
  private final MembershipRefresh refresh;

  SessionOpener(
      ClusterSettings settings,
      Connector connector,
      ClientReactor reactor,
      Membership membership,
      MembershipRefresh refresh) {
    this.settings = settings;
    this.connector = connector;
    this.reactor = reactor;
    this.membership = membership;
    this.refresh = refresh;
  }

  /** A process that was not used for a while finds at once what it must know. */
  @Override
  public void watched() {
    refresh.ifDue(System.nanoTime());
  }

  @Override
  public void open(Server server) throws IOException, InterruptedException {
    ServerChannel channel = connector.connect(server.address());
    XmemcachedReactor running;
    try {
      running = reactor.running();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
    Session session = running.sessions().adopt(channel, server, settings.protocol());
    try {
      membership.join(server, session);
      Session older = server.session();
      boolean same = older != null && isSame(older, session);
      server.opened(session, same ? older : null);
    } catch (IOException | InterruptedException e) {
      session.lose(DisconnectReason.connection("it did not say which servers are used", e));
      throw e;
    } catch (RuntimeException | Error e) { // nobody knows it
      session.lose(DisconnectReason.connection("no memory to use it", e));
      throw e;
    }
  }

  /**
   * Returns whether a session leads to the same memcached as an older one. If the name has moved
   * meanwhile, the older ones are ended: what is stored over one must be found over all.
   */
  private boolean isSame(Session older, Session newer) {
    SameServer.Answer answer =
        new SameServer(settings.protocol(), settings.connectTimeout()).compare(older, newer);
    if (answer == SameServer.Answer.ANOTHER) {
      newer.server().disconnect(DisconnectReason.MOVED);
    }
    return answer == SameServer.Answer.SAME;
  }

  /**
   * Has a server that is listed again say what it missed, over a connection that it has or is about
   * to have: whoever makes that may not know that it is listed. Connections over which it doesn't
   * say so are ended, and no caller uses them.
   */
  void joinAgain(Server server) {
    Session session = membership.newestSession(server);
    while (session != null && !isJoined(server, session)) {
      session = membership.newestSession(server);
    }
  }

  private boolean isJoined(Server server, Session session) {
    try {
      membership.joinAgain(server, session);
      return true;
    } catch (IOException e) {
      session.lose(DisconnectReason.connection("it did not say what it missed", e));
    } catch (InterruptedException e) { // the cluster is being closed
      Thread.currentThread().interrupt();
      session.lose(DisconnectReason.connection("it was not asked what it missed", e));
    }
    return false;
  }
}
