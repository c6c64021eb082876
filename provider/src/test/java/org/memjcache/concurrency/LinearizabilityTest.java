// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import javax.cache.Cache;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Single-key operations and clear in strict mode on one memcached, checked by Lincheck against a
 * plain map.
 *
 * <p>{@code linearizability.scenarios} says how many scenarios are tried; each is run many times.
 */
@Memcached
@Tag("slow")
@Tag("lincheck")
class LinearizabilityTest {

  private static final int SCENARIOS = Integer.getInteger("linearizability.scenarios", 4);
  private static final int RUNS = 120;

  private final MemcachedServer server;
  private final IsolatedProvider one = new IsolatedProvider();
  private final IsolatedProvider other = new IsolatedProvider();

  LinearizabilityTest(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void operationsOfThreeThreads_areAsOneAfterTheOther() {
    StressedCache.use(List.of(cache(one, "")));

    stress(SCENARIOS, 3);
  }

  @Test
  @Tag("any-jdk")
  void operationsOfTwoProcesses_areAsOneAfterTheOther() {
    StressedCache.use(List.of(cache(one, ""), cache(other, "")));

    stress(SCENARIOS, 2);
  }

  /** The test can fail: two processes that trust what they know for an hour are found out. */
  @Test
  @Tag("any-jdk")
  void operationsOfTwoProcesses_withoutTheCheckOfVersions_areFoundOut() {
    String unchecked = "&consistency=bounded&staleness=1h";
    StressedCache.use(List.of(cache(one, unchecked), cache(other, unchecked)));

    assertThatExceptionOfType(LincheckAssertionError.class).isThrownBy(() -> stress(200, 2));
  }

  private Cache<String, Integer> cache(IsolatedProvider process, String options) {
    return process.cache(server.uri("/app/tenant?timeout=20s&connectTimeout=20s" + options), "map");
  }

  private static void stress(int scenarios, int threads) {
    int before = StressedCache.maps();
    long start = System.nanoTime();
    try {
      new StressOptions()
          .iterations(scenarios)
          .invocationsPerIteration(RUNS)
          .threads(threads)
          .actorsPerThread(3)
          .actorsBefore(2)
          .actorsAfter(2)
          .minimizeFailedScenario(false)
          .sequentialSpecification(PlainMap.class)
          .check(StressedCache.class);
    } finally {
      System.out.printf(
          "linearizability, %d threads: %d runs in %d ms%n",
          threads, StressedCache.maps() - before, (System.nanoTime() - start) / 1_000_000);
    }
  }
}
