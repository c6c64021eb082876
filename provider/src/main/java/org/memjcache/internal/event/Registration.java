package org.memjcache.internal.event;

import java.util.List;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener of one cache, registered as synchronous or asynchronous.
 *
 * <p>A synchronous listener runs in the thread that publishes, and its failures go back there. An
 * asynchronous one runs on the shared threads, never twice at a time, in the order of publishing
 * and under the class loader of its class as context class loader; its failures are logged.
 *
 * <p>Thread-safe; no listener runs under a lock.
 */
final class Registration<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

  private final Cache<K, V> source;
  private final CacheEntryListenerConfiguration<K, V> configuration;
  private final FilteredListener<K, V> listener;
  private final @Nullable SerialQueue queue;

  private Registration(
      Cache<K, V> source,
      CacheEntryListenerConfiguration<K, V> configuration,
      FilteredListener<K, V> listener,
      @Nullable SerialQueue queue) {
    this.source = source;
    this.configuration = configuration;
    this.listener = listener;
    this.queue = queue;
  }

  /**
   * Creates listener and filter.
   *
   * @param source the cache, whose name is for the log
   * @throws IllegalArgumentException if the configuration has no listener factory
   * @throws javax.cache.CacheException if a factory fails or creates null
   */
  static <K, V> Registration<K, V> of(
      Cache<K, V> source,
      CacheEntryListenerConfiguration<K, V> configuration,
      ListenerThreads threads) {
    return new Registration<>(
        source,
        configuration,
        FilteredListener.of(configuration),
        configuration.isSynchronous() ? null : new SerialQueue(threads));
  }

  boolean isSynchronous() {
    return queue == null;
  }

  /** Returns whether this was registered with an equal configuration. */
  boolean isOf(CacheEntryListenerConfiguration<K, V> other) {
    return configuration.equals(other);
  }

  /** Returns the types of events that the listener implements. */
  Set<EventType> types() {
    return listener.types();
  }

  /** Returns listener and filter, which may also be those of other registrations. */
  List<Object> components() {
    return listener.components();
  }

  /**
   * Delivers the events now or, if asynchronous, soon.
   *
   * @param failures collects what a synchronous listener throws
   */
  void deliver(List<EventBatch.Delivery<K, V>> deliveries, Failures failures) {
    if (queue == null) {
      deliverNow(deliveries, failures);
    } else if (deliveries.stream().anyMatch(delivery -> types().contains(delivery.type()))) {
      queue.submit(() -> deliverLogged(deliveries));
    }
  }

  /** Takes no more events; those taken before are still heard. */
  void end() {
    if (queue != null) {
      queue.end();
    }
  }

  /** After {@link #end}, waits until the listener has heard all events, then silences it. */
  void silence(long nanos) {
    int dropped = queue == null ? 0 : queue.awaitOrDrop(nanos);
    listener.silence();
    if (dropped > 0) {
      LOG.warn(
          "An asynchronous listener of cache {} was too slow to hear {} notifications before it was"
              + " closed: {}",
          source.getName(),
          dropped,
          listener);
    }
  }

  private void deliverNow(List<EventBatch.Delivery<K, V>> deliveries, Failures failures) {
    for (EventBatch.Delivery<K, V> delivery : deliveries) {
      listener.deliver(delivery, failures);
    }
  }

  private void deliverLogged(List<EventBatch.Delivery<K, V>> deliveries) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(listener.classLoader());
    Failures failures = new Failures();
    try {
      deliverNow(deliveries, failures);
    } finally {
      thread.setContextClassLoader(before);
    }
    Throwable failure = failures.get();
    if (failure != null) {
      LOG.warn(
          "An asynchronous listener of cache {} failed: {}", source.getName(), listener, failure);
    }
  }
}
