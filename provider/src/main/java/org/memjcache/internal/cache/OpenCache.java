// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.cache;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.management.CacheStatisticsMXBean;
import org.jspecify.annotations.Nullable;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.EntryExpiry;
import org.memjcache.FailureMode;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NearLimit;
import org.memjcache.Serializer;
import org.memjcache.UnreadableMode;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.DeclaredTypes;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.CacheSettings;
import org.memjcache.internal.config.ParsedUri;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.config.value.LoadSettings;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.MemcachedEntryStore;
import org.memjcache.internal.entry.NearEntryStore;
import org.memjcache.internal.entry.ValueReader;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.integration.PluggableParts;
import org.memjcache.internal.integration.Writer;
import org.memjcache.internal.metrics.CacheConfigurationView;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MBeans;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.near.NearCopies;
import org.memjcache.internal.operation.CacheContext;
import org.memjcache.internal.operation.EntryIterator;
import org.memjcache.internal.operation.EntryTypes;
import org.memjcache.internal.operation.Expiry;
import org.memjcache.internal.operation.Loads;
import org.memjcache.internal.operation.Processors;
import org.memjcache.internal.operation.Reads;
import org.memjcache.internal.operation.Refreshes;
import org.memjcache.internal.operation.Removals;
import org.memjcache.internal.operation.Writes;
import org.memjcache.internal.text.ErrorText;

/**
 * The parts of an open cache: creates them from its settings, hands out its operations, shows its
 * managed beans, and closes the parts with the cache.
 *
 * <p>Thread-safe.
 */
public final class OpenCache<K, V> {

  private final CacheSettings<K, V> settings;
  private final Serializer serializer;

  /** What the factory of the configuration created, to be closed. */
  private final Serializer configured;

  private final CacheContext<K, V> context;
  private final MBeans mbeans;
  private final OpenManager manager;
  private final Namespace namespace;
  private final Loads<K, V> loads;
  private final Reads<K, V> reads;

  /**
   * Creates the parts of a cache, without its listeners and managed beans.
   *
   * @param source what listeners are told is the source of events
   * @param classes finds the classes of values whose types the cache doesn't declare
   */
  public OpenCache(
      Cache<K, V> source,
      CacheSettings<K, V> settings,
      OpenManager manager,
      ClassLookup classes,
      MBeans mbeans) {
    this.settings = settings;
    this.mbeans = mbeans;
    this.manager = manager;
    MemcachedConfiguration<K, V> configuration = settings.snapshot();
    CacheMetrics metrics = new CacheMetrics();
    metrics.setEnabled(configuration.isStatisticsEnabled());
    this.namespace =
        manager.namespace(
            source.getName(),
            configuration.isClearedAcrossTenants(),
            policy(configuration),
            metrics);
    List<Object> created = new ArrayList<>();
    try {
      JavaSerializer standard =
          javaSerializer(configuration, classes, source.getCacheManager().getURI());
      Factory<? extends Serializer> factory = configuration.getSerializerFactory();
      this.configured = factory == null ? standard : PluggableParts.create(factory, "serializer");
      created.add(configured);
      this.serializer =
          configured.forCache(
              new DeclaredTypes(
                  configuration.getKeyType(), configuration.getValueType(), standard));
      this.context = context(source, configuration, metrics, created);
      this.loads = new Loads<>(context);
      this.reads = new Reads<>(context, refreshes(context, loads));
      manager.add(mbeans);
    } catch (RuntimeException | Error e) { // nothing else knows what the factories created
      PluggableParts.close(created, "cache");
      throw e;
    }
  }

  private static JavaSerializer javaSerializer(
      MemcachedConfiguration<?, ?> configuration, ClassLookup classes, URI uri) {
    AllowList allowed =
        AllowList.parse(String.join(",", configuration.getAllowedClasses()), ParsedUri.isFile(uri));
    Class<?>[] declared = {configuration.getKeyType(), configuration.getValueType()};
    return new JavaSerializer(classes.withTypes(declared), allowed.and(declared));
  }

  private static ConsistencyPolicy policy(MemcachedConfiguration<?, ?> configuration) {
    return ConsistencyPolicy.of(
            Objects.requireNonNull(configuration.getStaleness()),
            configuration.getFailureMode() == FailureMode.MISS)
        .writtenThrough(configuration.isWriteThrough());
  }

