// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.support.TurnableClock;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * An entry is live until the millisecond before its deadline and dead from the deadline on, for
 * every operation, although memcached still has the item.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
@Tag("any-jdk")
class DeadlineTest {

  private static final Duration HOUR = Duration.ONE_HOUR;
  private static final java.time.Duration LIFE = java.time.Duration.ofHours(1);
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

  /** An operation that tells whether there is an entry. */
  enum Look {
    GET(cache -> cache.reads.get("k") != null),
    GET_ALL(cache -> cache.reads.getAll(Set.of("k", "l")).containsKey("k")),
    CONTAINS_KEY(cache -> cache.reads.containsKey("k")),
    ITERATOR(cache -> cache.iterated().contains("k")),
    INVOKE_EXISTS(cache -> cache.processors.invoke("k", (entry, arguments) -> entry.exists())),
    INVOKE_GET(
        cache -> cache.processors.invoke("k", (entry, arguments) -> entry.getValue()) != null),
    INVOKE_ALL(
        cache ->
            cache
                .processors
                .invokeAll(Set.of("k"), (entry, arguments) -> entry.getValue())
                .containsKey("k")),
    GET_AND_PUT(cache -> cache.writes.getAndPut("k", "w") != null),
    PUT_IF_ABSENT(cache -> !cache.writes.putIfAbsent("k", "w")),
    REPLACE(cache -> cache.writes.replace("k", "w")),
    REPLACE_IF(cache -> cache.writes.replace("k", "v", "w")),
    GET_AND_REPLACE(cache -> cache.writes.getAndReplace("k", "w") != null),
    REMOVE(cache -> cache.removals.remove("k")),
    REMOVE_IF(cache -> cache.removals.remove("k", "v")),
    GET_AND_REMOVE(cache -> cache.removals.getAndRemove("k") != null),
    REMOVE_ALL_OF(
        cache -> {
          cache.removals.removeAll(Set.of("k"));
          return cache.metrics.statistics().getCacheRemovals() == 1;
        }),
    REMOVE_ALL(
        cache -> {
          cache.removals.removeAll();
          return cache.metrics.statistics().getCacheRemovals() == 1;
        });

    private final Predicate<ClockedCache> finds;

    Look(Predicate<ClockedCache> finds) {
      this.finds = finds;
    }
  }

