// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.support.ScriptedServer;

/** How long operations wait for the first connection to a server, and for later ones. */
@Timeout(60)
@Tag("slow")
class FirstConnectionTest {

  /** In milliseconds: far below what connecting takes here. */
  private static final int TIMEOUT = 400;

  private static final int GREETING = 3 * TIMEOUT;

  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicLong greetingMillis = new AtomicLong(GREETING);
  private final ScriptedServer server = new ScriptedServer(this::answer);

  private String answer(String line) {
    if (line.equals("version")) {
      sleep(greetingMillis.get());
      return "";
    }
    return line.equals("get close") ? null : "END\r\n";
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Cluster cluster(Duration connectTimeout) {
    return new Cluster(
        new ClusterSettings(
            List.of(server.address()), Duration.ofMillis(TIMEOUT), connectTimeout, 1));
  }

  private static void get(Cluster cluster, Operation operation) {
    cluster.newRoundTrip(operation).add(0, new GetRequest(List.of("k"), false)).run();
  }

  @Test
  void firstConnection_takesLongerThanTheTimeout_isAwaitedAndLeavesTheTimeoutWhole() {
    try (Cluster cluster = cluster(LONG)) {
      Operation operation = new Operation("test");

      get(cluster, operation);
      get(cluster, operation); // in the same operation there is time for another trip

      assertThat(Duration.ofNanos(operation.connectingNanos()))
          .isBetween(Duration.ofMillis(TIMEOUT), Duration.ofNanos(operation.waitedNanos()));
    }
  }

  @Test
  void firstConnection_takesLongerThanItMay_theCallerHearsWhy() {
    greetingMillis.set(LONG.toMillis());
    try (Cluster cluster = cluster(Duration.ofMillis(GREETING))) {
      RequestFailedException failure =
          TestClusters.failure(() -> get(cluster, new Operation("test")));

      assertThat(failure.kind()).isEqualTo(Kind.DOWN);
      assertThat(failure).hasMessageContaining("did not answer within ");
    }
  }

  @Test
  void laterConnection_isAwaitedForTheTimeoutOnly() {
    try (Cluster cluster = cluster(LONG)) {
      get(cluster, new Operation("test"));
      greetingMillis.set(LONG.toMillis());
      GetRequest close = new GetRequest(List.of("close"), false);
      TestClusters.failure(() -> cluster.newRoundTrip(new Operation("test")).add(0, close).run());

      Operation operation = new Operation("test");
      RequestFailedException failure = TestClusters.failure(() -> get(cluster, operation));

      assertThat(failure.kind()).isEqualTo(Kind.DOWN);
      assertThat(failure.waited()).isLessThan(LONG.dividedBy(2));
      assertThat(operation.connectingNanos()).isZero();
    } finally {
      server.close();
    }
  }
}