  /** Creates a context, and adds to {@code created} what is to be closed. */
  private CacheContext<K, V> context(
      Cache<K, V> source,
      MemcachedConfiguration<K, V> configuration,
      CacheMetrics metrics,
      List<Object> created) {
    Expiry<K, V> expiry = expiry(configuration);
    created.add(expiry);
    Loader<K, V> loader = Loader.of(configuration.getCacheLoaderFactory());
    created.add(loader);
    Writer<K, V> writer =
        Writer.of(configuration.isWriteThrough() ? configuration.getCacheWriterFactory() : null);
    created.add(writer);
    LoadSettings loading = loading(configuration);
    NearCopies<V> copies = copies(configuration, expiry);
    if (copies != null) {
      created.add(copies);
    }
    return new CacheContext<>(
        store(configuration, expiry.clock(), loading.areShared(), copies),
        new EntryTypes<>(configuration.getKeyType(), configuration.getValueType()),
        expiry,
        new EventPublisher<>(source, manager.settings().eventQueue(), metrics),
        metrics,
        loader,
        configuration.isReadThrough(),
        loading,
        writer);
  }

  private LoadSettings loading(MemcachedConfiguration<K, V> configuration) {
    return new LoadSettings(
        manager.settings().loading().patience(),
        Objects.requireNonNull(configuration.getLoadLease()),
        Objects.requireNonNull(configuration.getLoadNull()),
        Objects.requireNonNull(configuration.getClearGrace()),
        Objects.requireNonNull(configuration.isPlainGetGraced()),
        Objects.requireNonNull(configuration.getRefreshAfter()));
  }

  private EntryStore<K, V> store(
      MemcachedConfiguration<K, V> configuration,
      InstantSource clock,
      boolean notesLoads,
      @Nullable NearCopies<V> copies) {
    ValueReader<V> values =
        new ValueReader<>(
            manager.envelopes(serializer),
            configuration.getValueType(),
            configuration.getUnreadableMode() == UnreadableMode.THROW);
    MemcachedEntryStore<K, V> inMemcached =
        new MemcachedEntryStore<>(
            namespace,
            new EntryKeyCodec(serializer),
            values,
            configuration.getKeyType(),
            clock,
            notesLoads);
    return new NearEntryStore<>(inMemcached, namespace, values, copies, clock);
  }

  /** Returns what keeps copies of entries in memory; null if none are to be kept. */
  private @Nullable NearCopies<V> copies(
      MemcachedConfiguration<K, V> configuration, Expiry<K, V> expiry) {
    NearLimit limit = Objects.requireNonNull(configuration.getNear());
    if (limit.isNone()) {
      return null;
    }
    if (expiry.movesOnAccess()) {
      throw ErrorText.invalid(
          "the cache '%s' is to keep entries near, but its expiry policy may move a deadline with"
              + " each access, which memcached would not hear of; choose an expiry that doesn't"
              + " (eternal, created, modified, or an EntryExpiry without getExpiryForAccess), or"
              + " set near=none",
          namespace);
    }
    return new NearCopies<>(namespace, limit);
  }

  private static <K, V> Expiry<K, V> expiry(MemcachedConfiguration<K, V> configuration) {
    Factory<? extends EntryExpiry<? super K, ? super V>> factory =
        configuration.getEntryExpiryFactory();
    int jitter = Objects.requireNonNull(configuration.getExpiryJitter());
    return factory == null
        ? Expiry.of(
            PluggableParts.create(configuration.getExpiryPolicyFactory(), "expiry policy"), jitter)
        : Expiry.ofEntries(
            PluggableParts.<EntryExpiry<? super K, ? super V>>create(factory, "entry expiry"),
            jitter);
  }

  /** Returns what loads entries anew that are about to expire; null if nothing does. */
  private static <K, V> @Nullable Refreshes<K, V> refreshes(
      CacheContext<K, V> context, Loads<K, V> loads) {
    Duration after = context.loading().refreshAfter();
    if (after.isZero()) {
      return null;
    }
    if (!context.readThrough() || !context.loader().isPresent()) {
      throw ErrorText.invalid(
          "the cache '%s' is to refresh entries after %s, which takes a loader and read-through; set"
              + " both, or leave refreshAfter out",
          context.store(), after);
    }
    Duration life = context.expiry().life();
    if (life == null || life.compareTo(after) <= 0) {
      throw ErrorText.invalid(
          "the cache '%s' is to refresh entries after %s, which takes an expiry that counts from"
              + " their creation or update and is longer (created:10m for refreshAfter=8m, say); its"
              + " expiry is %s",
          context.store(), after, life == null ? "another one" : life);
    }
    if (life.minus(context.expiry().shortened(life)).compareTo(after) >= 0) {
      throw ErrorText.invalid(
          "the cache '%s' is to refresh entries after %s of %s, of which its expiryJitter may take"
              + " as much; set a longer refreshAfter or a smaller expiryJitter",
          context.store(), after, life);
    }
    return new Refreshes<>(context, loads, life.minus(after));
  }

