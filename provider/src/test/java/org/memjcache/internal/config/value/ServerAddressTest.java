// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "cache-1, 11211, cache-1:11211",
    "Cache-1.Example.ORG, 1, cache-1.example.org:1",
    "10.0.0.1, 65535, 10.0.0.1:65535",
    "::1, 11211, [::1]:11211",
    "[::1], 11211, [::1]:11211",
  })
  void toString_isHostAndPort(String host, int port, String expected) {
    assertThat(new ServerAddress(host, port)).hasToString(expected);
  }

  @Test
  void equals_ignoresCaseAndBrackets() {
    assertThat(new ServerAddress("A", 1)).isEqualTo(new ServerAddress("a", 1));
    assertThat(new ServerAddress("[::1]", 1)).isEqualTo(new ServerAddress("::1", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "[]", "a\n"})
  void new_badHost_isRefused(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ServerAddress(host, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void new_badPort_isRefused(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ServerAddress("a", port))
        .withMessageContaining("65535");
  }

  @Test
  void settings_badParts_areRefused() {
    List<ServerAddress> one = List.of(new ServerAddress("a", 1));
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClusterSettings(List.of(), second, second, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClusterSettings.of(new ServerAddress("a", 1), new ServerAddress("A", 1)))
        .withMessageContaining("twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClusterSettings(one, Duration.ZERO, second, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClusterSettings(one, second, Duration.ofDays(365), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClusterSettings(one, second, second, 0));
  }
}
