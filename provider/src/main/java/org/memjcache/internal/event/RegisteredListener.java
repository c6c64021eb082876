// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.integration.PluggableParts;
import org.memjcache.internal.metrics.CacheMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's listener behind its filter, registered as synchronous or asynchronous.
 *
 * <ul>
 *   <li>It gets the events of the types it implements that pass the filter, and no call if none
 *       does.
 *   <li>Filter and listener see the old value only if the configuration requires it, so that what
 *       they see doesn't depend on what other listeners make the cache read. Nor does what they
 *       don't see wait for an asynchronous listener.
 *   <li>An exception that isn't a {@link CacheEntryListenerException} becomes the cause of one. An
 *       event whose filter throws doesn't pass. The publishing thread gets the failures of a
 *       synchronous listener; those of an asynchronous one are logged.
 *   <li>An asynchronous listener runs under the class loader of its class.
 * </ul>
 *
 * <p>Thread-safe as far as listener and filter are; holds no lock while they run.
 */
final class RegisteredListener<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(RegisteredListener.class);

  private static final String ROLE = "cache entry listener";
  private static final String FILTER_ROLE = "cache entry event filter";

  private final String cache;
  private final CacheEntryListenerConfiguration<K, V> configuration;
  private final CacheEntryListener<? super K, ? super V> listener;
  private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
  private final boolean oldValueRequired;
  private final Set<EventType> types = EnumSet.noneOf(EventType.class);

  /** Null if the listener is synchronous. */
  private final @Nullable SerialQueue queue;

  private volatile boolean ended;
  private volatile boolean silenced;

  /**
   * Creates listener and filter by the factories of the configuration.
   *
   * @param cache the name of the cache, for the log
   * @throws IllegalArgumentException if there is no listener factory
   * @throws javax.cache.CacheException if a factory fails or creates null
   */
  RegisteredListener(
      String cache,
      CacheEntryListenerConfiguration<K, V> configuration,
      Executor executor,
      EventQueueLimits limits,
      CacheMetrics metrics) {
    this.cache = cache;
    this.configuration = configuration;
    this.oldValueRequired = configuration.isOldValueRequired(); // it may change later
    Factory<CacheEntryListener<? super K, ? super V>> factory =
        configuration.getCacheEntryListenerFactory();
    if (factory == null) {
      throw new IllegalArgumentException(
          "A listener's configuration must name a factory of the listener: " + configuration);
    }
    this.listener = PluggableParts.<CacheEntryListener<? super K, ? super V>>create(factory, ROLE);
    try {
      addType(EventType.CREATED, CacheEntryCreatedListener.class);
      addType(EventType.UPDATED, CacheEntryUpdatedListener.class);
      addType(EventType.REMOVED, CacheEntryRemovedListener.class);
      addType(EventType.EXPIRED, CacheEntryExpiredListener.class);
      this.queue =
          configuration.isSynchronous()
              ? null
              : new SerialQueue(
                  executor,
                  limits,
                  new DroppedEvents(metrics, toString(), System::nanoTime),
                  toString());
      this.filter = filter(configuration); // last: nothing else would have to close it
    } catch (RuntimeException | Error e) {
      PluggableParts.close(listener, ROLE);
      throw e;
    }
  }

  private static <K, V> @Nullable CacheEntryEventFilter<? super K, ? super V> filter(
      CacheEntryListenerConfiguration<K, V> configuration) {
    Factory<CacheEntryEventFilter<? super K, ? super V>> factory =
        configuration.getCacheEntryEventFilterFactory();
    return factory == null
        ? null
        : PluggableParts.<CacheEntryEventFilter<? super K, ? super V>>create(factory, FILTER_ROLE);
  }

  private void addType(EventType type, Class<?> listenerType) {
    if (listenerType.isInstance(listener)) {
      types.add(type);
    }
  }

  boolean isSynchronous() {
    return queue == null;
  }

  /** Returns whether this hears of new events and was registered with an equal configuration. */
  boolean isRegistrationOf(CacheEntryListenerConfiguration<K, V> other) {
    return !ended && configuration.equals(other);
  }

  /** Returns whether this hears of new events. */
  boolean isActive() {
    return !ended;
  }

  /** Returns whether this hears of new events of this type. */
  boolean hears(EventType type) {
    return !ended && types.contains(type);
  }

  /** Returns listener and filter, which may also be those of other registrations. */
  List<Object> components() {
    return filter == null ? List.of(listener) : List.of(listener, filter);
  }

  /** As {@link SerialQueue#awaitRoom}; there always is room for a synchronous listener. */
  boolean awaitRoom(long deadline) {
    return queue == null || queue.awaitRoom(deadline);
  }

  /**
   * Delivers the events now or, if asynchronous, soon.
   *
   * @param admitted whether this operation waited for room before
   * @param failures collects what a synchronous listener throws
   */
  void deliver(List<EventBatch.Delivery<K, V>> deliveries, boolean admitted, Failures failures) {
    List<EventBatch.Delivery<K, V>> heard = heardOf(deliveries);
    if (queue == null) {
      heard.forEach(delivery -> deliverNow(delivery, failures));
    } else if (!heard.isEmpty()) {
      queue.submit(
          new SerialQueue.Notification(
              () -> deliverLogged(heard),
              heard.stream().mapToInt(delivery -> delivery.events().size()).sum(),
              heard.stream().mapToLong(EventBatch.Delivery::bytes).sum()),
          admitted);
    }
  }

  /** Returns what the listener hears and sees of the events, before its filter. */
  private List<EventBatch.Delivery<K, V>> heardOf(List<EventBatch.Delivery<K, V>> deliveries) {
    List<EventBatch.Delivery<K, V>> heard = new ArrayList<>(deliveries.size());
    for (EventBatch.Delivery<K, V> delivery : deliveries) {
      if (types.contains(delivery.type())) {
        heard.add(oldValueRequired ? delivery : delivery.withoutOldValues());
      }
    }
    return heard;
  }

  private void deliverLogged(List<EventBatch.Delivery<K, V>> deliveries) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(listener.getClass().getClassLoader());
    Failures failures = new Failures();
    try {
      deliveries.forEach(delivery -> deliverNow(delivery, failures));
    } finally {
      thread.setContextClassLoader(before);
    }
    Throwable failure = failures.get();
    if (failure != null) {
      LOG.warn("The asynchronous listener {} failed", this, failure);
    }
  }

  private void deliverNow(EventBatch.Delivery<K, V> delivery, Failures failures) {
    if (silenced) {
      return;
    }
    List<CacheEntryEvent<? extends K, ? extends V>> passed = new ArrayList<>();
    for (MemcachedEntryEvent<K, V> event : delivery.events()) {
      if (passes(event, failures)) {
        passed.add(event);
      }
    }
    if (passed.isEmpty()) {
      return;
    }
    try {
      call(delivery.type(), Collections.unmodifiableList(passed));
    } catch (Exception e) {
      failures.add(failure(ROLE, listener, e));
    } catch (Error e) {
      failures.add(e);
    }
  }

  private boolean passes(MemcachedEntryEvent<K, V> event, Failures failures) {
    if (filter == null) {
      return true;
    }
    try {
      return filter.evaluate(event);
    } catch (Exception e) {
      failures.add(failure(FILTER_ROLE, filter, e));
    } catch (Error e) {
      failures.add(e);
    }
    return false;
  }

  @SuppressWarnings("unchecked") // A listener for supertypes may be given the subtypes.
  private void call(EventType type, Iterable<CacheEntryEvent<? extends K, ? extends V>> events) {
    switch (type) {
      case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
      case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
      case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
      case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
    }
  }

  private static CacheEntryListenerException failure(String role, Object component, Exception e) {
    return e instanceof CacheEntryListenerException own
        ? own
        : new CacheEntryListenerException(
            "The " + role + " failed: " + component.getClass().getName(), e);
  }

  /** Takes no more events; those taken before are still heard. */
  void end() {
    ended = true;
    if (queue != null) {
      queue.end();
    }
  }

  /**
   * After {@link #end}, waits until the listener has heard all events. Then neither listener nor
   * filter is called any more; a call under way may still be running.
   */
  void silence(long nanos) {
    if (queue != null) {
      queue.awaitOrDrop(nanos);
    }
    silenced = true;
  }

  /** Returns the listener's class and the name of the cache, as the log has them. */
  @Override
  public String toString() {
    return listener.getClass().getName() + " of cache " + cache;
  }
}
