package org.memjcache.internal.event;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.EventType;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.integration.PluggableParts;

/**
 * The listeners of one cache, and the way of events to them.
 *
 * <ul>
 *   <li>Synchronous listeners run in the publishing thread before the method returns, in the order
 *       of registration. All of them are called whatever some throw; then the first exception is
 *       thrown, with the others suppressed: a {@link
 *       javax.cache.event.CacheEntryListenerException}, the listener's own or around what it threw.
 *       An {@link Error} is thrown as it is.
 *   <li>Asynchronous listeners run on daemon threads that all caches share. Each hears its events
 *       in the order of publishing, one call at a time. Publishing never waits for them, their
 *       exceptions are logged.
 *   <li>The order of events of one key is the order of the calls that publish them; callers that
 *       change a key concurrently have to bring them into order.
 *   <li>No lock is held while a listener, a filter or a factory runs: they may use this cache, its
 *       manager and other threads that do.
 * </ul>
 *
 * <p>Thread-safe. Source: javadoc of {@link javax.cache.event.CacheEntryListener}.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class EventPublisher<K, V> implements AutoCloseable {
  /** How long closing waits in all for asynchronous listeners to hear what was published. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Cache<K, V> source;
  private final ListenerThreads threads;
  private final Duration closePatience;
  private volatile Registrations<K, V> registrations = Registrations.none();

  /**
   * Creates a publisher without listeners; calls nothing of the cache.
   *
   * @param source the cache that events name as their source, which may still be under construction
   */
  public EventPublisher(Cache<K, V> source) {
    this(source, ListenerThreads.SHARED, CLOSE_PATIENCE);
  }

  EventPublisher(Cache<K, V> source, ListenerThreads threads, Duration closePatience) {
    this.source = source;
    this.threads = threads;
    this.closePatience = closePatience;
  }

  /**
   * Creates the listener and its filter, and lets it hear all later events.
   *
   * @param configuration names the factories; kept, and compared with others by {@code equals}
   * @throws IllegalArgumentException if an equal configuration is registered already (as {@link
   *     javax.cache.Cache#registerCacheEntryListener} says), or if it has no listener factory
   * @throws IllegalStateException if this is closed
   * @throws javax.cache.CacheException if a factory fails or creates null
   */
  public void register(CacheEntryListenerConfiguration<K, V> configuration) {
    registrations.checkAddable(configuration);
    Registration<K, V> added = Registration.of(source, configuration, threads);
    try {
      Registrations<K, V> before;
      do {
        before = registrations;
        before.checkAddable(configuration);
      } while (!replace(before, before.withActive(added)));
    } catch (RuntimeException e) {
      stop(List.of(added));
      closeUnused(added.components());
      throw e;
    }
  }

  /**
   * Lets the listener of an equal configuration hear no later event and closes it, and its filter,
   * if they are {@link AutoCloseable} and no other registration uses the same objects. Does nothing
   * if there is no such listener.
   *
   * <p>An asynchronous listener has one second to hear what was published before; what is left then
   * is dropped and logged. It isn't called after this has returned, but a call that another thread
   * has begun may still be running.
   *
   * @param configuration equal to the one that was registered
   * @throws NullPointerException if the configuration is null
   */
  public void deregister(CacheEntryListenerConfiguration<K, V> configuration) {
    Objects.requireNonNull(configuration, "The listener's configuration is null");
    Registrations<K, V> before;
    Registration<K, V> removed;
    do {
      before = registrations;
      removed = before.find(configuration);
      if (removed == null) {
        return;
      }
    } while (!replace(before, before.withEnding(removed)));
    stop(List.of(removed));
    do {
      before = registrations;
    } while (!replace(before, before.without(removed)));
    if (!before.isClosed()) {
      closeUnused(removed.components());
    }
  }

  /** Returns whether there is any listener; cheap. */
  public boolean isActive() {
    return !registrations.active().isEmpty();
  }

  /**
   * Returns whether a listener hears of created, updated or removed entries, so that an operation
   * which changes an entry has to know whether there was one.
   */
  public boolean needsOldEntry() {
    Registrations<K, V> now = registrations;
    return now.hear(EventType.CREATED)
        || now.hear(EventType.UPDATED)
        || now.hear(EventType.REMOVED);
  }

  /** Returns whether a listener hears events of this type. */
  public boolean hears(EventType type) {
    return registrations.hear(type);
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
   * does nothing.
   */
  @Override
  public void close() {
    Registrations<K, V> ended;
    do {
      ended = registrations;
    } while (!replace(ended, Registrations.closed()));
    stop(ended.all());
    closeUnused(ended.components());
  }

  Cache<K, V> source() {
    return source;
  }

  void publish(List<EventBatch.Delivery<K, V>> deliveries) {
    if (deliveries.isEmpty()) {
      return;
    }
    Failures failures = new Failures();
    for (Registration<K, V> registration : registrations.active()) {
      registration.deliver(deliveries, failures);
    }
    failures.throwIfAny();
  }

  private synchronized boolean replace(Registrations<K, V> before, Registrations<K, V> after) {
    if (registrations != before) {
      return false;
    }
    registrations = after;
    return true;
  }

  private void stop(List<Registration<K, V>> ended) {
    ended.forEach(Registration::end);
    long deadline = System.nanoTime() + closePatience.toNanos();
    ended.forEach(registration -> registration.silence(deadline - System.nanoTime()));
  }

  private void closeUnused(Iterable<Object> components) {
    Set<Object> inUse = registrations.components();
    for (Object component : components) {
      if (!inUse.contains(component)) {
        PluggableParts.close(component, "cache entry listener or filter");
      }
    }
  }
}
