// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.util.function.Consumer;
import javax.cache.event.EventType;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.metrics.CacheMetrics;

/** Publishes single events, as operations on one entry do. A character is a byte. */
final class Published {

  private Published() {}

  /** Returns a publisher that takes what publishers take by default. */
  static EventPublisher<String, String> publisher() {
    return new EventPublisher<>(NamedCache.of("c"), EventQueueLimits.DEFAULT, new CacheMetrics());
  }

  static void created(EventPublisher<String, String> publisher, String key, String value) {
    publish(publisher, batch -> batch.created(key, value, key.length() + value.length()));
  }

  static void updated(
      EventPublisher<String, String> publisher, String key, String value, String oldValue) {
    int bytes = key.length() + value.length();
    publish(publisher, batch -> batch.updated(key, value, bytes, oldValue, oldValue.length()));
  }

  static void removed(EventPublisher<String, String> publisher, String key, String oldValue) {
    publish(publisher, batch -> batch.removed(key, key.length(), oldValue, oldValue.length()));
  }

  static void expired(EventPublisher<String, String> publisher, String key, String oldValue) {
    publish(
        publisher,
        batch ->
            batch.add(EventType.EXPIRED, key, oldValue, key.length(), oldValue, oldValue.length()));
  }

  private static void publish(
      EventPublisher<String, String> publisher, Consumer<EventBatch<String, String>> events) {
    EventBatch<String, String> batch = publisher.batch();
    batch.awaitRoom();
    events.accept(batch);
    batch.publish();
  }
}
