// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.SharedThreads;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.integration.PluggableParts;
import org.memjcache.internal.metrics.CacheMetrics;

/**
 * The listeners of one cache, and the way of events to them.
 *
 * <ul>
 *   <li>Synchronous listeners run in the publishing thread before the method returns, in the order
 *       of registration. All of them are called whatever some throw; then the first exception is
 *       thrown, with the others suppressed: a {@link
 *       javax.cache.event.CacheEntryListenerException}, the listener's own or around what it threw.
 *       An {@link Error} is thrown as it is.
 *   <li>Asynchronous listeners run on a few daemon threads that all caches share. Each hears its
 *       events in the order of publishing, one call at a time. Publishing never waits for them, but
 *       an operation may before it begins, if a listener is too slow: see {@link SerialQueue}.
 *   <li>The order of events of one key is the order of the calls that publish them; callers that
 *       change a key concurrently have to bring them into order.
 *   <li>No lock is held while a listener, a filter or a factory runs: they may use this cache, its
 *       manager and other threads that do.
 * </ul>
 *
 * <p>Thread-safe. Source: javadoc of {@link javax.cache.event.CacheEntryListener}.
 */
public final class EventPublisher<K, V> implements AutoCloseable {
  /** How long closing waits in all for asynchronous listeners to hear what was published. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private static final int MAX_THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());

  /** Holds one task at most for each asynchronous listener. Its threads end when idle. */
  static final Executor LISTENER_THREADS =
      new SharedThreads("memjcache-listener", MAX_THREADS, LinkedBlockingQueue::new);

  private final Cache<K, V> source;
  private final EventQueueLimits limits;
  private final CacheMetrics metrics;
  private final Executor executor;
  private final Duration closePatience;

  /**
   * First the asynchronous ones, in the order of registration; including those that were
   * deregistered and still hear earlier events. Immutable, replaced under the lock of this.
   */
  private volatile List<RegisteredListener<K, V>> listeners = List.of();

  /** Guarded by this. */
  private boolean closed;

  /** Those that {@link #close} has not ended yet. Guarded by this. */
  private List<RegisteredListener<K, V>> unended = List.of();

  /**
   * Creates a publisher of events from a cache that may still be under construction.
   *
   * @param limits of what may wait for each asynchronous listener
   * @param metrics counts what they don't hear
   */
  public EventPublisher(Cache<K, V> source, EventQueueLimits limits, CacheMetrics metrics) {
    this(source, limits, metrics, LISTENER_THREADS, CLOSE_PATIENCE);
  }

  EventPublisher(
      Cache<K, V> source,
      EventQueueLimits limits,
      CacheMetrics metrics,
      Executor executor,
      Duration closePatience) {
    this.source = source;
    this.limits = limits;
    this.metrics = metrics;
    this.executor = executor;
    this.closePatience = closePatience;
  }

  /**
   * Creates the listener and its filter, and lets it hear all later events.
   *
   * @throws IllegalArgumentException if an equal configuration is registered, or if it has no
   *     listener factory
   * @throws IllegalStateException if this is closed
   */
  public void register(CacheEntryListenerConfiguration<K, V> configuration) {
    checkAddable(configuration);
    RegisteredListener<K, V> added =
        new RegisteredListener<>(source.getName(), configuration, executor, limits, metrics);
    try {
      add(added, configuration);
    } catch (RuntimeException | Error e) { // another thread was first, say
      closeUnused(List.of(added));
      throw e;
    }
  }

  private synchronized void checkAddable(CacheEntryListenerConfiguration<K, V> configuration) {
    if (closed) {
      throw new IllegalStateException("A closed cache takes no listeners");
    }
    if (find(configuration) != null) {
      throw new IllegalArgumentException(
          "A listener's configuration can be registered only once: " + configuration);
    }
  }

  private synchronized void add(
      RegisteredListener<K, V> added, CacheEntryListenerConfiguration<K, V> configuration) {
    checkAddable(configuration);
    List<RegisteredListener<K, V>> more = new ArrayList<>(listeners);
    int end = more.size();
    while (!added.isSynchronous() && end > 0 && more.get(end - 1).isSynchronous()) {
      end--;
    }
    more.add(end, added);
    listeners = List.copyOf(more);
  }

  private @Nullable RegisteredListener<K, V> find(
      CacheEntryListenerConfiguration<K, V> configuration) {
    for (RegisteredListener<K, V> listener : listeners) {
      if (listener.isRegistrationOf(configuration)) {
        return listener;
      }
    }
    return null;
  }

