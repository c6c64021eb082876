// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.cache.expiry.EternalExpiryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.support.OwnThread;
import org.memjcache.support.SlowLoader;
import org.memjcache.support.Waiting;

/** Listeners hear of what was loaded in the order of all changes of the entry. */
@Timeout(60)
class LoadedEventsTest {

  private final SlowLoader slow = new SlowLoader((key, number) -> "loaded " + key);
  private final MemoryCache cache = MemoryCache.heard(new EternalExpiryPolicy());
  private final CacheContext<String, String> context =
      cache.readThrough(cache.store, key -> key.equals("slow") ? slow.load(key) : "loaded " + key);

  /** The other entry is loaded by another thread, which takes longer. */
  @Test
  void getAll_waitsForAnotherEntry_theLoadIsHeardOfBeforeTheNextChange() {
    CompletableFuture<String> other =
        OwnThread.supply(() -> new Reads<>(context, null).get("slow"));
    slow.awaitBegun();
    CompletableFuture<Map<String, String>> both =
        OwnThread.supply(() -> new Reads<>(context, null).getAll(Set.of("k", "slow")));
    Waiting.await("the one entry is there").until(() -> cache.stored("k").equals("loaded k"));

    new Writes<>(context).put("k", "new");
    slow.go();

    assertThat(other.join()).isEqualTo("loaded slow");
    assertThat(both.join()).isEqualTo(Map.of("k", "loaded k", "slow", "loaded slow"));
    assertThat(cache.events).containsSubsequence("created loaded k", "updated loaded k>new");
    assertThat(cache.counts()).isEqualTo("3 miss, put");
  }

  /** It waits for the load in the turn that the load waits for. */
  @Test
  void get_anEntryProcessorWaitsForTheLoad_bothEnd() {
    CompletableFuture<String> read = OwnThread.supply(() -> new Reads<>(context, null).get("slow"));
    slow.awaitBegun();
    CompletableFuture<String> processed =
        OwnThread.supply(
            () ->
                new Processors<>(context)
                    .invoke(
                        "slow",
                        (entry, arguments) -> {
                          slow.go();
                          return entry.getValue();
                        }));

    assertThat(processed.join()).isEqualTo("loaded slow");
    assertThat(read.join()).isEqualTo("loaded slow");
  }
}
