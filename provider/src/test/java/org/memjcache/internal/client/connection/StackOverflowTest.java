// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.testkit.MemcachedServer;

/**
 * A thread runs out of stack in the middle of a trip, at any depth of it. The connection is shared:
 * nobody else may have to wait for what this one left half done.
 */
@Timeout(120)
@Tag("slow")
class StackOverflowTest {

  private static final int ROUNDS = 60;

  private int overflows;

  @Test
  void run_withTooLittleStack_disturbsNobodyForLong() throws Exception {
    Duration longest = Duration.ZERO;
    try (MemcachedServer server = MemcachedServer.start();
        Cluster cluster =
            TestClusters.cluster(TestClusters.settings(20_000, TestClusters.address(server)))) {
      TestClusters.set(cluster, "k", "v");
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("v"); // a class is initialized only once
      for (int round = 0; round < ROUNDS; round++) {
        Thread thread = new Thread(null, () -> descend(cluster), "deep", 150_000 + 1_000 * round);
        thread.start();
        thread.join();

        Duration waited =
            TestClusters.await(Duration.ofSeconds(20), () -> TestClusters.works(cluster));
        longest = waited.compareTo(longest) > 0 ? waited : longest;
      }
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("v");
    }
    assertThat(overflows).isGreaterThan(ROUNDS);
    assertThat(longest).isLessThan(Duration.ofSeconds(10));
  }

  /** Goes down to where the stack ends, then tries a trip from there up, until one succeeds. */
  @SuppressWarnings("InfiniteRecursion") // until there is no more stack
  private boolean descend(Cluster cluster) {
    boolean done;
    try {
      done = descend(cluster);
    } catch (StackOverflowError e) {
      done = false;
    }
    if (!done) {
      try {
        done = "v".equals(TestClusters.get(cluster, "k"));
      } catch (StackOverflowError | LinkageError e) { // of a class that is used for the first time
        overflows++;
      } catch (RequestFailedException e) {
        // The connection was given up.
      }
    }
    return done;
  }
}
