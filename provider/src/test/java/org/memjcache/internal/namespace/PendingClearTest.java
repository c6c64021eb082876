// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;

/** What one thread that clears a level leaves to the others. */
class PendingClearTest {

  private static final ServerAddress SERVER = new ServerAddress("localhost", 11211);

  private final PendingClear clear =
      new PendingClear(
          new Level("hotels", "hotels:version", SERVER, new AtomicLong()),
          PathKey.of(List.of("hotels")));
  private final SharedCluster cluster = cluster(1);
  private final SharedCluster another = cluster(2);

  private static SharedCluster cluster(int connections) {
    Duration timeout = Duration.ofSeconds(1);
    return new SharedCluster(
        new ClusterSettings(List.of(SERVER), timeout, timeout, connections),
        InstantSource.system(),
        new LevelRegistry(1));
  }

  @AfterEach
  void close() {
    Thread.interrupted();
    cluster.release(Duration.ZERO); // perhaps again
    another.release(Duration.ZERO);
  }

  @Test
  void lock_whileAnotherThreadClears_waitsNoLongerThanTheOperationMay() throws Exception {
    Thread other = new Thread(() -> clear.lock(new Operation("put"), Long.MAX_VALUE));
    other.start();
    other.join();
    Operation get = new Operation("get");
    get.addWait(TimeUnit.MILLISECONDS.toNanos(90));

    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> clear.lock(get, TimeUnit.MILLISECONDS.toNanos(100)))
        .withMessage(
            "Another thread still waits for memcached localhost:11211, which is to clear 'hotels';"
                + " the request was not sent")
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
              assertThat(e.isUnsent()).isTrue();
            });
    assertThat(get.waitedNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
  }

  @Test
  void failed_becauseTheServerDidNotAnswer_failsOthersForAMoment() {
    clear.failed(
        new RequestFailedException(Kind.TIMEOUT, Duration.ofSeconds(1), "No response", null),
        cluster);

    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> clear.failIfJustFailed(cluster))
        .withMessage("No response");
    // Another client may know a name, or a password, that this one doesn't.
    assertThatCode(() -> clear.failIfJustFailed(another)).doesNotThrowAnyException();
  }

  @Test
  void failed_becauseTheCallerHadNoTimeLeft_isNothingToOthers() {
    clear.failed(
        new RequestFailedException(
            Kind.TIMEOUT, Duration.ofSeconds(1), "No time left", null, /* unsent= */ true),
        cluster);

    assertThatCode(() -> clear.failIfJustFailed(cluster)).doesNotThrowAnyException();
  }

  @Test
  void clusters_ofTheSameServers_areAllTriedWhileTheyAreOpen() {
    clear.add(cluster);
    clear.add(another);
    assertThat(clear.openClusters()).containsExactlyInAnyOrder(cluster, another);

    assertThat(clear.remove(another)).isTrue();
    assertThat(clear.openClusters()).isEmpty();
  }

  /** As an operation that ends after its manager was closed. */
  @Test
  void clusters_anotherChangeIsLostThroughAClosedOne_isNotForgotten() {
    clear.add(cluster);
    cluster.release(Duration.ZERO);

    clear.add(cluster);

    assertThat(clear.isOf(another)).isTrue();
    clear.add(another);
    assertThat(clear.openClusters()).containsExactly(another);
  }
}
