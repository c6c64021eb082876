// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.xmemcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.code.yanf4j.nio.impl.AbstractNioSession;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.client.connection.Transport;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** Whatever xmemcached throws while a connection is closed, such as for want of memory. */
@Timeout(60)
class DisconnectTest {

  @Test
  void disconnect_reactorCantBeTold_connectionIsClosedAllTheSame() throws Exception {
    try (MemcachedServer server = MemcachedServer.start();
        RecordingProxy proxy = RecordingProxy.start(server);
        Cluster cluster =
            TestClusters.cluster(
                TestClusters.settings(10_000, new ServerAddress(proxy.host(), proxy.port())))) {
      TestClusters.set(cluster, "k", "v");
      assertThat(proxy.openConnections()).isEqualTo(1);
      Transport transport = transport(cluster);
      Field manager = AbstractNioSession.class.getDeclaredField("selectorManager");
      manager.setAccessible(true);
      manager.set(transport, null);

      assertThatThrownBy(transport::disconnect).isInstanceOf(NullPointerException.class);

      // It may be replaced at once, if the reactor notices.
      await("it is closed").until(() -> proxy.openConnections() < proxy.connections());
    }
  }

  /** It runs on the reactor's thread, which all connections need. */
  @Test
  void onReadAndOnWrite_errorInTheSession_isKeptFromTheReactor() throws Exception {
    try (MemcachedServer server = MemcachedServer.start();
        Cluster cluster =
            TestClusters.cluster(TestClusters.settings(10_000, TestClusters.address(server)))) {
      TestClusters.set(cluster, "k", "v");
      XmemcachedSession transport = (XmemcachedSession) transport(cluster);
      Field state = Session.class.getDeclaredField("callers");
      state.setAccessible(true);
      Object callers = state.get(transport.session());
      state.set(transport.session(), null);

      assertThatNoException()
          .isThrownBy(
              () -> {
                transport.onRead(transport.reactorKey());
                transport.onWrite(transport.reactorKey());
              });
      state.set(transport.session(), callers); // or it could not be closed
    }
  }

  private static Transport transport(Cluster cluster) throws ReflectiveOperationException {
    Field table = Cluster.class.getDeclaredField("servers");
    table.setAccessible(true);
    Field servers = table.getType().getDeclaredField("servers");
    servers.setAccessible(true);
    Session session = ((Server[]) servers.get(table.get(cluster)))[0].session();
    Field transport = Session.class.getDeclaredField("transport");
    transport.setAccessible(true);
    return (Transport) transport.get(session);
  }
}
