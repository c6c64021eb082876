// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.ServerCounts;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.support.Waiting;

/** An asynchronous listener that is slower than the changes it has to hear of. */
@Timeout(30)
@Tag("slow")
class SlowListenerTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration SOME = Duration.ofSeconds(1);
  private static final Duration ENDLESS = Duration.ofHours(1);

  private final CacheMetrics metrics = new CacheMetrics();
  private final CountDownLatch release = new CountDownLatch(1);
  private final SlowListener listener = new SlowListener();
  private EventPublisher<String, String> publisher;

  /** Waits in each call until it is released. */
  private class SlowListener extends RecordingListener {
    final CountDownLatch called = new CountDownLatch(1);

    @Override
    void afterCall() {
      called.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    List<String> calls() {
      return heard().stream().filter(call -> !call.equals("close")).toList();
    }
  }

  @AfterEach
  void close() {
    release.countDown();
    publisher.close();
  }

  /** What is published after a first event, and how many of these the listener hears. */
  static Stream<Arguments> limits() {
    String kilobyte = "v".repeat(1_000);
    return Stream.of(
        Arguments.of("events", 10, 1_000_000, true, "v", "o", 10),
        Arguments.of("bytes", 1_000, 10_000, true, kilobyte, "o", 10),
        Arguments.of("bytes of old values", 1_000, 10_000, true, "v", kilobyte, 10),
        Arguments.of("old values it doesn't see", 1_000, 10_000, false, "v", kilobyte, 100));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("limits")
  void full_dropsAndCountsUntilTheListenerGetsOn(
      String name,
      int events,
      int bytes,
      boolean oldValue,
      String value,
      String before,
      int expected) {
    open(new EventQueueLimits(events, bytes, NONE), oldValue);

    for (int i = 0; i < 100; i++) {
      Published.updated(publisher, "k" + i, value, before);
    }
    assertThat(dropped()).isEqualTo(100 - expected);
    release.countDown();
    Waiting.await("it has caught up").until(() -> listener.calls().size() == 1 + expected);
    Published.created(publisher, "later", "v");
    publisher.close();

    assertThat(listener.calls()).hasSize(expected + 2).endsWith("onCreated later=v/null");
    assertThat(dropped()).isEqualTo(100 - expected);
  }

  @Test
  void batch_countsWithAllItsEvents() {
    open(new EventQueueLimits(10, 1_000_000, NONE), true);
    for (int batch = 0; batch < 3; batch++) {
      EventBatch<String, String> events = publisher.batch();
      for (int i = 0; i < 6; i++) {
        events.created("k" + i, "v", 2);
      }
      events.publish();
    }

    assertThat(dropped()).isEqualTo(6);
  }

  @Test
  void full_writersWaitUntilTheListenerGetsOn() {
    open(new EventQueueLimits(2, 1_000_000, ENDLESS), true);

    AtomicInteger published = new AtomicInteger();
    SimultaneousThreads.run(
        5,
        thread -> {
          if (thread == 4) {
            Waiting.await("the queue is full").until(() -> published.get() >= 2);
            release.countDown();
            return;
          }
          for (int i = 0; i < 100; i++) {
            Published.created(publisher, "k" + thread + "-" + i, "v");
            published.incrementAndGet();
          }
        });
    publisher.close();

    assertThat(listener.calls()).hasSize(401);
    assertThat(dropped()).isZero();
  }

  /** If each of the events waited, that would take an hour. */
  @Test
  void stuckListener_costsOneWait() {
    open(new EventQueueLimits(1, 1_000_000, SOME), true);

    for (int i = 0; i < 3_600; i++) {
      Published.created(publisher, "k" + i, "v");
    }

    assertThat(dropped()).isEqualTo(3_599);
  }

  @Test
  void stuckListener_keepsNoOtherListenerFromHearing() {
    open(new EventQueueLimits(1, 1_000_000, SOME), true);
    RecordingListener quick = new RecordingListener();
    publisher.register(quick.asynchronous());

    for (int i = 0; i < 1_000; i++) {
      Published.created(publisher, "k" + i, "v");
    }
    Waiting.await("the other one has heard all").until(() -> quick.heard().size() == 1_000);
  }

  @Test
  void interruptedWriter_doesNotWait() {
    open(new EventQueueLimits(1, 1_000_000, ENDLESS), true);
    Published.created(publisher, "waits", "v");

    Thread.currentThread().interrupt();
    Published.created(publisher, "dropped", "v");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(dropped()).isEqualTo(1);
  }

  @Test
  void close_endsTheWaitOfWriters_andCountsWhatIsLeft() throws InterruptedException {
    open(new EventQueueLimits(1, 1_000_000, ENDLESS), true);
    Published.created(publisher, "waits", "v");
    Thread writer = new Thread(() -> Published.created(publisher, "late", "v"));
    writer.start();
    Waiting.awaitWaiting(writer);

    publisher.close();
    writer.join();

    assertThat(listener.calls()).containsExactly("onCreated first=v/null");
    assertThat(dropped()).isEqualTo(1);
  }

  @Test
  void listenerThatPublishes_neverWaitsForItself() {
    RecordingListener feedback =
        new RecordingListener() {
          @Override
          void afterCall() {
            for (int i = 0; i < 3 && heard().size() < 100; i++) {
              Published.created(publisher, "again", "v");
            }
          }
        };
    metrics.setEnabled(true);
    publisher = publisher(new EventQueueLimits(1, 1_000_000, ENDLESS));
    publisher.register(feedback.asynchronous());

    Published.created(publisher, "first", "v");

    Waiting.await("all is heard").until(() -> feedback.heard().size() == 100);
    assertThat(dropped()).isEqualTo(198); // two of three, in each call but the last
  }

  @Test
  void listenersThatPublishToEachOther_neverWaitForEachOther() {
    metrics.setEnabled(true);
    publisher = publisher(new EventQueueLimits(1, 1_000_000, ENDLESS));
    EventPublisher<String, String> other = publisher(new EventQueueLimits(1, 1_000_000, ENDLESS));
    RecordingListener here = answering(other);
    RecordingListener there = answering(publisher);
    publisher.register(here.asynchronous());
    other.register(there.asynchronous());

    Published.created(publisher, "first", "v");

    Waiting.await("both have heard enough")
        .until(() -> here.heard().size() >= 100 && there.heard().size() >= 100);
    other.close();
  }

  /** Returns a listener that publishes two events for each that it hears, up to a number. */
  private static RecordingListener answering(EventPublisher<String, String> other) {
    return new RecordingListener() {
      @Override
      void afterCall() {
        for (int i = 0; i < 2 && heard().size() < 200; i++) {
          Published.created(other, "answer", "v");
        }
      }
    };
  }

  /** Registers the slow listener, which then is in its first call. */
  private void open(EventQueueLimits limits, boolean oldValue) {
    metrics.setEnabled(true);
    publisher = publisher(limits);
    publisher.register(listener.configuration(null, oldValue, false));
    Published.created(publisher, "first", "v");
    Waiting.await("it is called").until(() -> listener.called.getCount() == 0);
  }

  private EventPublisher<String, String> publisher(EventQueueLimits limits) {
    return new EventPublisher<>(
        NamedCache.of("c"), limits, metrics, EventPublisher.LISTENER_THREADS, SOME);
  }

  private long dropped() {
    return metrics.insight(Map::of, () -> new ServerCounts(0, 0, 0, 0, 0)).getDroppedEvents();
  }
}
