// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;

/** Hears all types of events and writes down what each call was. */
class RecordingListener
    implements CacheEntryCreatedListener<String, String>,
        CacheEntryUpdatedListener<String, String>,
        CacheEntryRemovedListener<String, String>,
        CacheEntryExpiredListener<String, String>,
        AutoCloseable {
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  /** Returns the calls so far, such as {@code "onCreated a=1/null b=2/null"}, and "close". */
  List<String> heard() {
    synchronized (heard) {
      return List.copyOf(heard);
    }
  }

  @Override
  public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
    called("onCreated", events);
  }

  @Override
  public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
    called("onUpdated", events);
  }

  @Override
  public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
    called("onRemoved", events);
  }

  @Override
  public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
    called("onExpired", events);
  }

  @Override
  public void close() {
    heard.add("close");
  }

  /** Called after each call was written down. */
  void afterCall() {}

  private void called(
      String method, Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
    StringBuilder call = new StringBuilder(method);
    for (CacheEntryEvent<? extends String, ? extends String> event : events) {
      call.append(' ').append(event.getKey());
      call.append('=').append(event.getValue());
      call.append('/').append(event.getOldValue());
    }
    heard.add(call.toString());
    afterCall();
  }

  CacheEntryListenerConfiguration<String, String> synchronous() {
    return configuration(null, true, true);
  }

  CacheEntryListenerConfiguration<String, String> asynchronous() {
    return configuration(null, true, false);
  }

  CacheEntryListenerConfiguration<String, String> configuration(
      CacheEntryEventFilter<String, String> filter, boolean oldValue, boolean synchronous) {
    Factory<RecordingListener> factory = new Same<>(this);
    return new MutableCacheEntryListenerConfiguration<>(
        factory, filter == null ? null : new Same<>(filter), oldValue, synchronous);
  }

  /** Equal if it gives the same object, so that configurations are equal that do. */
  record Same<T>(T object) implements Factory<T> {
    @Override
    public T create() {
      return object;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Same<?> same && same.object == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }
}
