// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.memjcache.testkit.MemcachedServer;

/**
 * Short lives on the real clock, which memcached's own clock of seconds knows nothing of. The tests
 * look as often as they can and judge only what the times of call and return prove, so they hold on
 * a machine of any speed.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShortLifeTest {

  private MemcachedServer server;

  @BeforeAll
  void start() {
    server = MemcachedServer.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void lifeOfMilliseconds_isNeverOutlived() {
    for (int life : new int[] {1, 2, 3, 5, 8, 13, 20}) {
      Duration duration = new Duration(MILLISECONDS, life);
      for (ExpiryPolicy policy :
          new ExpiryPolicy[] {
            new CreatedExpiryPolicy(duration), new ModifiedExpiryPolicy(duration)
          }) {
        try (ClockedCache cache = cache(policy)) {
          for (int i = 0; i < 5; i++) {
            String value = "v" + i;
            cache.writes.put("k", value);
            long deadline = System.currentTimeMillis() + life; // or earlier
            long asked;
            String found;
            do {
              asked = System.currentTimeMillis();
              found = cache.reads.get("k");
              assertThat(found).isIn(value, null);
              assertThat(found == null || asked < deadline)
                  .as("asked %d ms after the deadline", asked - deadline)
                  .isTrue();
            } while (found != null);
            assertThat(cache.reads.containsKey("k")).isFalse();
          }
        }
      }
    }
  }

  @Test
  @Tag("slow")
  void lifeOfOneSecond_isNotCutShortByMemcached() {
    Duration second = new Duration(SECONDS, 1);
    try (ClockedCache cache = cache(new CreatedExpiryPolicy(second))) {
      // Begun at different moments of memcached's second.
      Map<String, Long> created = new HashMap<>();
      for (int i = 0; i < 20; i++) {
        String key = "k" + i;
        created.put(key, System.currentTimeMillis()); // or later
        cache.writes.put(key, "v");
        parkUntil(created.get(key) + 30);
      }
      while (!created.isEmpty()) {
        for (String key : created.keySet().toArray(new String[0])) {
          if (!cache.reads.containsKey(key)) {
            long lived = System.currentTimeMillis() - created.get(key);
            assertThat(lived).as(key).isGreaterThanOrEqualTo(1_000);
            created.remove(key);
          }
        }
      }
    }
  }

  private static void parkUntil(long millis) {
    while (System.currentTimeMillis() < millis) {
      Thread.onSpinWait();
    }
  }

  private ClockedCache cache(ExpiryPolicy policy) {
    return new ClockedCache(server.host(), server.port(), policy, InstantSource.system());
  }
}