  public Reads<K, V> reads() {
    return reads;
  }

  // The others are created for each call: against a round trip that takes no time, and to keep them
  // would take memory of each of many caches that do nothing.

  public Writes<K, V> writes() {
    return new Writes<>(context);
  }

  public Removals<K, V> removals() {
    return new Removals<>(context, settings.snapshot().isRemoveAllCounted());
  }

  public Processors<K, V> processors() {
    return new Processors<>(context);
  }

  public Loads<K, V> loads() {
    return loads;
  }

  /** Returns an iterator that works as long as {@code source} is open. */
  public EntryIterator<K, V> iterator(Cache<K, V> source) {
    return new EntryIterator<>(context, source::isClosed);
  }

  public EntryTypes<K, V> types() {
    return context.types();
  }

  /** Returns the present configuration, which nobody may change. */
  public MemcachedConfiguration<K, V> configuration() {
    return settings.snapshot();
  }

  /** Registers the listeners of the configuration. */
  public void registerConfiguredListeners() {
    settings.snapshot().getCacheEntryListenerConfigurations().forEach(context.events()::register);
  }

  /** Registers a listener, unless it is registered. */
  public void register(CacheEntryListenerConfiguration<K, V> listener) {
    settings.addListener(listener); // refuses one that is there already
    try {
      context.events().register(listener);
    } catch (RuntimeException | Error e) {
      settings.removeListener(listener);
      throw e;
    }
  }

  public void deregister(CacheEntryListenerConfiguration<K, V> listener) {
    settings.removeListener(listener);
    context.events().deregister(listener);
  }

  /** Shows the managed beans that are configured. */
  public void publishMBeans() {
    MemcachedConfiguration<K, V> configuration = settings.snapshot();
    if (configuration.isManagementEnabled()) {
      enableManagement(true);
    }
    if (configuration.isStatisticsEnabled()) {
      enableStatistics(true);
    }
  }

  public void enableManagement(boolean enabled) {
    settings.setManagementEnabled(enabled);
    if (enabled) {
      mbeans.registerConfiguration(view(settings));
    } else {
      mbeans.unregisterConfiguration();
    }
  }

  /** The MBean server must not keep an application that is dropped, whose types these may be. */
  private static CacheConfigurationView view(CacheSettings<?, ?> settings) {
    WeakReference<CacheSettings<?, ?>> weak = new WeakReference<>(settings);
    return new CacheConfigurationView(
        () -> {
          CacheSettings<?, ?> present = weak.get();
          if (present == null) {
            throw new IllegalStateException("The application of this cache is gone");
          }
          return present.snapshot();
        });
  }

  public void enableStatistics(boolean enabled) {
    settings.setStatisticsEnabled(enabled);
    context.metrics().setEnabled(enabled);
    if (enabled) {
      mbeans.registerStatistics(statistics(), insight());
    } else {
      mbeans.unregisterStatistics();
    }
  }

  public boolean isStatisticsEnabled() {
    return context.metrics().isEnabled();
  }

  public CacheStatisticsMXBean statistics() {
    return context.metrics().statistics();
  }

  public CacheInsightMXBean insight() {
    return context.metrics().insight(namespace::clears, namespace::serverCounts);
  }

  /**
   * Closes all parts, the managed beans first; may be called again if an Error came in between.
   *
   * @param deadline until when to wait for loads and listeners, by {@link System#nanoTime}
   */
  public void closeBy(long deadline) {
    AutoCloseable endOfLoads = () -> loads.closeBy(deadline);
    AutoCloseable endOfEvents = () -> context.events().closeBy(deadline);
    AutoCloseable store = context.store()::close;
    PluggableParts.close(
        List.of(
            mbeans,
            endOfLoads,
            store,
            context.loader(),
            context.writer(),
            context.expiry(),
            endOfEvents,
            configured),
        "cache");
    manager.remove(mbeans);
  }

  /** Returns the name of the cache's namespace, as messages have it. */
  @Override
  public String toString() {
    return context.store().toString();
  }
}
