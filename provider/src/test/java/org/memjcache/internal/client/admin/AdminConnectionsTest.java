// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.memjcache.support.Waiting.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.NameResolver;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.OwnThread;

class AdminConnectionsTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  @Test
  @Timeout(60)
  void itemSizeLimit_noConnectionInTime_isGivenUpLongBeforeTheConnectTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ServerAddress address = new ServerAddress("127.0.0.1", silent.getLocalPort());
      try (Cluster cluster =
          TestClusters.cluster(new ClusterSettings(List.of(address), LONG, LONG, 1))) {

        assertThatExceptionOfType(RequestFailedException.class)
            .isThrownBy(() -> cluster.admin(0).itemSizeLimit(Duration.ofMillis(200)))
            .withMessageContaining("no connection after 200 ms")
            .satisfies(e -> assertThat(e.kind()).isEqualTo(RequestFailedException.Kind.TIMEOUT));
      }
    }
  }

  /** As with a name service that is silent. */
  @Test
  @Timeout(60)
  void statistics_nameIsNotLookedUpInTime_areGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger lookUps = new AtomicInteger();
    NameResolver silent =
        host -> {
          lookUps.incrementAndGet();
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new UnknownHostException(host);
        };
    ServerAddress address = new ServerAddress("memcached.test", 11211);
    Duration connectTimeout = Duration.ofMillis(10);
    try (Cluster cluster =
        TestClusters.cluster(
            new ClusterSettings(List.of(address), LONG, connectTimeout, 1).withResolver(silent))) {

      for (int i = 0; i < 20; i++) {
        assertThatExceptionOfType(RequestFailedException.class)
            .isThrownBy(() -> cluster.admin(0).statistics(Statistics.GENERAL))
            .withMessageContaining("no connection after 20 ms")
            .satisfies(e -> assertThat(e.kind()).isEqualTo(RequestFailedException.Kind.TIMEOUT));
      }
      assertThat(lookUps).as("each takes a thread").hasValue(8);
      never.countDown();
    }
  }

  /** The server accepts, and never says anything. */
  @Test
  void close_whileACallerConnects_endsItsWait() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ServerAddress address = new ServerAddress("127.0.0.1", silent.getLocalPort());
      Cluster cluster = TestClusters.cluster(new ClusterSettings(List.of(address), LONG, LONG, 1));
      CompletableFuture<Long> asked = OwnThread.supply(() -> cluster.admin(0).itemSizeLimit(LONG));
      silent.accept();

      cluster.close();

      await("the caller goes on").until(asked::isDone);
      assertThat(catchThrowable(asked::join))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(RequestFailedException.class)
          .hasMessageContaining("was closed");
    }
  }
}
