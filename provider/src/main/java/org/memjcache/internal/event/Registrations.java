package org.memjcache.internal.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** All listeners of one cache at one moment. Immutable. */
final class Registrations<K, V> {
  private static final Registrations<?, ?> NONE = new Registrations<>(List.of(), List.of(), false);

  private final List<Registration<K, V>> active;
  private final List<Registration<K, V>> ending;
  private final boolean closed;
  private final Set<EventType> heard;

  private Registrations(
      List<Registration<K, V>> active, List<Registration<K, V>> ending, boolean closed) {
    this.active =
        active.stream().sorted(Comparator.comparing(Registration::isSynchronous)).toList();
    this.ending = List.copyOf(ending);
    this.closed = closed;
    this.heard = EnumSet.noneOf(EventType.class);
    for (Registration<K, V> registration : active) {
      heard.addAll(registration.types());
    }
  }

  /** Returns those of a new cache. */
  static <K, V> Registrations<K, V> none() {
    @SuppressWarnings("unchecked") // it holds none
    Registrations<K, V> none = (Registrations<K, V>) NONE;
    return none;
  }

  /** Returns those of a closed cache. */
  static <K, V> Registrations<K, V> closed() {
    return new Registrations<>(List.of(), List.of(), true);
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Returns those that hear of new events: first the asynchronous, in the order of registration.
   */
  List<Registration<K, V>> active() {
    return active;
  }

  /** Returns the active ones, and those that were deregistered and still hear earlier events. */
  List<Registration<K, V>> all() {
    return Stream.concat(active.stream(), ending.stream()).toList();
  }

  /** Returns whether an active one hears this type. */
  boolean hear(EventType type) {
    return heard.contains(type);
  }

  /** Returns the active one that was registered with an equal configuration, or null. */
  @Nullable Registration<K, V> find(CacheEntryListenerConfiguration<K, V> configuration) {
    for (Registration<K, V> registration : active) {
      if (registration.isOf(configuration)) {
        return registration;
      }
    }
    return null;
  }

  /**
   * Checks that a configuration may be added.
   *
   * @throws IllegalStateException if the cache is closed
   * @throws IllegalArgumentException if an equal configuration is registered
   */
  void checkAddable(CacheEntryListenerConfiguration<K, V> configuration) {
    if (closed) {
      throw new IllegalStateException("A closed cache takes no listeners");
    }
    if (find(configuration) != null) {
      throw new IllegalArgumentException(
          "A listener's configuration can be registered only once: " + configuration);
    }
  }

  Registrations<K, V> withActive(Registration<K, V> added) {
    return new Registrations<>(plus(active, added), ending, closed);
  }

  Registrations<K, V> withEnding(Registration<K, V> deregistered) {
    return new Registrations<>(minus(active, deregistered), plus(ending, deregistered), closed);
  }

  Registrations<K, V> without(Registration<K, V> ended) {
    return new Registrations<>(minus(active, ended), minus(ending, ended), closed);
  }

  /** Returns all listeners and filters, each once: factories may give the same object again. */
  Set<Object> components() {
    Set<Object> components = Collections.newSetFromMap(new IdentityHashMap<>());
    all().forEach(registration -> components.addAll(registration.components()));
    return components;
  }

  private static <T> List<T> plus(List<T> list, T added) {
    List<T> more = new ArrayList<>(list);
    more.add(added);
    return more;
  }

  private static <T> List<T> minus(List<T> list, T removed) {
    List<T> fewer = new ArrayList<>(list);
    fewer.remove(removed);
    return fewer;
  }
}
