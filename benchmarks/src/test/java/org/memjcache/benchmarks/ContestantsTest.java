// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.benchmarks.contestant.Contestant;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.server.Servers;

/** What is measured must also be correct. */
class ContestantsTest {

  @ParameterizedTest
  @EnumSource
  void operations_oneAfterTheOther_doWhatTheyAreCalled(ContestantKind kind) {
    try (Servers servers = start(kind);
        Contestant contestant = kind.open(servers.endpoints())) {
      assertThat(contestant.get("a")).isNull();
      contestant.put("a", "1");
      assertThat(contestant.get("a")).isEqualTo("1");
      contestant.put("a", "2");
      assertThat(contestant.get("a")).isEqualTo("2");
      if (kind.can(Operation.GET_ALL)) {
        several(contestant);
      }
      if (kind.can(Operation.CLEAR)) {
        everything(contestant);
      }
    }
  }

  private static void several(Contestant contestant) {
    assertThat(contestant.putIfAbsent("a", "3")).isFalse();
    assertThat(contestant.putIfAbsent("b", "3")).isTrue();
    contestant.putAll(Map.of("c", "4", "d", "5"));
    assertThat(contestant.getAll(Set.of("a", "b", "c", "e")))
        .isEqualTo(Map.of("a", "2", "b", "3", "c", "4"));
    assertThat(List.of(contestant.increment("n"), contestant.increment("n")))
        .containsExactly(1L, 2L);
  }

  private static void everything(Contestant contestant) {
    assertThat(contestant.iterate()).isEqualTo(4);
    contestant.clearElsewhere();
    assertThat(contestant.increment("n")).isEqualTo(1);
    contestant.clear();
    assertThat(contestant.iterate()).isZero();
    contestant.put("a", "6");
    contestant.removeAll();
    assertThat(contestant.get("a")).isNull();
  }

  private static Servers start(ContestantKind kind) {
    try {
      return Servers.start(List.of(kind), Duration.ZERO);
    } catch (IllegalStateException e) {
      if (kind.isInRedis()) {
        return abort("There is no redis-server here: " + e.getMessage());
      }
      throw e;
    } catch (UnsupportedOperationException e) {
      return abort("The memcached here has no TLS: " + e.getMessage());
    }
  }
}
