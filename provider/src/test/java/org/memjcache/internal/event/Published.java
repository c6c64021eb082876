package org.memjcache.internal.event;

import javax.cache.event.EventType;

/** Publishes single events, as operations on one entry do. */
final class Published {

  private Published() {}

  static void created(EventPublisher<String, String> publisher, String key, String value) {
    EventBatch<String, String> batch = publisher.batch();
    batch.created(key, value);
    batch.publish();
  }

  static void updated(
      EventPublisher<String, String> publisher, String key, String value, String oldValue) {
    EventBatch<String, String> batch = publisher.batch();
    batch.updated(key, value, oldValue);
    batch.publish();
  }

  static void removed(EventPublisher<String, String> publisher, String key, String oldValue) {
    EventBatch<String, String> batch = publisher.batch();
    batch.removed(key, oldValue);
    batch.publish();
  }

  static void expired(EventPublisher<String, String> publisher, String key, String oldValue) {
    EventBatch<String, String> batch = publisher.batch();
    batch.add(EventType.EXPIRED, key, oldValue, oldValue);
    batch.publish();
  }
}
