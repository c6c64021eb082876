// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.Snapshot;

/** What {@code getAll} and {@code loadAll} do about leases, servers that are away, and Errors. */
@Timeout(60)
class BulkLoadTest {

  private static final Duration AN_HOUR = Duration.ofHours(1);

  private static CacheContext<String, String> leasing(MemoryCache cache, Duration patience) {
    return cache.leasing(patience, key -> "loaded " + key);
  }

  private static Map<String, String> getAll(CacheContext<String, String> context) {
    return new Reads<>(context, null).getAll(Set.of("k", "other"));
  }

  private static long lostLeases(MemoryCache cache) {
    return cache.context.metrics().insight(Map::of, () -> null).getLostLeases();
  }

  private static List<Snapshot<String>> loadElsewhere(MemoryCache cache) {
    return cache.store.readForLoad(
        new Operation("test"), List.of(cache.store.encodeKey("k")), AN_HOUR);
  }

  @Test
  void getAll_anotherProcessFails_countsALostLease() {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    List<Snapshot<String>> theirs = loadElsewhere(cache);
    AtomicInteger looks = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("readForLoad") && looks.incrementAndGet() == 3) {
            cache.store.change(
                new Operation("test"),
                List.of(new PlannedChange<>(theirs.get(0), Change.Simple.KEEP, false)));
          }
        });

    assertThat(getAll(leasing(cache, AN_HOUR)))
        .isEqualTo(Map.of("k", "loaded k", "other", "loaded other"));

    assertThat(lostLeases(cache)).isEqualTo(1);
  }

  @Test
  void getAll_anotherProcessTakesTooLong_countsALostLease() {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    loadElsewhere(cache);

    assertThat(getAll(leasing(cache, Duration.ofMillis(50)))).hasSize(2);

    assertThat(lostLeases(cache)).isEqualTo(1);
  }

  @Test
  void getAll_serverIsAway_isNotAskedForLeases() {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    cache.store.setAway(true);

    assertThat(getAll(leasing(cache, AN_HOUR))).hasSize(2);

    assertThat(cache.store.trips()).containsExactly("read");
  }

  /** It is asked about all of them before any is stored. */
  @Test
  void loadAll_thePolicyEndsByAnError_storesNothing() {
    AtomicInteger asked = new AtomicInteger();
    MemoryCache cache =
        MemoryCache.heard(
            new Policy(
                () -> {
                  if (asked.incrementAndGet() == 2) {
                    throw new StackOverflowError();
                  }
                  return javax.cache.expiry.Duration.ETERNAL;
                },
                () -> null,
                () -> null));
    CompletionListenerFuture done = new CompletionListenerFuture();

    new Loads<>(leasing(cache, AN_HOUR)).loadAll(Set.of("k", "other"), false, done);

    assertThatThrownBy(done::get).hasStackTraceContaining("StackOverflowError");
    assertThat(cache.events).isEmpty();
    assertThat(List.of(cache.stored("k"), cache.stored("other"))).containsOnly("absent");
  }
}
