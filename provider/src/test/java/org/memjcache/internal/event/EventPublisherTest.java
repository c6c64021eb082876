// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration, its end, and what the publisher tells of its listeners. */
@SuppressWarnings("serial") // factories are serializable, which javac takes amiss in "internal"
class EventPublisherTest {
  private final EventPublisher<String, String> publisher = Published.publisher();
  private final RecordingListener listener = new RecordingListener();

  @AfterEach
  void close() {
    publisher.close();
  }

  @Test
  void none_isNotActive() {
    assertThat(publisher.isActive()).isFalse();
    assertThat(publisher.needsOldEntry()).isFalse();
    publishAll();
  }

  static Stream<Arguments> listeners() {
    return Stream.of(
        Arguments.of(new Nothing(), EnumSet.noneOf(EventType.class), false),
        Arguments.of(new Created(), EnumSet.of(EventType.CREATED), true),
        Arguments.of(new Updated(), EnumSet.of(EventType.UPDATED), true),
        Arguments.of(new Removed(), EnumSet.of(EventType.REMOVED), true),
        Arguments.of(new Expired(), EnumSet.of(EventType.EXPIRED), false),
        Arguments.of(
            new CreatedAndExpired(), EnumSet.of(EventType.CREATED, EventType.EXPIRED), true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("listeners")
  void needs_followTheListener(
      CacheEntryListener<String, String> listener, Set<EventType> heard, boolean needsOldEntry) {
    for (boolean oldValue : new boolean[] {true, false}) {
      CacheEntryListenerConfiguration<String, String> configuration =
          new MutableCacheEntryListenerConfiguration<>(() -> listener, null, oldValue, true);

      publisher.register(configuration);

      assertThat(publisher.isActive()).isTrue();
      assertThat(publisher.needsOldEntry()).isEqualTo(needsOldEntry);
      for (EventType type : EventType.values()) {
        assertThat(publisher.hears(type)).isEqualTo(heard.contains(type));
      }
      publisher.deregister(configuration);
      assertThat(publisher.isActive()).isFalse();
      assertThat(publisher.needsOldEntry()).isFalse();
    }
  }

  @Test
  void listener_hearsOnlyTheTypesItImplements() {
    CreatedAndExpired some = new CreatedAndExpired();
    publisher.register(new MutableCacheEntryListenerConfiguration<>(() -> some, null, true, true));

    publishAll();

    assertThat(some.heard).containsExactly(EventType.CREATED, EventType.EXPIRED);
  }

  @Test
  void register_equalConfiguration_isRefused() {
    publisher.register(listener.synchronous());

    assertThatThrownBy(() -> publisher.register(listener.synchronous()))
        .isInstanceOf(IllegalArgumentException.class);
    Published.created(publisher, "a", "1");
    assertThat(listener.heard()).containsExactly("onCreated a=1/null");
  }

  @Test
  void register_sameListenerConfiguredOtherwise_hearsTwice() {
    publisher.register(listener.configuration(null, true, true));
    publisher.register(listener.configuration(null, false, true));

    Published.removed(publisher, "a", "1");

    assertThat(listener.heard()).containsExactly("onRemoved a=1/1", "onRemoved a=null/null");
  }

  @Test
  void register_afterClose_isRefused() {
    publisher.close();

    assertThatThrownBy(() -> publisher.register(listener.synchronous()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(publisher.isActive()).isFalse();
  }

  @Test
  void register_noListenerFactory_isRefused() {
    Factory<CacheEntryListener<String, String>> none = null;

    assertThatThrownBy(
            () ->
                publisher.register(
                    new MutableCacheEntryListenerConfiguration<>(none, null, true, true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("factory");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void register_failingFactories_leaveNothingBehind(boolean synchronous) {
    Factory<CacheEntryEventFilter<String, String>> failing =
        () -> {
          throw new IllegalStateException("odd");
        };

    assertThatThrownBy(
            () ->
                publisher.register(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> listener, failing, true, synchronous)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("filter")
        .hasRootCauseMessage("odd");

    assertThat(publisher.isActive()).isFalse();
    assertThat(listener.heard()).containsExactly("close");
  }

  @Test
  void register_factoryRegistersTheSameConfiguration_oneOfBothIsRefused() {
    AtomicReference<CacheEntryListenerConfiguration<String, String>> configuration =
        new AtomicReference<>();
    boolean[] nested = {false};
    configuration.set(
        new MutableCacheEntryListenerConfiguration<>(
            () -> {
              if (!nested[0]) {
                nested[0] = true;
                publisher.register(configuration.get());
              }
              return listener;
            },
            null,
            true,
            true));

    assertThatThrownBy(() -> publisher.register(configuration.get()))
        .isInstanceOf(IllegalArgumentException.class);

    Published.created(publisher, "a", "1");
    assertThat(listener.heard()).containsExactly("onCreated a=1/null");
  }

  @Test
  void deregister_equalConfiguration_endsAndCloses() {
    publisher.register(listener.synchronous());

    publisher.deregister(listener.synchronous());
    publishAll();

    assertThat(listener.heard()).containsExactly("close");
  }

  @Test
  void deregister_unknown_doesNothing() {
    publisher.register(listener.synchronous());

    publisher.deregister(listener.configuration(null, false, true));
    Published.created(publisher, "a", "1");

    assertThat(listener.heard()).containsExactly("onCreated a=1/null");
  }

  @Test
  void deregister_null_isRefused() {
    assertThatThrownBy(() -> publisher.deregister(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void deregister_listenerInUseElsewhere_isNotClosed() {
    publisher.register(listener.configuration(null, true, true));
    publisher.register(listener.configuration(null, false, true));

    publisher.deregister(listener.configuration(null, true, true));
    assertThat(listener.heard()).isEmpty();

    publisher.deregister(listener.configuration(null, false, true));
    assertThat(listener.heard()).containsExactly("close");
  }

  @Test
  void deregister_ofAConfigurationChangedMeanwhile_findsTheObjectItself() {
    MutableCacheEntryListenerConfiguration<String, String> configuration =
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true);
    publisher.register(configuration);
    configuration.setOldValueRequired(false);

    Published.removed(publisher, "a", "1");
    publisher.deregister(configuration);

    assertThat(listener.heard()).containsExactly("onRemoved a=1/1", "close");
  }

  @Test
  void close_endsAndClosesAll() {
    RecordingListener other = new RecordingListener();
    publisher.register(listener.synchronous());
    publisher.register(other.asynchronous());

    publisher.close();
    publisher.close();
    publishAll();

    assertThat(listener.heard()).containsExactly("close");
    assertThat(other.heard()).containsExactly("close");
  }

  @Test
  void close_objectOfSeveralRegistrations_isClosedOnce() {
    publisher.register(listener.configuration(null, true, true));
    publisher.register(listener.configuration(null, false, true));
    publisher.register(listener.configuration(null, false, false));

    publisher.close();

    assertThat(listener.heard()).containsExactly("close");
  }

  @Test
  void close_closesFilters() {
    class ClosingFilter implements CacheEntryEventFilter<String, String>, AutoCloseable {
      boolean closed;

      @Override
      public boolean evaluate(CacheEntryEvent<? extends String, ? extends String> event) {
        return true;
      }

      @Override
      public void close() {
        closed = true;
      }
    }
    ClosingFilter filter = new ClosingFilter();
    publisher.register(listener.configuration(filter, true, true));

    publisher.close();

    assertThat(filter.closed).isTrue();
  }

  @Test
  void close_failingListener_doesNotKeepOthersOpen() {
    RecordingListener failing =
        new RecordingListener() {
          @Override
          public void close() {
            throw new IllegalStateException("expected in the log");
          }
        };
    publisher.register(failing.synchronous());
    publisher.register(listener.synchronous());

    publisher.close();

    assertThat(listener.heard()).containsExactly("close");
  }

  private void publishAll() {
    Published.created(publisher, "a", "1");
    Published.updated(publisher, "a", "2", "1");
    Published.removed(publisher, "a", "2");
    Published.expired(publisher, "a", "2");
  }

  private static class Nothing implements CacheEntryListener<String, String> {
    final List<EventType> heard = new ArrayList<>();

    void add(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> heard.add(event.getEventType()));
    }

    @Override
    public String toString() {
      return getClass().getSimpleName();
    }
  }

  private static class Created extends Nothing
      implements CacheEntryCreatedListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      add(events);
    }
  }

  private static class Updated extends Nothing
      implements CacheEntryUpdatedListener<String, String> {
    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      add(events);
    }
  }

  private static class Removed extends Nothing
      implements CacheEntryRemovedListener<String, String> {
    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      add(events);
    }
  }

  private static class Expired extends Nothing
      implements CacheEntryExpiredListener<String, String> {
    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      add(events);
    }
  }

  private static class CreatedAndExpired extends Created
      implements CacheEntryExpiredListener<String, String> {
    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      add(events);
    }
  }
}
