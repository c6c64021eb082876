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
 * calls. Events that nobody hears are not kept.
 *
 * <p>Belongs to one operation; not safe for use by several threads.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class EventBatch<K, V> {
  private final EventPublisher<K, V> publisher;
  private final Map<K, Integer> lastDeliveryOfKey = new HashMap<>();
  private List<Delivery<K, V>> deliveries = new ArrayList<>();

  EventBatch(EventPublisher<K, V> publisher) {
    this.publisher = publisher;
  }

  /**
   * Collects the creation of one entry.
   *
   * @param key the key of the entry
   * @param value the value it has now
   */
  public void created(K key, V value) {
    if (publisher.hears(EventType.CREATED)) {
      add(MemcachedEntryEvent.created(publisher.source(), key, value));
    }
  }

  /**
   * Collects the update of one entry.
   *
   * @param key the key of the entry
   * @param value the value it has now
   * @param oldValue the value before, null if it isn't known
   */
  public void updated(K key, V value, @Nullable V oldValue) {
    if (publisher.hears(EventType.UPDATED)) {
      add(MemcachedEntryEvent.updated(publisher.source(), key, value, oldValue));
    }
  }

  /**
   * Collects the removal of one entry.
   *
   * @param key the key of the entry
   * @param oldValue the value before, null if it isn't known
   */
  public void removed(K key, @Nullable V oldValue) {
    if (publisher.hears(EventType.REMOVED)) {
      add(MemcachedEntryEvent.removed(publisher.source(), key, oldValue));
    }
  }

  /**
   * Collects the expiry of one entry.
   *
   * @param key the key of the entry
   * @param oldValue the value before, null if it isn't known
   */
  public void expired(K key, @Nullable V oldValue) {
    if (publisher.hears(EventType.EXPIRED)) {
      add(MemcachedEntryEvent.expired(publisher.source(), key, oldValue));
    }
  }

  /**
   * Publishes what was collected, and forgets it, also when it throws.
   *
   * @throws javax.cache.event.CacheEntryListenerException if a synchronous listener or its filter
   *     failed, when all have been called
   */
  public void publish() {
    List<Delivery<K, V>> collected = deliveries;
    deliveries = new ArrayList<>();
    lastDeliveryOfKey.clear();
    publisher.publish(collected);
  }

  private void add(MemcachedEntryEvent<K, V> event) {
    int index = lastDeliveryOfKey.getOrDefault(event.getKey(), 0);
    while (index < deliveries.size() && deliveries.get(index).type() != event.getEventType()) {
      index++;
    }
    if (index == deliveries.size()) {
      deliveries.add(new Delivery<>(event.getEventType(), new ArrayList<>()));
    }
    deliveries.get(index).events().add(event);
    lastDeliveryOfKey.put(event.getKey(), index);
  }
}
