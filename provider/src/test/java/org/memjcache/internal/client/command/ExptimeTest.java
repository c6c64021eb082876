// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExptimeTest {

  private static final long NOW = 1_700_000_000_000L;
  private static final long DAY = 86_400_000L;

  @Test
  void of_eternal_isNever() {
    assertThat(Exptime.of(Long.MAX_VALUE, NOW)).isEqualTo(Exptime.NEVER).isZero();
  }

  @ParameterizedTest(name = "{0} ms left: {1}")
  @CsvSource({"1, 2", "999, 2", "1000, 2", "1001, 3", "20, 2", "60000, 61"})
  void of_soon_isSecondsRoundedUpAndOneMore(long millisLeft, int expected) {
    assertThat(Exptime.of(NOW + millisLeft, NOW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "-5000", "-1700000000000"})
  void of_past_isAtOnce(long millisLeft) {
    assertThat(Exptime.of(NOW + millisLeft, NOW)).isEqualTo(Exptime.AT_ONCE).isNegative();
  }

  @Test
  void of_thirtyDays_turnsFromRelativeToAbsolute() {
    assertThat(Exptime.of(NOW + 30 * DAY - 2000, NOW)).isEqualTo(2_591_999);
    assertThat(Exptime.of(NOW + 30 * DAY - 1000, NOW)).isEqualTo(2_592_000);
    assertThat(Exptime.of(NOW + 30 * DAY - 999, NOW)).isEqualTo(1_700_000_000 + 2_592_000 + 1);
    assertThat(Exptime.of(NOW + 30 * DAY, NOW)).isEqualTo(1_700_000_000 + 2_592_000 + 1);
    assertThat(Exptime.of(NOW + 30 * DAY + 1000, NOW)).isEqualTo(1_700_000_000 + 2_592_000 + 2);
  }

  @Test
  void of_year2038_isCapped() {
    long last = Integer.MAX_VALUE * 1000L;
    assertThat(Exptime.of(last - 1000, NOW)).isEqualTo(Integer.MAX_VALUE);
    assertThat(Exptime.of(last, NOW)).isEqualTo(Integer.MAX_VALUE);
    assertThat(Exptime.of(last + 1, NOW)).isEqualTo(Integer.MAX_VALUE);
    assertThat(Exptime.of(Long.MAX_VALUE - 1, NOW)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void of_lateDeadlineWhenTheCapIsNearOrOver_isThirtyDays() {
    long near = Instant.parse("2038-01-10T00:00:00Z").toEpochMilli();
    long over = Instant.parse("2040-01-01T00:00:00Z").toEpochMilli();
    assertThat(Exptime.of(near + 365 * DAY, near)).isEqualTo(2_592_000);
    assertThat(Exptime.of(over + 365 * DAY, over)).isEqualTo(2_592_000);
    assertThat(Exptime.of(over + 5000, over)).isEqualTo(6);
  }
}
