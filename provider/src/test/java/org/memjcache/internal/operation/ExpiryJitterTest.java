// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.entry.Deadline;

/** {@code expiryJitter} shortens lives by chance, each by itself, and never lengthens one. */
class ExpiryJitterTest {

  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-06-01T12:00:00Z"));
  private static final long LIFE = 1_000_000;
  private static final Duration LIFE_OF_POLICY = new Duration(TimeUnit.MILLISECONDS, LIFE);

  @Test
  void afterCreationOfMany_isSpreadOverTheLastPartOfTheLife() {
    Expiry<String, String> expiry =
        new Expiry<>(new ModifiedExpiryPolicy(LIFE_OF_POLICY), NOON, 10);

    LongSupplier deadlines = expiry.afterCreationOfMany();
    long[] lives =
        LongStream.generate(deadlines).limit(10_000).map(each -> each - NOON.millis()).toArray();

    assertThat(LongStream.of(lives)).allMatch(life -> life > LIFE * 9 / 10 && life <= LIFE);
    for (int i = 0; i < 10; i++) { // some in each tenth of what is left to chance
      long from = LIFE * 9 / 10 + i * LIFE / 100;
      assertThat(LongStream.of(lives).filter(life -> life >= from && life <= from + LIFE / 100))
          .hasSizeGreaterThan(500);
    }
  }

  @Test
  void afterCreationOfMany_withoutJitter_isTheSameForAll() {
    Expiry<String, String> expiry = new Expiry<>(new CreatedExpiryPolicy(LIFE_OF_POLICY), NOON, 0);

    assertThat(LongStream.generate(expiry.afterCreationOfMany()).limit(100).distinct())
        .containsExactly(NOON.millis() + LIFE);
  }

  @Test
  void afterCreation_neverExpires_staysSo() {
    Expiry<String, String> expiry = new Expiry<>(new EternalExpiryPolicy(), NOON, 50);

    assertThat(expiry.afterCreationOfMany().getAsLong()).isEqualTo(Deadline.ETERNAL);
  }
}
