// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.lead;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlinesTest {

  private final Deadlines deadlines = new Deadlines();
  private final long now = System.nanoTime();

  @Test
  void left_none_isForEver() {
    assertThat(deadlines.left(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void add_onlyTheEarliestCounts() {
    assertThat(deadlines.add(now + 500)).isTrue();
    assertThat(deadlines.add(now + 700)).isFalse();
    assertThat(deadlines.add(now + 500)).isFalse();
    assertThat(deadlines.left(now)).isEqualTo(500);

    assertThat(deadlines.add(now + 300)).isTrue();

    assertThat(deadlines.left(now)).isEqualTo(300);
    assertThat(deadlines.left(now + 300)).isZero();
    assertThat(deadlines.left(now + 400)).isNegative();
  }

  @Test
  void add_past_isOver() {
    assertThat(deadlines.add(now - 1_000_000_000_000L)).isTrue();

    assertThat(deadlines.left(now)).isNegative();
  }

  @Test
  void clear_forgetsAll() {
    deadlines.add(now + 500);

    deadlines.clear();

    assertThat(deadlines.left(now)).isEqualTo(Long.MAX_VALUE);
    assertThat(deadlines.add(now + 900)).isTrue();
  }
}
