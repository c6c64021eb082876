// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemcachedEntryEventTest {
  private static final Cache<String, String> CACHE = NamedCache.of("c");

  static Stream<Arguments> events() {
    return Stream.of(
        event(created(), EventType.CREATED, "new", null),
        event(created().withoutOldValue(), EventType.CREATED, "new", null),
        event(updated("old"), EventType.UPDATED, "new", "old"),
        event(updated("old").withoutOldValue(), EventType.UPDATED, "new", null),
        event(updated(null), EventType.UPDATED, "new", null),
        event(removed("old"), EventType.REMOVED, "old", "old"),
        event(removed("old").withoutOldValue(), EventType.REMOVED, null, null),
        event(removed(null), EventType.REMOVED, null, null),
        event(expired("old"), EventType.EXPIRED, "old", "old"),
        event(expired("old").withoutOldValue(), EventType.EXPIRED, null, null),
        event(expired(null), EventType.EXPIRED, null, null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("events")
  void values(
      CacheEntryEvent<String, String> event, EventType type, String value, String oldValue) {
    assertThat(event.getEventType()).isEqualTo(type);
    assertThat((Object) event.getSource()).isSameAs(CACHE);
    assertThat(event.getKey()).isEqualTo("k");
    assertThat(event.getValue()).isEqualTo(value);
    assertThat(event.getOldValue()).isEqualTo(oldValue);
    assertThat(event.isOldValueAvailable()).isEqualTo(oldValue != null);
  }

  @Test
  void bytes_areThoseOfWhatIsThere() {
    assertThat(created().bytes()).isEqualTo(4);
    assertThat(updated("old").bytes()).isEqualTo(7);
    assertThat(updated("old").withoutOldValue().bytes()).isEqualTo(4);
    assertThat(removed("old").bytes()).isEqualTo(4);
    assertThat(removed("old").withoutOldValue().bytes()).isEqualTo(1);
  }

  @Test
  void toString_namesEverything() {
    assertThat(updated("old")).hasToString("UPDATED[cache=c, key=k, value=new, oldValue=old]");
  }

  @Test
  void unwrap_givesItself() {
    MemcachedEntryEvent<String, String> event = created();

    assertThat(event.unwrap(MemcachedEntryEvent.class)).isSameAs(event);
    assertThat(event.unwrap(Cache.Entry.class)).isSameAs(event);
    assertThatThrownBy(() -> event.unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  private static MemcachedEntryEvent<String, String> created() {
    return new MemcachedEntryEvent<>(CACHE, EventType.CREATED, "k", "new", 4, null, 0);
  }

  private static MemcachedEntryEvent<String, String> updated(String oldValue) {
    return new MemcachedEntryEvent<>(CACHE, EventType.UPDATED, "k", "new", 4, oldValue, 3);
  }

  private static MemcachedEntryEvent<String, String> removed(String oldValue) {
    return new MemcachedEntryEvent<>(CACHE, EventType.REMOVED, "k", oldValue, 1, oldValue, 3);
  }

  private static MemcachedEntryEvent<String, String> expired(String oldValue) {
    return new MemcachedEntryEvent<>(CACHE, EventType.EXPIRED, "k", oldValue, 1, oldValue, 3);
  }

  private static Arguments event(
      CacheEntryEvent<String, String> event, EventType type, String value, String oldValue) {
    return Arguments.of(event, type, value, oldValue);
  }
}
