package org.memjcache.internal.client.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.config.value.ServerAddress;

/** How long a server keeps its place that isn't named any more. */
class MembersTest {

  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5); // it wraps around
  private final Members members = new Members(Duration.ofSeconds(10), () -> now);

  private static List<ServerAddress> servers(String... hosts) {
    return Arrays.stream(hosts).map(host -> new ServerAddress(host, 1)).toList();
  }

  private void pass(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void named_areThere_sorted() {
    assertThat(members.update(servers("b", "a"))).isEmpty();

    assertThat(members.all()).isEqualTo(servers("a", "b"));
  }

  @Test
  void absent_staysForTheGrace_countedFromTheLookUpThatMissedIt() {
    members.update(servers("a", "b"));
    pass(100);
    assertThat(members.update(servers("a"))).isEqualTo(servers("b"));
    pass(9);
    assertThat(members.update(servers("a"))).isEmpty();
    assertThat(members.all()).isEqualTo(servers("a", "b"));

    pass(1);
    members.update(servers("a"));

    assertThat(members.all()).isEqualTo(servers("a"));
  }

  @Test
  void namedAgain_hasTheWholeGraceTheNextTime() {
    members.update(servers("a", "b"));
    members.update(servers("a"));
    pass(9);
    members.update(servers("a", "b"));
    pass(9);
    assertThat(members.update(servers("a"))).isEqualTo(servers("b"));
    pass(9);
    members.update(servers("a"));

    assertThat(members.all()).isEqualTo(servers("a", "b"));
  }

  @Test
  void namedAgainAfterTheGrace_stays() {
    members.update(servers("a", "b"));
    members.update(servers("a"));
    pass(100);

    members.update(servers("a", "b"));

    assertThat(members.all()).isEqualTo(servers("a", "b"));
  }

  @Test
  void allOthers_replaceThem_afterTheGrace() {
    members.update(servers("a", "b"));
    members.update(servers("c"));
    assertThat(members.all()).isEqualTo(servers("a", "b", "c"));
    pass(10);

    members.update(servers("c", "d"));

    assertThat(members.all()).isEqualTo(servers("c", "d"));
  }

  @Test
  void noGrace_leavesAtOnce() {
    Members strict = new Members(Duration.ZERO, () -> now);
    strict.update(servers("a", "b"));

    assertThat(strict.update(servers("b"))).isEmpty();

    assertThat(strict.all()).isEqualTo(servers("b"));
  }
}
