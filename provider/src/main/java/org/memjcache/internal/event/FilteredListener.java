package org.memjcache.internal.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
import org.memjcache.internal.integration.PluggableParts;

/**
 * The application's listener behind its filter.
 *
 * <ul>
 *   <li>It gets the events of the types it implements that pass the filter, and no call if none
 *       does.
 *   <li>Filter and listener see the old value only if the configuration requires it, so that what
 *       they see doesn't depend on what other listeners make the cache read.
 *   <li>What they throw is collected; an exception that isn't a {@link CacheEntryListenerException}
 *       becomes the cause of one. An event whose filter throws doesn't pass.
 *   <li>Once silenced it is called no more.
 * </ul>
 *
 * <p>Thread-safe as far as listener and filter are; holds no lock. Source: javadoc of {@link
 * CacheEntryListener} and {@link CacheEntryEventFilter}.
 */
final class FilteredListener<K, V> {
  static final String ROLE = "cache entry listener";
  static final String FILTER_ROLE = "cache entry event filter";

  private final CacheEntryListener<? super K, ? super V> listener;
  private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
  private final boolean oldValueRequired;
  private final Set<EventType> types;
  private volatile boolean silenced;

  private FilteredListener(
      CacheEntryListener<? super K, ? super V> listener,
      @Nullable CacheEntryEventFilter<? super K, ? super V> filter,
      boolean oldValueRequired) {
    this.listener = listener;
    this.filter = filter;
    this.oldValueRequired = oldValueRequired;
    this.types = types(listener);
  }

  /**
   * Creates listener and filter by the factories of the configuration.
   *
   * @throws IllegalArgumentException if there is no listener factory
   * @throws javax.cache.CacheException if a factory fails or creates null
   */
  static <K, V> FilteredListener<K, V> of(CacheEntryListenerConfiguration<K, V> configuration) {
    Factory<CacheEntryListener<? super K, ? super V>> factory =
        configuration.getCacheEntryListenerFactory();
    if (factory == null) {
      throw new IllegalArgumentException(
          "A listener's configuration must name a factory of the listener: " + configuration);
    }
    CacheEntryListener<? super K, ? super V> listener =
        PluggableParts.<CacheEntryListener<? super K, ? super V>>create(factory, ROLE);
    try {
      return new FilteredListener<>(
          listener, filter(configuration), configuration.isOldValueRequired());
    } catch (RuntimeException e) {
      PluggableParts.close(listener, ROLE);
      throw e;
    }
  }

  /** Returns the types of events that the listener implements. */
  Set<EventType> types() {
    return types;
  }

  /** Returns listener and filter, which may also be those of other registrations. */
  List<Object> components() {
    return filter == null ? List.of(listener) : List.of(listener, filter);
  }

  ClassLoader classLoader() {
    return listener.getClass().getClassLoader();
  }

  /** Calls the listener with the events that are for it; throws nothing. */
  void deliver(EventBatch.Delivery<K, V> delivery, Failures failures) {
    if (silenced || !types.contains(delivery.type())) {
      return;
    }
    List<CacheEntryEvent<? extends K, ? extends V>> passed = new ArrayList<>();
    for (MemcachedEntryEvent<K, V> event : delivery.events()) {
      MemcachedEntryEvent<K, V> seen = oldValueRequired ? event : event.withoutOldValue();
      if (passes(seen, failures)) {
        passed.add(seen);
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

  /** Calls neither listener nor filter from now on; a call under way may still be running. */
  void silence() {
    silenced = true;
  }

  @Override
  public String toString() {
    return listener.getClass().getName();
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

  private static <K, V> @Nullable CacheEntryEventFilter<? super K, ? super V> filter(
      CacheEntryListenerConfiguration<K, V> configuration) {
    Factory<CacheEntryEventFilter<? super K, ? super V>> factory =
        configuration.getCacheEntryEventFilterFactory();
    return factory == null
        ? null
        : PluggableParts.<CacheEntryEventFilter<? super K, ? super V>>create(factory, FILTER_ROLE);
  }

  private static Set<EventType> types(CacheEntryListener<?, ?> listener) {
    Set<EventType> types = EnumSet.noneOf(EventType.class);
    if (listener instanceof CacheEntryCreatedListener) {
      types.add(EventType.CREATED);
    }
    if (listener instanceof CacheEntryUpdatedListener) {
      types.add(EventType.UPDATED);
    }
    if (listener instanceof CacheEntryRemovedListener) {
      types.add(EventType.REMOVED);
    }
    if (listener instanceof CacheEntryExpiredListener) {
      types.add(EventType.EXPIRED);
    }
    return Collections.unmodifiableSet(types);
  }

  private static CacheEntryListenerException failure(String role, Object component, Exception e) {
    return e instanceof CacheEntryListenerException own
        ? own
        : new CacheEntryListenerException(
            "The " + role + " failed: " + component.getClass().getName(), e);
  }
}
