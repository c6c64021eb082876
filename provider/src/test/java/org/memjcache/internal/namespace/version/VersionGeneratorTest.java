// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.LongStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number that was ever in use must never be drawn again, whatever the clock does. */
class VersionGeneratorTest {

  private static final String LEVEL = "acme/shop";
  private static final int DRAWS = 100_000;

  private static final Instant NOON = Instant.parse("2026-05-17T12:00:00Z");

  /** How far a number may be ahead of the one that it has to exceed: 2^20 and 30 random bits. */
  private static final long LONGEST_JUMP = (1L << 20) + (1L << 30);

  @ParameterizedTest
  @ValueSource(
      strings = {"2001-01-01T00:00:00Z", "2026-05-17T12:00:00Z", "2125-12-31T23:59:59.999Z"})
  void above_anyTimeOfThisCenturyAndABitMore_nineteenDigits(String time) {
    VersionGenerator fresh = new VersionGenerator(InstantSource.fixed(Instant.parse(time)));

    for (int i = 0; i < 1_000; i++) {
      assertThat(Long.toString(fresh.above(LEVEL, 0))).hasSize(19);
    }
  }

  /** Nobody could read the version: 12 digits, or a number that others take for none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:03Z",
        "1901-01-01T00:00:00Z",
        "2000-12-31T23:59:59.999Z",
        "2126-01-01T00:00:00Z",
        "2300-01-01T00:00:00Z",
        "+100000-01-01T00:00:00Z"
      })
  void above_clockIsWrong_refusedAndSaysWhy(String time) {
    VersionGenerator wrong = new VersionGenerator(InstantSource.fixed(Instant.parse(time)));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> wrong.above(LEVEL, 0))
        .withMessageContaining("'acme/shop'")
        .withMessageContaining(Instant.parse(time).toString())
        .withMessageContaining("2001-01-01T00:00:00Z until 2126-01-01T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:03Z", "2300-01-01T00:00:00Z"})
  void above_clockIsWrongAndANumberWasSeen_jumpsPastIt(String time) {
    long seen = new VersionGenerator(InstantSource.fixed(NOON)).above(LEVEL, 0);
    VersionGenerator wrong = new VersionGenerator(InstantSource.fixed(Instant.parse(time)));

    assertThat(wrong.above(LEVEL, seen)).isBetween(seen + (1L << 20), seen + LONGEST_JUMP);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_447_034_880_000L, 5_294_397_378_327_074_247L})
  void above_clockIsWrongAndSoIsTheNumber_refused(long highest) {
    VersionGenerator wrong = new VersionGenerator(InstantSource.fixed(Instant.EPOCH));

    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> wrong.above(LEVEL, highest));
  }

  @Test
  void above_nothingSeen_timeInHighBits() {
    VersionGenerator fresh = new VersionGenerator(InstantSource.fixed(NOON));

    assertThat(fresh.above(LEVEL, 0) >>> 20).isEqualTo(NOON.toEpochMilli());
  }

  @Test
  void above_nothingSeen_lowBitsAreRandom() {
    VersionGenerator fresh = new VersionGenerator(InstantSource.fixed(NOON));

    long zeros = -1;
    long ones = -1;
    for (int i = 0; i < 200; i++) {
      long low = fresh.above(LEVEL, 0) & 0xF_FFFF;
      zeros &= ~low;
      ones &= low;
    }
    assertThat(zeros & 0xF_FFFF).as("bits that are always 0").isZero();
    assertThat(ones).as("bits that are always 1").isZero();
  }

  @Test
  void above_drawnAgainAndAgain_neverTheSame() {
    VersionGenerator fresh = new VersionGenerator(InstantSource.system());

    requireRising(fresh, 0);
  }

  @Test
  void above_clockStandsStill_neverTheSame() {
    VersionGenerator fresh = new VersionGenerator(InstantSource.fixed(NOON));

    requireRising(fresh, 0);
  }

  @Test
  void above_clockGoesBackwards_neverTheSame() {
    long[] millis = {NOON.toEpochMilli()};
    VersionGenerator fresh = new VersionGenerator(() -> Instant.ofEpochMilli(millis[0]--));

    requireRising(fresh, 0);
  }

  @Test
  void above_clockBehindByAnHour_jumpsPastTheHighest() {
    long ahead =
        new VersionGenerator(InstantSource.fixed(NOON.plus(Duration.ofHours(1)))).above(LEVEL, 0);
    VersionGenerator behind = new VersionGenerator(InstantSource.fixed(NOON));

    for (int i = 0; i < 1_000; i++) {
      long fresh = behind.above(LEVEL, ahead);
      // Not next to it: another process may have incremented it several times since.
      assertThat(fresh).isBetween(ahead + (1L << 20), ahead + LONGEST_JUMP);
    }
  }

  @Test
  void above_clockBehindByAnHour_jumpsAreRandom() {
    long ahead =
        new VersionGenerator(InstantSource.fixed(NOON.plus(Duration.ofHours(1)))).above(LEVEL, 0);
    VersionGenerator one = new VersionGenerator(InstantSource.fixed(NOON));
    VersionGenerator other = new VersionGenerator(InstantSource.fixed(NOON));

    // Two processes that lose the same version at once must not agree by accident.
    assertThat(one.above(LEVEL, ahead)).isNotEqualTo(other.above(LEVEL, ahead));
  }

  @Test
  @Tag("slow")
  void above_keyEvictedEachSecondForAMonthAndClocksAnHourApart_staysNearTheClocks() {
    long[] millis = {NOON.toEpochMilli()};
    VersionGenerator behind = new VersionGenerator(() -> Instant.ofEpochMilli(millis[0]));
    VersionGenerator ahead =
        new VersionGenerator(() -> Instant.ofEpochMilli(millis[0] + 3_600_000));

    long highest = 0;
    for (int second = 0; second < Duration.ofDays(30).toSeconds(); second++) {
      millis[0] += 1_000;
      highest = (second % 2 == 0 ? behind : ahead).above(LEVEL, highest);
    }

    assertThat(highest >>> 20).isBetween(millis[0], millis[0] + Duration.ofMinutes(61).toMillis());
  }

  @Test
  void step_isAtMostAMillisecondAndRandom() {
    VersionGenerator fresh = new VersionGenerator(InstantSource.system());

    assertThat(LongStream.generate(fresh::step).limit(1_000))
        .allMatch(step -> step >= 1 && step <= 1 << 20)
        .anyMatch(step -> step > 1 << 19)
        .anyMatch(step -> step < 1 << 19);
  }

  private static void requireRising(VersionGenerator fresh, long first) {
    long highest = first;
    for (int i = 0; i < DRAWS; i++) {
      long drawn = fresh.above(LEVEL, highest);
      if (drawn <= highest || Long.toString(drawn).length() != 19) {
        assertThat(drawn).as("draw " + i).isGreaterThan(highest).asString().hasSize(19);
      }
      highest = drawn;
    }
  }
}
