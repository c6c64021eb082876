// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.xmemcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.Session;
import com.google.code.yanf4j.nio.impl.NioController;
import com.google.code.yanf4j.nio.impl.Reactor;
import com.google.code.yanf4j.nio.impl.SelectorManager;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.testkit.MemcachedServer;

/** The reactor thread of xmemcached ends by any Error, such as a full heap for a moment. */
@Timeout(60)
class ReactorDeathTest {

  @Test
  void reactorDies_isReplacedAndNoCallFails() throws Exception {
    try (MemcachedServer server = MemcachedServer.start();
        Cluster cluster =
            TestClusters.cluster(TestClusters.settings(10_000, TestClusters.address(server)))) {
      TestClusters.set(cluster, "k", "v");
      Reactor reactor = reactor(cluster);
      kill(reactor);

      assertThat(TestClusters.get(cluster, "k")).isEqualTo("v");

      Thread.sleep(5); // after a rest without traffic the connection is looked at
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("v");
      assertThat(reactor(cluster)).isNotSameAs(reactor).matches(Thread::isAlive);
    }
  }

  @Test
  void reactorAndServerDie_worksAgain() throws Exception {
    try (MemcachedServer server = MemcachedServer.start();
        Cluster cluster =
            TestClusters.cluster(TestClusters.settings(10_000, TestClusters.address(server)))) {
      TestClusters.set(cluster, "k", "v");
      kill(reactor(cluster));
      server.restart();

      assertThat(TestClusters.get(cluster, "k")).isNull();
    }
  }

  /** Lets the reactor ask a session that answers with an Error. */
  private static void kill(Reactor reactor) {
    Session deadly =
        (Session)
            Proxy.newProxyInstance(
                ReactorDeathTest.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> {
                  throw new OutOfMemoryError("injected");
                });
    reactor.setUncaughtExceptionHandler((thread, error) -> {});
    reactor.registerSession(deadly, EventType.ENABLE_READ);
    await("the reactor dies").atMost(Duration.ofSeconds(20)).until(() -> !reactor.isAlive());
  }

  private static Reactor reactor(Cluster cluster) throws ReflectiveOperationException {
    Field holder = Cluster.class.getDeclaredField("reactor");
    holder.setAccessible(true);
    Field running = holder.getType().getDeclaredField("reactor");
    running.setAccessible(true);
    Field manager = NioController.class.getDeclaredField("selectorManager");
    manager.setAccessible(true);
    XmemcachedReactor reactors = (XmemcachedReactor) running.get(holder.get(cluster));
    return ((SelectorManager) manager.get(reactors.sessions())).getReactorByIndex(0);
  }
}
