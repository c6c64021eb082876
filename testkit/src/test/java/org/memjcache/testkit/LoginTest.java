// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.testkit.server.TextConnection;

/** Servers that want a login. */
@Timeout(120)
class LoginTest {

  private static MemcachedServer startOrSkip(MemcachedServer.Builder builder) {
    try {
      return builder.start();
    } catch (UnsupportedOperationException e) {
      return abort("Skipped: " + e.getMessage());
    }
  }

  @Test
  void textLogin_nobodyElseGetsIn_andTheTestKitDoes() throws IOException {
    try (MemcachedServer server =
        startOrSkip(MemcachedServer.builder().textLogin("alice", "sesame"))) {
      assertThat(server.command("set k 0 0 1\r\nv")).containsExactly("STORED");
      assertThat(server.stats()).containsEntry("curr_items", "1");
      try (TextConnection other =
          TextConnection.open(server.host(), server.port(), Duration.ofSeconds(5))) {
        assertThat(other.ask("get k")).containsExactly("CLIENT_ERROR unauthenticated");
        assertThat(other.ask("set login 0 0 11\r\nalice guess"))
            .containsExactly("CLIENT_ERROR authentication failure");
      }

      server.restart();

      assertThat(server.command("get k")).isEqualTo(List.of("END"));
    }
  }

  @Test
  void saslLogin_theServerIsUp_andSpeaksNoText() {
    try (MemcachedServer server =
        startOrSkip(MemcachedServer.builder().saslLogin("alice", "sesame"))) {
      assertThat(server.isRunning()).isTrue();
      assertThatThrownBy(() -> server.command("version"))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining(server.address())
          .hasMessageContaining("-S");

      server.restart();

      assertThat(server.isRunning()).isTrue();
    }
  }
}
