// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {

  @Test
  void arguments_defaults_none() {
    assertThat(ServerSettings.defaults().arguments()).isEmpty();
  }

  @Test
  void arguments_everythingSet_asMemcachedTakesThem() {
    ServerSettings settings =
        new ServerSettings(
            OptionalInt.of(32),
            Optional.of("2m"),
            OptionalInt.of(1),
            List.of("-o", "modern"),
            Optional.of(new Login(Login.Way.TEXT, "alice", "secret")),
            Optional.empty());
    assertThat(settings.arguments())
        .containsExactly("-m", "32", "-I", "2m", "-t", "1", "-o", "modern");
  }
}