  /**
   * Ends and closes the listener of an equal configuration and its filter as {@link #close} does,
   * unless another registration uses the same objects. Does nothing if there is no such listener.
   */
  public void deregister(CacheEntryListenerConfiguration<K, V> configuration) {
    Objects.requireNonNull(configuration, "The listener's configuration is null");
    RegisteredListener<K, V> removed;
    synchronized (this) {
      removed = find(configuration);
      if (removed == null) {
        return;
      }
      removed.end();
    }
    stop(List.of(removed), System.nanoTime() + closePatience.toNanos());
    if (remove(removed)) {
      closeUnused(List.of(removed));
    }
  }

  /** Returns false if all listeners were closed meanwhile. */
  private synchronized boolean remove(RegisteredListener<K, V> removed) {
    listeners = listeners.stream().filter(listener -> listener != removed).toList();
    return !closed;
  }

  /** Returns whether there is any listener; cheap. */
  public boolean isActive() {
    for (RegisteredListener<K, V> listener : listeners) {
      if (listener.isActive()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether a listener hears of created, updated or removed entries, so that an operation
   * which changes an entry has to know whether there was one.
   */
  public boolean needsOldEntry() {
    return hears(EventType.CREATED) || hears(EventType.UPDATED) || hears(EventType.REMOVED);
  }

  public boolean hears(EventType type) {
    for (RegisteredListener<K, V> listener : listeners) {
      if (listener.hears(type)) {
        return true;
      }
    }
    return false;
  }

  /** Returns an empty batch for the events of one operation. */
  public EventBatch<K, V> batch() {
    return new EventBatch<>(this);
  }

  /**
   * Ends all listeners and closes those that are {@link AutoCloseable}, and their filters, each
   * object once; exceptions are logged.
   *
   * <p>Asynchronous listeners have one second in all to hear what was published; what is left then
   * is dropped and logged, at once if this thread is interrupted. No listener is called after this
   * has returned, but a call that another thread has begun may still be running. The second call
   * does nothing, unless the first one failed.
   */
  @Override
  public void close() {
    closeBy(System.nanoTime() + closePatience.toNanos());
  }

  /**
   * Does what {@link #close} does.
   *
   * @param deadline how long asynchronous listeners have, if that is less than a second; by {@link
   *     System#nanoTime}
   */
  public void closeBy(long deadline) {
    List<RegisteredListener<K, V>> ended;
    synchronized (this) {
      if (!closed) {
        unended = listeners;
        listeners = List.of();
        closed = true;
      }
      ended = unended;
    }
    stop(ended, deadline);
    closeUnused(ended);
    synchronized (this) {
      unended = List.of();
    }
  }

  Cache<K, V> source() {
    return source;
  }

  /** Waits for asynchronous listeners; returns false if this thread must not wait for them. */
  boolean awaitRoom() {
    if (SerialQueue.isListenersThread()) {
      return false;
    }
    long deadline = System.nanoTime() + limits.patience().toNanos();
    for (RegisteredListener<K, V> listener : listeners) {
      if (!listener.awaitRoom(deadline)) {
        return false;
      }
    }
    return true;
  }

  void publish(List<EventBatch.Delivery<K, V>> deliveries, boolean admitted) {
    if (deliveries.isEmpty()) {
      return;
    }
    Failures failures = new Failures();
    for (RegisteredListener<K, V> listener : listeners) {
      if (listener.isActive()) {
        try {
          listener.deliver(deliveries, admitted, failures);
        } catch (Error e) { // no memory to queue them; the others hear them all the same
          failures.add(e);
        }
      }
    }
    failures.throwIfAny();
  }

  private void stop(List<RegisteredListener<K, V>> ended, long deadline) {
    ended.forEach(RegisteredListener::end);
    long begin = System.nanoTime();
    long end = begin + Math.min(closePatience.toNanos(), deadline - begin);
    ended.forEach(listener -> listener.silence(end - System.nanoTime()));
  }

  /** Closes listeners and filters, each once, which no registration uses any more. */
  private void closeUnused(List<RegisteredListener<K, V>> ended) {
    Set<Object> unused = components(ended);
    components(listeners).forEach(unused::remove);
    PluggableParts.close(unused, "cache entry listener or filter");
  }

  /** Returns listeners and filters, each once: factories may give the same object again. */
  private static Set<Object> components(List<? extends RegisteredListener<?, ?>> listeners) {
    Set<Object> components = Collections.newSetFromMap(new IdentityHashMap<>());
    listeners.forEach(listener -> components.addAll(listener.components()));
    return components;
  }
}
