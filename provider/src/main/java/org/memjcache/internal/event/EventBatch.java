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
  record Delivery<K, V>(EventType type, List<MemcachedEntryEvent<K, V>> events) {}

  private final EventPublisher<K, V> publisher;
  private final Map<K, Integer> lastDeliveryOfKey = new HashMap<>();
  private List<Delivery<K, V>> deliveries = new ArrayList<>();

  EventBatch(EventPublisher<K, V> publisher) {
    this.publisher = publisher;
  }

  public void created(K key, V value) {
    add(EventType.CREATED, key, value, null);
  }

  /** Collects an update; the old value is null if it isn't known. */
  public void updated(K key, V value, @Nullable V oldValue) {
    add(EventType.UPDATED, key, value, oldValue);
  }

  /** Collects a removal; the old value is null if it isn't known. */
  public void removed(K key, @Nullable V oldValue) {
    add(EventType.REMOVED, key, oldValue, oldValue);
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
    publisher.publish(collected);
  }

  void add(EventType type, K key, @Nullable V value, @Nullable V oldValue) {
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
        .add(new MemcachedEntryEvent<>(publisher.source(), type, key, value, oldValue));
    lastDeliveryOfKey.put(key, index);
  }
}
