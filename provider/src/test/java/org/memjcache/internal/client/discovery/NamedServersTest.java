// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.config.value.ServerAddress;

/** How long a server keeps its place that isn't named any more. */
class NamedServersTest {

  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5); // it wraps around
  private final NamedServers named = new NamedServers(Duration.ofSeconds(10), () -> now);

  private static List<ServerAddress> servers(String... hosts) {
    return Arrays.stream(hosts).map(host -> new ServerAddress(host, 1)).toList();
  }

  private void pass(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void named_areThere_sorted() {
    assertThat(named.update(servers("b", "a"))).isEmpty();

    assertThat(named.all()).isEqualTo(servers("a", "b"));
  }

  @Test
  void absent_staysForTheGrace_countedFromTheLookUpThatMissedIt() {
    named.update(servers("a", "b"));
    pass(100);
    assertThat(named.update(servers("a"))).isEqualTo(servers("b"));
    pass(9);
    assertThat(named.update(servers("a"))).isEmpty();
    assertThat(named.all()).isEqualTo(servers("a", "b"));

    pass(1);
    named.update(servers("a"));

    assertThat(named.all()).isEqualTo(servers("a"));
  }

  @Test
  void namedAgain_hasTheWholeGraceTheNextTime() {
    named.update(servers("a", "b"));
    named.update(servers("a"));
    pass(9);
    named.update(servers("a", "b"));
    pass(9);
    assertThat(named.update(servers("a"))).isEqualTo(servers("b"));
    pass(9);
    named.update(servers("a"));

    assertThat(named.all()).isEqualTo(servers("a", "b"));
  }

  @Test
  void namedAgainAfterTheGrace_stays() {
    named.update(servers("a", "b"));
    named.update(servers("a"));
    pass(100);

    named.update(servers("a", "b"));

    assertThat(named.all()).isEqualTo(servers("a", "b"));
  }

  @Test
  void allOthers_replaceThem_afterTheGrace() {
    named.update(servers("a", "b"));
    named.update(servers("c"));
    assertThat(named.all()).isEqualTo(servers("a", "b", "c"));
    pass(10);

    named.update(servers("c", "d"));

    assertThat(named.all()).isEqualTo(servers("c", "d"));
  }

  @Test
  void noGrace_leavesAtOnce() {
    NamedServers strict = new NamedServers(Duration.ZERO, () -> now);
    strict.update(servers("a", "b"));

    assertThat(strict.update(servers("b"))).isEmpty();

    assertThat(strict.all()).isEqualTo(servers("b"));
  }
}
