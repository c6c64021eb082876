// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.config.value.ServerAddress;

/** What a process remembers of a level only grows. */
class LevelTest {

  private final Level level =
      new Level(
          "hotels", "hotels:version", new ServerAddress("localhost", 11211), new AtomicLong());

  @Test
  void highest_nothingSeen_isZero() {
    assertThat(level.highest()).isZero();
  }

  @Test
  void saw_higherLowerAndSame_keepsTheHighest() {
    level.saw(5, System.nanoTime());
    level.saw(3, System.nanoTime());
    level.saw(5, System.nanoTime());

    assertThat(level.highest()).isEqualTo(5);
  }

  @Test
  void saw_byManyThreads_keepsTheHighest() {
    LongStream.range(0, 100_000)
        .parallel()
        .forEach(version -> level.saw(version, System.nanoTime()));

    assertThat(level.highest()).isEqualTo(99_999);
  }
}
