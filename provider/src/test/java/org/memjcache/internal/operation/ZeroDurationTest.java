// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.support.TurnableClock;
import org.memjcache.testkit.MemcachedServer;

/** Durations of zero: what is given no time is not stored, or ends what was there. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZeroDurationTest {

  private MemcachedServer server;

  @BeforeAll
  void start() {
    server = MemcachedServer.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  static Stream<Named<Consumer<ClockedCache>>> writes() {
    return Stream.of(
        Named.of("put", cache -> cache.writes.put("k", "w")),
        Named.of("putAll", cache -> cache.writes.putAll(Map.of("k", "w"))),
        Named.of("getAndPut", cache -> cache.writes.getAndPut("k", "w")),
        Named.of("putIfAbsent", cache -> cache.writes.putIfAbsent("k", "w")),
        Named.of("replace", cache -> cache.writes.replace("k", "w")),
        Named.of("replace(k,o,n)", cache -> cache.writes.replace("k", "v", "w")),
        Named.of("getAndReplace", cache -> cache.writes.getAndReplace("k", "w")),
        Named.of(
            "invoke",
            cache ->
                cache.processors.invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.setValue("w");
                      return null;
                    })));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void creationWithoutTime_storesNothing(Consumer<ClockedCache> write) {
    server.flushAll();
    for (ExpiryPolicy policy :
        new ExpiryPolicy[] {
          new CreatedExpiryPolicy(Duration.ZERO),
          new ModifiedExpiryPolicy(Duration.ZERO),
          new AccessedExpiryPolicy(Duration.ZERO),
          new TouchedExpiryPolicy(Duration.ZERO),
          Policy.of(Duration.ZERO, null, null)
        }) {
      try (ClockedCache cache = cache(policy)) {
        write.accept(cache);

        assertThat(cache.reads.get("k")).isNull();
        assertThat(cache.reads.containsKey("k")).isFalse();
        assertThat(cache.iterated()).isEmpty();
        assertThat(cache.metrics.statistics().getCachePuts()).isZero();
      }
    }
    assertThat(server.command("lru_crawler metadump all"))
        .noneMatch(line -> line.contains("%3ASk"));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void updateWithoutTime_removesTheEntry(Consumer<ClockedCache> write) {
    try (ClockedCache cache = cache(Policy.of(Duration.ONE_HOUR, null, Duration.ZERO))) {
      cache.writes.put("k", "v");

      write.accept(cache);

      boolean updated = cache.metrics.statistics().getCachePuts() == 2;
      assertThat(cache.reads.get("k")).isEqualTo(updated ? null : "v"); // putIfAbsent leaves it
    }
  }

  @Test
  void putWithoutTimeOverADeadEntry_isNeitherAnUpdateNorACreation() {
    TurnableClock clock = new TurnableClock();
    try (ClockedCache cache =
        new ClockedCache(
            server.host(), server.port(), new ModifiedExpiryPolicy(turningToZero), clock)) {
      turningToZero.hours = 1;
      cache.writes.put("k", "v");
      clock.turn(java.time.Duration.ofHours(1));
      turningToZero.hours = 0;

      cache.writes.put("k", "w");
      cache.writes.putAll(Map.of("k", "w"));

      assertThat(cache.metrics.statistics().getCachePuts()).isEqualTo(1);
      assertThat(cache.reads.get("k")).isNull();
    }
  }

  @Test
  void accessWithoutTime_returnsTheValueOnce() {
    try (ClockedCache cache =
        cache(Policy.of(Duration.ONE_HOUR, Duration.ZERO, Duration.ONE_HOUR))) {
      cache.writes.putAll(Map.of("k", "v", "l", "v"));

      assertThat(cache.reads.getAll(Set.of("k", "l"))).hasSize(2);
      assertThat(cache.reads.getAll(Set.of("k", "l"))).isEmpty();
    }
  }

  private final HoursOrZero turningToZero = new HoursOrZero();

  /** A duration of JCache's, since only with its own policies the provider takes short cuts. */
  private static final class HoursOrZero extends Duration {
    private static final long serialVersionUID = 1L;
    private long hours;

    HoursOrZero() {
      super(TimeUnit.HOURS, 1);
    }

    @Override
    public long getDurationAmount() {
      return hours;
    }
  }

  private ClockedCache cache(ExpiryPolicy policy) {
    return new ClockedCache(server.host(), server.port(), policy, InstantSource.system());
  }
}
