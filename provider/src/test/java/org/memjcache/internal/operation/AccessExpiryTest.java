// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.support.TurnableClock;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * Reading moves the deadline where the policy says so. The item is rewritten now and then only, so
 * an entry may die a little early, by a 32nd of its duration, but never late.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessExpiryTest {

  private static final java.time.Duration HOUR = java.time.Duration.ofHours(1);
  private static final java.time.Duration MILLI = java.time.Duration.ofMillis(1);

  private final TurnableClock clock = new TurnableClock();
  private MemcachedServer server;
  private RecordingProxy proxy;

  @BeforeAll
  void start() {
    server = MemcachedServer.start();
    proxy = RecordingProxy.start(server);
  }

  @AfterAll
  void stop() {
    proxy.close();
    server.close();
  }

  /** The operations that are an access (JSR-107, table of expiry policies). */
  static Stream<Named<Consumer<ClockedCache>>> accesses() {
    return Stream.of(
        Named.of("get", cache -> cache.reads.get("k")),
        Named.of("getAll", cache -> cache.reads.getAll(Set.of("k"))),
        Named.of("iterator", ClockedCache::iterated),
        Named.of(
            "invoke", cache -> cache.processors.invoke("k", (entry, args) -> entry.getValue())),
        Named.of(
            "invokeAll",
            cache -> cache.processors.invokeAll(Set.of("k"), (entry, args) -> entry.getValue())),
        Named.of("replace(k,o,n), other value", cache -> cache.writes.replace("k", "x", "w")),
        Named.of("remove(k,v), other value", cache -> cache.removals.remove("k", "x")));
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void access_movesTheDeadline(Consumer<ClockedCache> access) {
    for (ExpiryPolicy policy :
        List.of(
            new AccessedExpiryPolicy(Duration.ONE_HOUR),
            new TouchedExpiryPolicy(Duration.ONE_HOUR))) {
      try (ClockedCache cache = cache(policy)) {
        cache.writes.put("k", "v");
        clock.turn(HOUR.minus(MILLI));
        access.accept(cache);

        clock.turn(HOUR.minus(MILLI));
        assertThat(cache.reads.containsKey("k")).isTrue();
        clock.turn(MILLI);
        assertThat(cache.reads.containsKey("k")).isFalse();
      }
    }
  }

  @Test
  void whatIsNoAccess_movesNothing() {
    try (ClockedCache cache = cache(new AccessedExpiryPolicy(Duration.ONE_HOUR))) {
      cache.writes.put("k", "v");
      clock.turn(HOUR.minus(MILLI));
      cache.reads.containsKey("k");
      cache.processors.invoke("k", (entry, args) -> entry.exists());
      cache.writes.putIfAbsent("k", "w");
      cache.writes.put("k", "w"); // an update, for which this policy says nothing
      clock.turn(MILLI);

      assertThat(cache.reads.containsKey("k")).isFalse();
    }
  }

  @Test
  void busyEntry_isRewrittenAFewTimesOnly() {
    try (ClockedCache cache = cache(new TouchedExpiryPolicy(Duration.ONE_HOUR))) {
      cache.writes.put("k", "v");
      proxy.reset();

      for (int second = 0; second < 3_600; second++) {
        clock.turn(java.time.Duration.ofSeconds(1));
        assertThat(cache.reads.get("k")).isEqualTo("v");
      }

      List<String> rewrites =
          proxy.requests().stream().filter(line -> line.startsWith("cas ")).toList();
      assertThat(rewrites).hasSizeBetween(30, 32);
      assertThat(proxy.requests()).hasSize(3_600 + 2 * rewrites.size()); // + get of the versions
      assertThat(proxy.roundTrips()).isEqualTo(3_600 + rewrites.size());
    }
  }

  @Test
  @Tag("slow")
  void randomAccesses_neverLetAnEntryLiveTooLongNorMuchTooShort() {
    Random random = new Random(107);
    for (int run = 0; run < 100; run++) {
      long life = 1 + (long) Math.pow(10, random.nextDouble() * 9); // 1 ms to 11 days
      try (ClockedCache cache = cache(new AccessedExpiryPolicy(new Duration(MILLISECONDS, life)))) {
        cache.writes.put("k", "v");
        for (int access = 0; access < 6; access++) {
          clock.turn(java.time.Duration.ofMillis((long) (random.nextDouble() * life * 31 / 32)));
          assertThat(cache.reads.get("k")).as("life %d", life).isEqualTo("v");
        }
        long early = life - life / 32 - 1;
        clock.turn(java.time.Duration.ofMillis(early));
        assertThat(cache.reads.containsKey("k")).as("life %d, too early", life).isTrue();
        clock.turn(java.time.Duration.ofMillis(life - early));
        assertThat(cache.reads.containsKey("k")).as("life %d, too late", life).isFalse();
      }
    }
  }

  @Test
  void access_mayShortenTheLife() {
    try (ClockedCache cache =
        cache(Policy.of(new Duration(HOURS, 1), new Duration(MINUTES, 1), null))) {
      cache.writes.put("k", "v");
      cache.reads.get("k");
      clock.turn(java.time.Duration.ofMinutes(1).minus(MILLI));
      assertThat(cache.reads.containsKey("k")).isTrue();
      clock.turn(MILLI);
      assertThat(cache.reads.get("k")).isNull();
    }
  }

  @Test
  void access_mayEndTheLifeAtOnce() {
    try (ClockedCache cache = cache(Policy.of(new Duration(HOURS, 1), Duration.ZERO, null))) {
      cache.writes.put("k", "v");
      assertThat(cache.reads.get("k")).isEqualTo("v");
      assertThat(cache.reads.get("k")).isNull();
      cache.writes.put("k", "v");
      assertThat(cache.reads.getAll(Set.of("k"))).hasSize(1);
      assertThat(cache.reads.getAll(Set.of("k"))).isEmpty();
      cache.writes.put("k", "v");
      assertThat(cache.iterated()).containsExactly("k");
      assertThat(cache.reads.containsKey("k")).isFalse();
    }
  }

  @Test
  void access_mayMakeAnEntryEternal() {
    try (ClockedCache cache = cache(Policy.of(new Duration(HOURS, 1), Duration.ETERNAL, null))) {
      cache.writes.put("k", "v");
      cache.reads.get("k");
      clock.turn(java.time.Duration.ofDays(36_525));
      assertThat(cache.reads.get("k")).isEqualTo("v");
      proxy.reset();
      cache.reads.get("k");
      assertThat(proxy.requests()).hasSize(1); // eternal it is, and nothing to be moved
      clock.turn(java.time.Duration.ofDays(-36_525));
    }
  }

  @Test
  void policyThatSaysNothingOrFails_leavesTheDeadline() {
    for (Policy policy :
        List.of(
            Policy.of(Duration.ONE_HOUR, null, null),
            new Policy(() -> Duration.ONE_HOUR, Policy::fails, Policy::fails))) {
      try (ClockedCache cache = cache(policy)) {
        cache.writes.put("k", "v");
        clock.turn(HOUR.minus(MILLI));
        assertThat(cache.reads.get("k")).isEqualTo("v");
        clock.turn(MILLI);
        assertThat(cache.reads.get("k")).isNull();
      }
    }
  }

  private ClockedCache cache(ExpiryPolicy policy) {
    return new ClockedCache(proxy.host(), proxy.port(), policy, clock);
  }
}
