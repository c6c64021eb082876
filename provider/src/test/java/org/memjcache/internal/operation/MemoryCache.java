// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListenerFuture;
import org.memjcache.EntryExpiry;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.config.value.LoadSettings;
import org.memjcache.internal.entry.Deadline;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.InMemoryEntryStore;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.event.NamedCache;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.integration.Writer;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.LoadingAlone;
import org.memjcache.support.RecordingWriter;
import org.memjcache.support.TurnableClock;

/**
 * The operations of a cache of strings in a map. What they tell statistics, listeners and the
 * writer, and what they ask the store for, is written down.
 */
@SuppressWarnings("serial") // factories are serializable, which javac takes amiss in "internal"
final class MemoryCache {

  final TurnableClock clock = new TurnableClock();
  final InMemoryEntryStore<String, String> store =
      new InMemoryEntryStore<>(String.class, String.class, clock);
  final Map<String, String> loadable = new HashMap<>();
  final RecordingWriter writer = new RecordingWriter();
  final List<String> events = new ArrayList<>();
  final CacheContext<String, String> context;
  final Reads<String, String> reads;
  final Writes<String, String> writes;
  final Removals<String, String> removals;
  final Processors<String, String> processors;
  private final CacheMetrics metrics = new CacheMetrics();

  private MemoryCache(
      Function<InstantSource, Expiry<String, String>> expiry,
      boolean isHeard,
      boolean readThrough) {
    EventPublisher<String, String> publisher =
        new EventPublisher<>(NamedCache.of("memory"), EventQueueLimits.DEFAULT, metrics);
    if (isHeard) {
      Listener listener = new Listener(events);
      publisher.register(
          new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true));
    }
    metrics.setEnabled(true);
    context =
        new CacheContext<>(
            store,
            new EntryTypes<>(String.class, String.class),
            expiry.apply(clock),
            publisher,
            metrics,
            readThrough
                ? Loader.of(() -> new FunctionLoader<String, String>(loadable::get))
                : Loader.of(null),
            readThrough,
            LoadingAlone.with(Duration.ofSeconds(10)),
            isHeard ? Writer.of(() -> writer) : Writer.of(null));
    reads = new Reads<>(context, null);
    writes = new Writes<>(context);
    removals = new Removals<>(context, true);
    processors = new Processors<>(context);
  }

  /** Returns what its operations work with, over another store and reading through a loader. */
  CacheContext<String, String> readThrough(
      EntryStore<String, String> other, Function<String, String> load) {
    return readThrough(other, load, context.loading());
  }

  /**
   * Returns what its operations work with, reading through a loader with a load lease of an hour.
   *
   * @param patience how long to wait for the loads of others
   */
  CacheContext<String, String> leasing(Duration patience, Function<String, String> load) {
    Duration lease = Duration.ofHours(1);
    return readThrough(
        store,
        load,
        new LoadSettings(patience, lease, Duration.ZERO, Duration.ZERO, false, Duration.ZERO));
  }

  private CacheContext<String, String> readThrough(
      EntryStore<String, String> other, Function<String, String> load, LoadSettings loading) {
    return new CacheContext<>(
        other,
        context.types(),
        context.expiry(),
        context.events(),
        context.metrics(),
        Loader.of(() -> new FunctionLoader<String, String>(load)),
        /* readThrough= */ true,
        loading,
        context.writer());
  }

  /** Returns the same, writing through a writer. */
  static CacheContext<String, String> writing(
      CacheContext<String, String> context, CacheWriter<Object, Object> writer) {
    return new CacheContext<>(
        context.store(),
        context.types(),
        context.expiry(),
        context.events(),
        context.metrics(),
        context.loader(),
        context.readThrough(),
        context.loading(),
        Writer.of(() -> writer));
  }

  /** Returns what the operations of a cache of other values than strings work with. */
  static <V> CacheContext<String, V> contextOf(
      InMemoryEntryStore<String, V> store,
      Class<V> type,
      InstantSource clock,
      Loader<String, V> loader) {
    CacheMetrics metrics = new CacheMetrics();
    return new CacheContext<>(
        store,
        new EntryTypes<>(String.class, type),
        new Expiry<>(new EternalExpiryPolicy(), clock),
        new EventPublisher<>(NamedCache.of("memory"), EventQueueLimits.DEFAULT, metrics),
        metrics,
        loader,
        loader.isPresent(),
        LoadingAlone.with(Duration.ofSeconds(10)),
        Writer.of(null));
  }

  /** Loads the entry {@code k}, and waits for that. */
  static <V> void loadAll(CacheContext<String, V> context, boolean replace) {
    CompletionListenerFuture done = new CompletionListenerFuture();
    new Loads<>(context).loadAll(Set.of("k"), replace, done);
    try {
      done.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a cache with neither listener nor writer nor loader. */
  static MemoryCache plain(ExpiryPolicy policy) {
    return new MemoryCache(clock -> new Expiry<>(policy, clock), false, false);
  }

  /** Returns a cache with a listener and a writer. */
  static MemoryCache heard(ExpiryPolicy policy) {
    return new MemoryCache(clock -> new Expiry<>(policy, clock), true, false);
  }

  /** Returns a cache with a listener and a writer that loads what is missing. */
  static MemoryCache heardAndLoading(ExpiryPolicy policy) {
    return new MemoryCache(clock -> new Expiry<>(policy, clock), true, true);
  }

  /** Returns a cache that loads what is missing. */
  static MemoryCache loading(ExpiryPolicy policy) {
    return new MemoryCache(clock -> new Expiry<>(policy, clock), false, true);
  }

  /** Returns a cache that loads what is missing, with a policy that sees entries. */
  static MemoryCache loading(EntryExpiry<String, String> policy) {
    return new MemoryCache(clock -> new Expiry<>(policy, clock, 0), false, true);
  }

  /** Stores a value, as another process does. */
  void putElsewhere(String key, String value) {
    putElsewhere(key, value, Deadline.ETERNAL);
  }

  private void putElsewhere(String key, String value, long deadline) {
    store.set(
        new Operation("test"),
        List.of(new NewEntry<>(key, store.encodeKey(key), value, store.encodeValue(value))),
        () -> deadline);
  }

  /** Brings the entry {@code k} about. */
  void prepare(String state) {
    switch (state) {
      case "absent" -> {}
      case "present" -> putElsewhere("k", "old", clock.millis() + 60_000);
      case "dead" -> {
        putElsewhere("k", "old", clock.millis() + 60_000);
        clock.turn(Duration.ofMinutes(1));
      }
      case "unreadable" -> store.damage(store.encodeKey("k"));
      default -> throw new AssertionError(state);
    }
    store.trips().clear();
  }

  /** Returns the value of an entry, or why there is none. */
  String stored(String key) {
    Snapshot<String> seen = store.read(new Operation("test"), store.encodeKey(key), true);
    if (seen.isLive()) {
      return seen.value();
    }
    if (seen.missing() == MissReason.PAST_DEADLINE) {
      return "dead";
    }
    return seen.missing() == MissReason.DAMAGED ? "unreadable" : "absent";
  }

  /** Returns what was counted, such as {@code hit, 2 puts}. */
  String counts() {
    List<String> counts = new ArrayList<>();
    add(counts, metrics.statistics().getCacheHits(), "hit");
    add(counts, metrics.statistics().getCacheMisses(), "miss");
    add(counts, metrics.statistics().getCachePuts(), "put");
    add(counts, metrics.statistics().getCacheRemovals(), "removal");
    return counts.isEmpty() ? "-" : String.join(", ", counts);
  }

  private static void add(List<String> counts, long count, String what) {
    if (count > 0) {
      counts.add(count == 1 ? what : count + " " + what);
    }
  }

  private record Listener(List<String> heard)
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String>,
          CacheEntryExpiredListener<String, String> {

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> heard.add("created " + event.getValue()));
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> heard.add("updated " + event.getOldValue() + ">" + event.getValue()));
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> heard.add("removed " + event.getOldValue()));
    }

    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> heard.add("expired"));
    }
  }
}
