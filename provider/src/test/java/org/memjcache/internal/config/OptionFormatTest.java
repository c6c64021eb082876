// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionFormatTest {
  private final OptionFormat<Duration> format = OptionFormat.duration("1ms", "1h");

  @ParameterizedTest
  @CsvSource({
    "1ms, 1",
    "500ms, 500",
    "10s, 10000",
    "5m, 300000",
    "1h, 3600000",
    "60m, 3600000",
    "0001s, 1000",
    "PT0.5S, 500",
    "pt0.001s, 1",
    "PT1M30S, 90000",
    "PT1H, 3600000",
  })
  void duration_accepted_givesMilliseconds(String text, long millis) {
    assertThat(format.parser().apply(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0ms",
        "0s",
        "PT0S",
        "-1s",
        "-PT1S",
        "PT-1S",
        "PT0.0009S",
        "61m",
        "3600001ms",
        "2h",
        "P1D",
        "500",
        "ms",
        "1 s",
        "1S",
        "1M",
        "1.5s",
        "1us",
        "1d",
        "s1",
        "1s ",
        "1s1ms",
        "१s",
        "999999999999999999h",
        "9999999999999999999ms",
        "PT99999999999999999999S",
        "P999999999999999999D",
        "forever",
      })
  void duration_other_refused(String text) {
    assertThat(format.parser().apply(text)).isEmpty();
  }
}
