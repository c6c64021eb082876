// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DidYouMeanTest {
  private static final List<String> KNOWN = List.of("timeout", "connectTimeout", "connections");

  @ParameterizedTest
  @CsvSource({
    "timeout, timeout",
    "timout, timeout",
    "tiemout, timeout",
    "timeouts, timeout",
    "TIMEOUT, timeout",
    "time, timeout",
    "memjcache.timeout, timeout",
    "connectionTimeout, connectTimeout",
    "connect_timeout, connectTimeout",
    "conections, connections",
    "connection, connections",
  })
  void of_slip_nearest(String name, String nearest) {
    assertThat(DidYouMean.of(name, KNOWN)).contains(nearest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "password", "serializer", "consistency-mode"})
  void of_somethingElse_none(String name) {
    assertThat(DidYouMean.of(name, KNOWN)).isEmpty();
  }

  @Test
  void of_veryLongName_noneAndNoWork() {
    assertThat(DidYouMean.of("timeout".repeat(1_000_000), KNOWN)).isEmpty();
  }
}
