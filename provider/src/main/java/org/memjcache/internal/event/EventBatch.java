// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The events of one operation on many entries, collected in the order of occurrence and published
 * together when the operation is done: a listener is called after a batch, once for each type of
 * event (javadoc of {@link javax.cache.event.CacheEntryCreatedListener} and its siblings).
 *
 * <p>Events of one key reach a listener in the order they were collected, even if that takes more
 * calls. Events that no listener hears are not kept.
 *
 * <p>Used by one thread.
 */
public final class EventBatch<K, V> {

  /** The events that a listener gets by one call: at least one, all of one type, in order. */
  record Delivery<K, V>(EventType type, List<MemcachedEntryEvent<K, V>> events) {

    /** Returns this for a listener whose configuration doesn't require old values. */
    Delivery<K, V> withoutOldValues() {
      return new Delivery<>(
          type, events.stream().map(MemcachedEntryEvent::withoutOldValue).toList());
    }

    /** Returns how many bytes keys and values take, encoded but not compressed. */
    long bytes() {
      return events.stream().mapToLong(MemcachedEntryEvent::bytes).sum();
    }
  }

  private final EventPublisher<K, V> publisher;
  private final Map<K, Integer> lastDeliveryOfKey = new HashMap<>();
  private List<Delivery<K, V>> deliveries = new ArrayList<>();
  private boolean admitted;

  EventBatch(EventPublisher<K, V> publisher) {
    this.publisher = publisher;
  }

  /**
   * Waits until asynchronous listeners have room for what this will publish, or are found to be
   * stuck. To be called before a lock is taken that a listener may want. Without this call there is
   * no wait, and what finds no room is dropped.
   */
  public void awaitRoom() {
    admitted = admitted || publisher.awaitRoom();
  }

  /** Collects a creation; key and value take so many bytes. */
  public void created(K key, V value, int bytes) {
    add(EventType.CREATED, key, value, bytes, null, 0);
  }

  /** Collects an update; key and value take so many bytes, and the old value some more. */
  public void updated(K key, V value, int bytes, V oldValue, int oldBytes) {
    add(EventType.UPDATED, key, value, bytes, oldValue, oldBytes);
  }

  /** Collects a removal; the key takes so many bytes, and the old value some more. */
  public void removed(K key, int bytes, V oldValue, int oldBytes) {
    add(EventType.REMOVED, key, oldValue, bytes, oldValue, oldBytes);
  }

  /**
   * Publishes what was collected, and forgets it, also when it throws.
   *
   * @throws javax.cache.event.CacheEntryListenerException if a synchronous listener or its filter
   *     failed; all were called
   */
  public void publish() {
    List<Delivery<K, V>> collected = deliveries;
    deliveries = new ArrayList<>();
    lastDeliveryOfKey.clear();
    boolean mayBeTaken = admitted;
    admitted = false;
    publisher.publish(collected, mayBeTaken);
  }

  void add(
      EventType type, K key, @Nullable V value, int bytes, @Nullable V oldValue, int oldBytes) {
    if (!publisher.hears(type)) {
      return;
    }
    int index = lastDeliveryOfKey.getOrDefault(key, 0);
    while (index < deliveries.size() && deliveries.get(index).type() != type) {
      index++;
    }
    if (index == deliveries.size()) {
      deliveries.add(new Delivery<>(type, new ArrayList<>()));
    }
    deliveries
        .get(index)
        .events()
        .add(
            new MemcachedEntryEvent<>(
                publisher.source(), type, key, value, bytes, oldValue, oldBytes));
    lastDeliveryOfKey.put(key, index);
  }
}
