// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryListenerException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.support.OwnThread;

class SynchronousListenerTest {
  private final EventPublisher<String, String> publisher = Published.publisher();
  private final RecordingListener listener = new RecordingListener();

  @AfterEach
  void close() {
    publisher.close();
  }

  static Stream<Arguments> events() {
    return Stream.of(
        event(
            "created",
            p -> Published.created(p, "a", "1"),
            "onCreated a=1/null",
            "onCreated a=1/null"),
        event(
            "updated",
            p -> Published.updated(p, "a", "2", "1"),
            "onUpdated a=2/1",
            "onUpdated a=2/null"),
        event(
            "removed",
            p -> Published.removed(p, "a", "1"),
            "onRemoved a=1/1",
            "onRemoved a=null/null"),
        event(
            "expired",
            p -> Published.expired(p, "a", "1"),
            "onExpired a=1/1",
            "onExpired a=null/null"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("events")
  void event_isHeardBeforePublishingReturns(
      String name,
      Consumer<EventPublisher<String, String>> publish,
      String withOldValue,
      String withoutOldValue) {
    RecordingListener other = new RecordingListener();
    publisher.register(listener.configuration(null, true, true));
    publisher.register(other.configuration(null, false, true));

    publish.accept(publisher);

    assertThat(listener.heard()).containsExactly(withOldValue);
    assertThat(other.heard()).containsExactly(withoutOldValue);
  }

  @Test
  void listener_runsInTheCallersThread() {
    List<Thread> threads = new ArrayList<>();
    publisher.register(calling(() -> threads.add(Thread.currentThread())).synchronous());

    Published.created(publisher, "a", "1");

    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void events_cannotBeChanged() {
    List<Iterable<?>> given = new ArrayList<>();
    publisher.register(
        new RecordingListener() {
          @Override
          public void onCreated(
              Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
            given.add(events);
          }
        }.synchronous());
    Published.created(publisher, "a", "1");

    assertThatThrownBy(() -> given.get(0).iterator().remove())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  static Stream<Arguments> filters() {
    return Stream.of(
        filter("all pass", event -> true, "onCreated a=1/null b=2/null"),
        filter("none pass", event -> false),
        filter("one passes", event -> event.getKey().equals("b"), "onCreated b=2/null"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("filters")
  void filter_decidesForEachEvent(
      String name, CacheEntryEventFilter<String, String> filter, List<String> calls) {
    publisher.register(listener.configuration(filter, true, true));
    EventBatch<String, String> batch = publisher.batch();
    batch.created("a", "1", 0);
    batch.created("b", "2", 0);

    batch.publish();

    assertThat(listener.heard()).isEqualTo(calls);
  }

  @Test
  void filter_seesWhatItsListenerSees() {
    List<String> seen = new ArrayList<>();
    CacheEntryEventFilter<String, String> filter =
        event -> seen.add(event.getValue() + "/" + event.getOldValue());
    publisher.register(listener.configuration(filter, false, true));
    publisher.register(listener.configuration(filter, true, true));

    Published.removed(publisher, "a", "1");

    assertThat(seen).containsExactly("null/null", "1/1");
  }

  @Test
  void filter_throws_eventIsKeptBackAndOthersPass() {
    CacheEntryEventFilter<String, String> filter =
        event -> {
          if (event.getKey().equals("a")) {
            throw new IllegalStateException("odd");
          }
          return true;
        };
    publisher.register(listener.configuration(filter, true, true));
    EventBatch<String, String> batch = publisher.batch();
    batch.created("a", "1", 0);
    batch.created("b", "2", 0);

    assertThatThrownBy(batch::publish)
        .isExactlyInstanceOf(CacheEntryListenerException.class)
        .hasMessageContaining("filter")
        .hasRootCauseMessage("odd");
    assertThat(listener.heard()).containsExactly("onCreated b=2/null");
  }

  static Stream<Arguments> thrown() {
    CacheEntryListenerException own = new CacheEntryListenerException("own");
    Error error = new AssertionError("error");
    return Stream.of(
        Arguments.of(own, own), Arguments.of(error, error), Arguments.of(new Odd(), null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("thrown")
  void listenerThrows_callerGetsIt(Throwable thrown, Throwable unchanged) {
    RecordingListener failing = calling(() -> rethrow(thrown));
    publisher.register(failing.synchronous());

    Throwable caught = catchThrowable(() -> Published.created(publisher, "a", "1"));

    if (unchanged != null) {
      assertThat(caught).isSameAs(unchanged);
    } else {
      assertThat(caught)
          .isExactlyInstanceOf(CacheEntryListenerException.class)
          .hasMessageContaining(failing.getClass().getName())
          .hasCause(thrown);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("thrown")
  void listenerThrows_othersAreStillCalled(Throwable thrown, Throwable ignored) {
    RecordingListener last = new RecordingListener();
    RecordingListener asynchronous = new RecordingListener();
    publisher.register(listener.synchronous());
    publisher.register(calling(() -> rethrow(thrown)).synchronous());
    publisher.register(last.synchronous());
    publisher.register(asynchronous.asynchronous());

    assertThat(catchThrowable(() -> Published.created(publisher, "a", "1"))).isNotNull();
    publisher.close();

    assertThat(listener.heard()).containsExactly("onCreated a=1/null", "close");
    assertThat(last.heard()).containsExactly("onCreated a=1/null", "close");
    assertThat(asynchronous.heard()).containsExactly("onCreated a=1/null", "close");
  }

  @Test
  void severalThrow_firstIsThrownAndOthersSuppressed() {
    publisher.register(calling(() -> rethrow(new CacheEntryListenerException("1"))).synchronous());
    publisher.register(calling(() -> rethrow(new CacheEntryListenerException("2"))).synchronous());
    publisher.register(calling(() -> rethrow(new CacheEntryListenerException("3"))).synchronous());

    Throwable caught = catchThrowable(() -> Published.created(publisher, "a", "1"));

    assertThat(caught).hasMessage("1");
    assertThat(caught.getSuppressed()).extracting(Throwable::getMessage).containsExactly("2", "3");
  }

  @Test
  void listener_mayWaitForOtherThreadsThatUseThePublisher() {
    RecordingListener other = new RecordingListener();
    publisher.register(
        calling(
                () ->
                    OwnThread.run(
                            () -> {
                              publisher.register(other.synchronous());
                              Published.removed(publisher, "b", "2");
                              publisher.deregister(other.synchronous());
                            })
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join(),
                "onCreated")
            .synchronous());

    Published.created(publisher, "a", "1");

    assertThat(other.heard()).containsExactly("onRemoved b=2/2", "close");
  }

  @Test
  void listener_mayDeregisterItself() {
    RecordingListener once =
        new RecordingListener() {
          @Override
          void afterCall() {
            publisher.deregister(synchronous());
          }
        };
    publisher.register(once.synchronous());

    Published.created(publisher, "a", "1");
    Published.created(publisher, "b", "2");

    assertThat(once.heard()).containsExactly("onCreated a=1/null", "close");
  }

  @Test
  void listener_closesThePublisher_othersAreNotCalledAnyMore() {
    publisher.register(calling(publisher::close).synchronous());
    publisher.register(listener.synchronous());

    Published.created(publisher, "a", "1");

    assertThat(listener.heard()).containsExactly("close");
  }

  private static RecordingListener calling(Runnable action) {
    return new RecordingListener() {
      @Override
      void afterCall() {
        action.run();
      }
    };
  }

  private static RecordingListener calling(Runnable action, String method) {
    return new RecordingListener() {
      @Override
      void afterCall() {
        if (heard().get(heard().size() - 1).startsWith(method)) {
          action.run();
        }
      }
    };
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  private static Arguments event(
      String name,
      Consumer<EventPublisher<String, String>> publish,
      String withOldValue,
      String withoutOldValue) {
    return Arguments.of(name, publish, withOldValue, withoutOldValue);
  }

  private static Arguments filter(
      String name, CacheEntryEventFilter<String, String> filter, String... calls) {
    return Arguments.of(name, filter, List.of(calls));
  }

  private static class Odd extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
