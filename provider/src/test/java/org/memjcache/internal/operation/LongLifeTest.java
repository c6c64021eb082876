// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.support.TurnableClock;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * Long lives in memcached's terms: seconds from now up to 30 days, unix time above, no later than
 * 2038. Written on the wrong side of a limit an entry would be gone at once, so each is read back.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongLifeTest {

  private static final long DAYS_30 = Duration.ofDays(30).toMillis();

  private final TurnableClock clock = new TurnableClock();
  private final MemcachedServer server = MemcachedServer.start();
  private final RecordingProxy proxy = RecordingProxy.start(server);

  @AfterAll
  void stop() {
    proxy.close();
    server.close();
  }

  @ParameterizedTest(name = "30 days and {0} ms")
  @CsvSource({
    "-2000, relative",
    "-1001, relative",
    "-1000, relative",
    "-999, absolute",
    "-1, absolute",
    "0, absolute",
    "1, absolute",
    "1000, absolute",
    "86400000, absolute"
  })
  void lifeOfAboutThirtyDays_isRelativeOrAbsoluteAndReadBack(long more, String kind) {
    javax.cache.expiry.Duration life =
        new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, DAYS_30 + more);
    try (ClockedCache cache =
        new ClockedCache(proxy.host(), proxy.port(), new CreatedExpiryPolicy(life), clock)) {
      proxy.reset();

      cache.writes.put("k", "v");

      long exptime = exptime();
      long now = clock.millis() / 1000;
      if (kind.equals("relative")) {
        assertThat(exptime).isBetween((DAYS_30 + more) / 1000, 2_592_000L);
      } else {
        assertThat(exptime).isBetween(now + (DAYS_30 + more) / 1000, now + DAYS_30 / 1000 + 86_403);
      }
      assertThat(cache.reads.get("k")).isEqualTo("v");
      clock.turn(Duration.ofMillis(DAYS_30 + more - 1));
      assertThat(cache.reads.get("k")).isEqualTo("v");
      clock.turn(Duration.ofMillis(1));
      assertThat(cache.reads.get("k")).isNull();
    } finally {
      clock.turn(Duration.ofMillis(-DAYS_30 - more));
    }
  }

  @Test
  void lifeBeyond2038_isAsLongAsMemcachedCanSayAndReadBack() {
    javax.cache.expiry.Duration life = new javax.cache.expiry.Duration(TimeUnit.DAYS, 365 * 100L);
    try (ClockedCache cache =
        new ClockedCache(proxy.host(), proxy.port(), new TouchedExpiryPolicy(life), clock)) {
      proxy.reset();

      cache.writes.put("k", "v");

      assertThat(exptime()).isEqualTo(Integer.MAX_VALUE);
      assertThat(cache.reads.get("k")).isEqualTo("v");
    }
  }

  @Test
  void lifeWithoutEnd_isZeroForMemcached() {
    javax.cache.expiry.Duration life =
        new javax.cache.expiry.Duration(TimeUnit.DAYS, Long.MAX_VALUE);
    try (ClockedCache cache =
        new ClockedCache(proxy.host(), proxy.port(), new TouchedExpiryPolicy(life), clock)) {
      proxy.reset();

      cache.writes.put("k", "v");

      assertThat(exptime()).isZero();
      assertThat(cache.reads.get("k")).isEqualTo("v");
    }
  }

  private long exptime() {
    return proxy.requests().stream()
        .filter(line -> line.matches("(set|add) [^ ]+:Sk .*"))
        .mapToLong(line -> Long.parseLong(line.split(" ")[3]))
        .findFirst()
        .orElseThrow();
  }
}
