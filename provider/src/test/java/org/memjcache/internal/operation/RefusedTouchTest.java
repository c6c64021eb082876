// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.expiry.AccessedExpiryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.support.TurnableClock;
import org.memjcache.testkit.MemcachedServer;

/** A server without memory can't move a deadline: the entry is read, and left as it is. */
@Timeout(60)
class RefusedTouchTest {

  private static final String VALUE = "x".repeat(500_000);

  private final TurnableClock clock = new TurnableClock();

  @Test
  void access_serverOutOfMemory_returnsTheLiveValueAndLeavesIt() {
    try (MemcachedServer small = MemcachedServer.builder().memoryMegabytes(4).option("-M").start();
        ClockedCache cache =
            new ClockedCache(
                small.host(),
                small.port(),
                new AccessedExpiryPolicy(javax.cache.expiry.Duration.ONE_HOUR),
                clock)) {
      cache.writes.put("k", VALUE);
      cache.writes.put("l", VALUE);
      fill(cache);
      clock.turn(Duration.ofMinutes(30));
      String stored = small.stats().get("cas_hits");

      assertThat(cache.reads.get("k")).isEqualTo(VALUE);
      assertThat(cache.reads.getAll(Set.of("k", "l"))).hasSize(2).containsEntry("l", VALUE);
      assertThat(cache.processors.<String>invoke("k", (entry, arguments) -> entry.getValue()))
          .isEqualTo(VALUE);
      assertThat(cache.writes.replace("k", "other", "new")).isFalse();
      assertThat(cache.removals.remove("l", "other")).isFalse();
      assertThat(cache.iterated()).contains("k", "l");

      assertThat(small.stats().get("cas_hits")).isEqualTo(stored); // it refused all of these
      assertThat(cache.reads.getAll(Set.of("k", "l"))).hasSize(2);
      clock.turn(Duration.ofMinutes(30));
      assertThat(cache.reads.containsKey("k")).isFalse(); // its deadline was not moved
    }
  }

  private static void fill(ClockedCache cache) {
    for (int i = 0; i < 100; i++) {
      String key = "filler" + i;
      Throwable failure = catchThrowable(() -> cache.writes.put(key, VALUE));
      if (failure != null) {
        assertThat(failure).isInstanceOf(CacheException.class).hasMessageContaining("no memory");
        return;
      }
    }
    throw new AssertionError("50 MB went into a server of 4");
  }
}
