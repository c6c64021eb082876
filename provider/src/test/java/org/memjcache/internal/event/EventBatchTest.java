// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventBatchTest {
  private final EventPublisher<String, String> publisher = Published.publisher();
  private final RecordingListener listener = new RecordingListener();

  /** Events as letter of the type and key, and the calls they become. */
  static Stream<Arguments> batches() {
    return Stream.of(
        batch(""),
        batch("c:a", "onCreated a"),
        batch("c:a c:b", "onCreated a b"),
        batch("c:a u:b c:d u:e", "onCreated a d", "onUpdated b e"),
        batch("u:b c:a", "onUpdated b", "onCreated a"),
        batch("x:a c:a", "onExpired a", "onCreated a"),
        batch("x:a c:a x:b c:b", "onExpired a b", "onCreated a b"),
        batch("c:a x:b c:b", "onCreated a", "onExpired b", "onCreated b"),
        batch("r:a r:b x:c r:d", "onRemoved a b d", "onExpired c"),
        batch("c:a u:a u:a r:a", "onCreated a", "onUpdated a a", "onRemoved a"),
        batch("r:a c:a r:b c:b", "onRemoved a b", "onCreated a b"),
        batch("c:a r:a c:a", "onCreated a", "onRemoved a", "onCreated a"),
        batch("c:a r:a c:b c:a c:d", "onCreated a b d", "onRemoved a", "onCreated a"));
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("batches")
  void publish_groupsByTypeAndKeepsTheOrderOfEachKey(String events, List<String> calls) {
    publisher.register(listener.synchronous());
    EventBatch<String, String> batch = publisher.batch();
    for (String event : events.isEmpty() ? new String[0] : events.split(" ")) {
      String key = event.substring(2);
      switch (event.charAt(0)) {
        case 'c' -> batch.created(key, "new", 0);
        case 'u' -> batch.updated(key, "new", 0, "old", 0);
        case 'r' -> batch.removed(key, 0, "old", 0);
        default -> batch.add(EventType.EXPIRED, key, "old", 0, "old", 0);
      }
    }
    assertThat(listener.heard()).isEmpty();

    batch.publish();

    assertThat(listener.heard().stream().map(call -> call.replaceAll("=\\S+", "")).toList())
        .isEqualTo(calls);
  }

  @Test
  void publish_forgets() {
    publisher.register(listener.synchronous());
    EventBatch<String, String> batch = publisher.batch();
    batch.created("a", "1", 0);
    batch.publish();
    batch.publish();
    batch.created("b", "2", 0);
    batch.publish();

    assertThat(listener.heard()).containsExactly("onCreated a=1/null", "onCreated b=2/null");
  }

  @Test
  void publish_listenerThrows_forgetsToo() {
    publisher.register(
        new RecordingListener() {
          @Override
          void afterCall() {
            throw new IllegalStateException("odd");
          }
        }.synchronous());
    EventBatch<String, String> batch = publisher.batch();
    batch.created("a", "1", 0);

    assertThatThrownBy(batch::publish).isInstanceOf(CacheEntryListenerException.class);
    batch.publish();
  }

  @Test
  void publish_withValues() {
    publisher.register(listener.synchronous());
    EventBatch<String, String> batch = publisher.batch();
    batch.updated("a", "new", 0, "old", 0);
    batch.removed("d", 0, "old", 0);
    batch.add(EventType.EXPIRED, "e", null, 0, null, 0);
    batch.publish();

    assertThat(listener.heard())
        .containsExactly("onUpdated a=new/old", "onRemoved d=old/old", "onExpired e=null/null");
  }

  @Test
  void nobodyListens_publishesNothing() {
    EventBatch<String, String> batch = publisher.batch();
    batch.created("a", "1", 0);
    publisher.register(listener.synchronous());
    batch.publish();

    assertThat(listener.heard()).isEmpty();
  }

  private static Arguments batch(String events, String... calls) {
    return Arguments.of(events, List.of(calls));
  }
}
