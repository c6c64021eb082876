// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVER_ERROR backend failure",
        "SERVER_ERROR backend down",
        "SERVER_ERROR active request limit reached",
        "SERVER_ERROR Connection refused",
        "SERVER_ERROR Connection timed out",
        "SERVER_ERROR Host is down",
        "SERVER_ERROR unavailable",
        "SERVER_ERROR connection timeout",
        "SERVER_ERROR 307 busy"
      })
  void serverBehindAProxy_isAway(String line) {
    assertThat(ErrorLine.meansAway(line)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERROR",
        "CLIENT_ERROR bad command line format",
        "CLIENT_ERROR backend",
        "SERVER_ERROR",
        "SERVER_ERROR out of memory",
        "SERVER_ERROR out of memory storing object",
        "SERVER_ERROR object too large for cache",
        "SERVER_ERROR lua failure",
        "SERVER_ERROR connection refused by policy"
      })
  void serverThatAnswers_isNotAway(String line) {
    assertThat(ErrorLine.meansAway(line)).isFalse();
  }
}
