// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.ServerCounts;
import org.memjcache.support.Log;

/** What the log says of dropped events: each of them once, in few messages. */
class DroppedEventsTest {

  private static final Pattern NUMBER = Pattern.compile("([0-9]+) (more )?events");

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // it may overflow
  private final CacheMetrics metrics = new CacheMetrics();
  private final DroppedEvents dropped = new DroppedEvents(metrics, "Slow of cache c", now::get);

  /** Returns the numbers of events in the log. */
  private static List<String> logOf(Runnable action) {
    String text = Log.of(action);
    assertThat(text.lines()).allMatch(line -> line.contains("Slow of cache c"));
    return NUMBER.matcher(text).results().map(MatchResult::group).toList();
  }

  @Test
  void manyInAMinute_areOneMessageAndTheRestInTheNext() {
    assertThat(
            logOf(
                () -> {
                  for (int i = 0; i < 600; i++) { // ten a second
                    dropped.add(1);
                    now.addAndGet(Duration.ofMillis(100).toNanos());
                  }
                  dropped.add(5);
                }))
        .containsExactly("1 events", "604 events");
  }

  @Test
  void listenerThatKeepsCatchingUp_isNotLoggedEachTime() {
    assertThat(
            logOf(
                () -> {
                  for (int i = 0; i < 600; i++) {
                    dropped.add(2);
                    dropped.add(3);
                    dropped.listenerHasCaughtUp();
                    now.addAndGet(Duration.ofMillis(100).toNanos());
                  }
                  dropped.add(5);
                }))
        .containsExactly("2 events", "3 more events", "3000 events");
  }

  @Test
  void closed_saysWhatWasNotSaid() {
    assertThat(
            logOf(
                () -> {
                  dropped.add(1);
                  dropped.add(2);
                  dropped.addLeft(4);
                  dropped.addLeft(0);
                }))
        .containsExactly("1 events", "6 events");
  }

  @Test
  void nothingDropped_saysNothing() {
    assertThat(
            logOf(
                () -> {
                  dropped.listenerHasCaughtUp();
                  dropped.addLeft(0);
                }))
        .isEmpty();
  }

  @Test
  void all_areCounted() {
    metrics.setEnabled(true);

    logOf(
        () -> {
          dropped.add(1);
          dropped.add(2);
          dropped.addLeft(4);
        });

    assertThat(metrics.insight(Map::of, () -> new ServerCounts(0, 0, 0, 0, 0)).getDroppedEvents())
        .isEqualTo(7);
  }
}
