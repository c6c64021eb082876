// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.Optional;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;

/** The listeners of the table. */
enum ListenerKind {
  NONE(false, false, false, Filter.NONE),
  SYNCHRONOUS(true, true, false, Filter.NONE),
  SYNCHRONOUS_WITHOUT_OLD_VALUE(true, false, false, Filter.NONE),
  SYNCHRONOUS_THAT_FAILS(true, true, true, Filter.NONE),
  ASYNCHRONOUS(false, true, false, Filter.NONE),
  ASYNCHRONOUS_THAT_FAILS(false, true, true, Filter.NONE),
  WITH_FILTER_THAT_REJECTS(true, true, false, Filter.REJECTS),
  WITH_FILTER_THAT_FAILS(true, true, false, Filter.FAILS);

  private enum Filter {
    NONE,
    REJECTS,
    FAILS
  }

  private final boolean synchronous;
  private final boolean oldValueRequired;
  private final boolean fails;
  private final Filter filter;

  ListenerKind(boolean synchronous, boolean oldValueRequired, boolean fails, Filter filter) {
    this.synchronous = synchronous;
    this.oldValueRequired = oldValueRequired;
    this.fails = fails;
    this.filter = filter;
  }

  boolean isAsynchronous() {
    return this != NONE && !synchronous;
  }

  Optional<CacheEntryListenerConfiguration<String, String>> configuration(PluginRecorder recorder) {
    if (this == NONE) {
      return Optional.empty();
    }
    return Optional.of(
        new MutableCacheEntryListenerConfiguration<>(
            () -> fails || filter == Filter.FAILS ? new Basic(recorder, fails) : new All(recorder),
            filter == Filter.NONE ? null : () -> filter(recorder),
            oldValueRequired,
            synchronous));
  }

  private CacheEntryEventFilter<String, String> filter(PluginRecorder recorder) {
    return event -> {
      if (filter == Filter.FAILS && recorder.isMeasuring()) {
        throw new IllegalStateException("the filter fails");
      }
      return false;
    };
  }

  /**
   * Hears everything but expiry: as only the reference implementation tells of expiry, a failure
   * there would hide all that comes after it.
   */
  private static class Basic
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String> {

    private final PluginRecorder recorder;
    private final boolean fails;

    Basic(PluginRecorder recorder, boolean fails) {
      this.recorder = recorder;
      this.fails = fails;
    }

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      hear(events);
    }

    final void hear(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      for (CacheEntryEvent<? extends String, ? extends String> event : events) {
        String old = event.isOldValueAvailable() ? " was " + event.getOldValue() : "";
        recorder.heard(event.getKey(), event.getEventType(), event.getValue(), old);
      }
      if (fails && recorder.isMeasuring()) {
        throw new IllegalStateException("the listener fails");
      }
    }
  }

  /** Hears everything. */
  private static final class All extends Basic
      implements CacheEntryExpiredListener<String, String> {

    All(PluginRecorder recorder) {
      super(recorder, false);
    }

    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      hear(events);
    }
  }
}