  static Stream<Arguments> looksAndPolicies() {
    return Stream.of(Look.values())
        .flatMap(
            look ->
                Stream.of(
                        new CreatedExpiryPolicy(HOUR),
                        new ModifiedExpiryPolicy(HOUR),
                        new AccessedExpiryPolicy(HOUR),
                        new TouchedExpiryPolicy(HOUR),
                        Policy.of(HOUR, null, null))
                    .map(
                        policy ->
                            Arguments.of(
                                look, Named.of(policy.getClass().getSimpleName(), policy))));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("looksAndPolicies")
  void entry_isSeenUntilItsDeadlineAndNeverFromThenOn(Look look, ExpiryPolicy policy) {
    try (ClockedCache cache = cache(policy)) {
      cache.writes.put("k", "v");
      clock.turn(LIFE.minus(MILLI));
      assertThat(look.finds.test(cache)).as("a millisecond before").isTrue();
    }
    try (ClockedCache cache = cache(policy)) {
      cache.writes.put("k", "v");
      clock.turn(LIFE);
      assertThat(look.finds.test(cache)).as("at the deadline").isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void entryThatNeverExpires_isSeenInAHundredYears(Look look) {
    for (ExpiryPolicy policy :
        new ExpiryPolicy[] {
          new EternalExpiryPolicy(),
          new CreatedExpiryPolicy(Duration.ETERNAL),
          new TouchedExpiryPolicy(new Duration(DAYS, Long.MAX_VALUE)),
          new ModifiedExpiryPolicy(new Duration(MILLISECONDS, Long.MAX_VALUE)),
          Policy.of(null, null, null)
        }) {
      try (ClockedCache cache = cache(policy)) {
        cache.writes.put("k", "v");
        clock.turn(java.time.Duration.ofDays(36_525));
        assertThat(look.finds.test(cache)).as(policy.toString()).isTrue();
        clock.turn(java.time.Duration.ofDays(-36_525));
      }
    }
  }

  @Test
  void writesOverADeadEntry_areCreations() {
    Policy policy = Policy.of(new Duration(HOURS, 1), null, new Duration(HOURS, 5));
    for (Look write : new Look[] {Look.GET_AND_PUT, Look.PUT_IF_ABSENT}) {
      try (ClockedCache cache = cache(policy)) {
        cache.writes.put("k", "v");
        clock.turn(LIFE);
        assertThat(write.finds.test(cache)).isFalse();
        assertThat(cache.reads.get("k")).isEqualTo("w");
        clock.turn(LIFE);
        assertThat(cache.reads.get("k")).as("an hour, not five, after %s", write).isNull();
      }
    }
  }

  @Test
  void putIfAbsentOverADeadHolder_storesInItsPlace() {
    try (ClockedCache cache = cache(new CreatedExpiryPolicy(HOUR))) {
      cache.writes.put("k", "v");
      clock.turn(LIFE);
      proxy.reset();

      assertThat(cache.writes.putIfAbsent("k", "w")).isTrue();

      assertThat(proxy.requests().stream().map(line -> line.split(" ")[0]))
          .containsExactly("get", "add", "gets", "get", "cas"); // it is there, it is dead
      assertThat(cache.reads.get("k")).isEqualTo("w");
      assertThat(cache.writes.putIfAbsent("k", "x")).isFalse();
    }
  }

  @Test
  void updates_moveTheDeadlineOrKeepIt() {
    try (ClockedCache keeping = cache(Policy.of(HOUR, null, null));
        ClockedCache failing = cache(new Policy(() -> HOUR, Policy::fails, Policy::fails));
        ClockedCache created = cache(new CreatedExpiryPolicy(HOUR));
        ClockedCache moving = cache(new ModifiedExpiryPolicy(HOUR))) {
      for (ClockedCache cache : new ClockedCache[] {keeping, failing, created, moving}) {
        cache.writes.putAll(Map.of("k", "v", "l", "v"));
      }
      clock.turn(LIFE.minus(MILLI));
      for (ClockedCache cache : new ClockedCache[] {keeping, failing, created, moving}) {
        cache.writes.put("k", "w");
        cache.writes.replace("l", "w");
        assertThat(cache.reads.getAll(Set.of("k", "l"))).isEqualTo(Map.of("k", "w", "l", "w"));
      }

      clock.turn(MILLI);

      assertThat(keeping.reads.getAll(Set.of("k", "l"))).isEmpty();
      assertThat(failing.reads.getAll(Set.of("k", "l"))).isEmpty();
      assertThat(created.reads.getAll(Set.of("k", "l"))).isEmpty();
      assertThat(moving.reads.getAll(Set.of("k", "l"))).hasSize(2);
      clock.turn(LIFE.minus(MILLI));
      assertThat(moving.reads.getAll(Set.of("k", "l"))).isEmpty();
    }
  }

  @Test
  void updateOfADuration_mayShortenIt() {
    try (ClockedCache cache = cache(Policy.of(HOUR, null, new Duration(MILLISECONDS, 5)))) {
      cache.writes.put("k", "v");
      cache.writes.put("k", "w");
      clock.turn(java.time.Duration.ofMillis(4));
      assertThat(cache.reads.get("k")).isEqualTo("w");
      clock.turn(MILLI);
      assertThat(cache.reads.get("k")).isNull();
    }
  }

  private ClockedCache cache(ExpiryPolicy policy) {
    return new ClockedCache(proxy.host(), proxy.port(), policy, clock);
  }
}
