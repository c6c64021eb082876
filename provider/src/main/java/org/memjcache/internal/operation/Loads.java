package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.DaemonThreads;
import org.memjcache.internal.entry.SeenEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code loadAll}: runs in the background, and ends with the cache.
 *
 * <p>What is loaded is stored under the versions that were in force before the loader was asked, or
 * not at all: a load that began before a clear brings nothing back. However many keys there are,
 * what is held of them at a time is the keys themselves and one batch of entries. Thread-safe.
 */
public final class Loads<K, V> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Loads.class);

  private static final String LOAD_ALL = "loadAll";

  /** How many entries are stored in one round trip. */
  private static final int BATCH = 1_000;

  /** How long {@link #close()} waits for running loads, in seconds. */
  private static final int CLOSE_TIMEOUT_SECONDS = 10;

  /** The load that the present thread runs. */
  private static final ThreadLocal<FutureTask<?>> OWN = new ThreadLocal<>();

  private final CacheContext<K, V> context;

  /** Guarded by this. Most caches never load. */
  private final List<FutureTask<?>> running = new ArrayList<>(0);

  public Loads(CacheContext<K, V> context) {
    this.context = context;
  }

  /** Does {@link javax.cache.Cache#loadAll}. */
  public void loadAll(
      Set<? extends K> keys, boolean replace, @Nullable CompletionListener listener) {
    Objects.requireNonNull(keys, "The set of keys is null");
    List<K> asked = new ArrayList<>(keys.size());
    for (K key : keys) {
      K checked = context.types().requireKey(key);
      // Refuses what can't be a key. The encoded keys are not kept: all of them would take too
      // much.
      context.store().encodeKey(checked);
      asked.add(checked);
    }
    CompletionListener told = listener == null ? IGNORED : listener;
    if (!context.loader().isPresent()) {
      told.onCompletion();
      return;
    }
    start(
        () -> {
          try {
            load(asked, replace);
          } catch (Exception e) {
            told.onException(e);
            return;
          } catch (Error e) { // a thread that waits for the listener must not wait forever
            told.onException(new CacheLoaderException("The cache loader failed", e));
            return;
          }
          told.onCompletion();
        });
  }

  private void start(Runnable work) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    FutureTask<?>[] self = new FutureTask<?>[1];
    FutureTask<?> task =
        new FutureTask<>(
            () -> {
              Thread.currentThread().setContextClassLoader(loader);
              OWN.set(self[0]);
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                LOG.warn("A completion listener of loadAll on '{}' failed", context.store(), e);
              } finally {
                Thread.currentThread().setContextClassLoader(null); // it outlives the application
                OWN.remove();
                ended(self[0]);
              }
              return null;
            });
    self[0] = task;
    synchronized (this) {
      running.add(task);
    }
    try {
      LoadThreads.EXECUTOR.execute(task);
    } catch (RuntimeException | Error e) { // no memory for another thread
      ended(task);
      throw e;
    }
  }

  private synchronized void ended(FutureTask<?> load) {
    running.remove(load);
  }

  private synchronized List<FutureTask<?>> running() {
    return List.copyOf(running);
  }

  private void load(List<K> asked, boolean replace) {
    for (int from = 0; from < asked.size(); from += BATCH) {
      loadBatch(asked.subList(from, Math.min(asked.size(), from + BATCH)), replace);
    }
  }

  private void loadBatch(List<K> asked, boolean replace) {
    List<SeenEntry<K, V>> seen = context.readAll(LOAD_ALL, asked, true);
    List<K> wanted = new ArrayList<>(asked.size());
    for (SeenEntry<K, V> entry : seen) {
      if (replace || !entry.snapshot().isLive()) {
        wanted.add(entry.key());
      }
    }
    Map<K, V> loaded = context.loader().loadAll(wanted);
    OperationRecorder<K, V> recorder = context.recorder();
    List<LoadUpdate<K, V>> updates = LoadUpdate.updates(context, recorder, seen, loaded, replace);
    context.runOrdered(
        updates.stream().map(EntryUpdate::encodedKey).toList(),
        () -> {
          context
              .updater()
              .runOnce(LOAD_ALL, updates, updates.stream().map(LoadUpdate::seen).toList());
          recorder.publish();
        });
  }

  /** Ends the loads that run: waits a while, then interrupts them. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_TIMEOUT_SECONDS);
    for (FutureTask<?> load : running()) {
      if (load == OWN.get()) {
        continue; // the loader or its listener closes the cache
      }
      try {
        load.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        load.cancel(true);
      } catch (Exception e) {
        load.cancel(true);
      }
    }
  }

  private static final CompletionListener IGNORED =
      new CompletionListener() {
        @Override
        public void onCompletion() {}

        @Override
        public void onException(Exception e) {
          LOG.warn("loadAll failed, and no completion listener was given", e);
        }
      };

  /** The threads of all loads of this process: daemons, created when needed, gone when idle. */
  private static final class LoadThreads {
    private static final int IDLE_SECONDS = 5;

    static final ExecutorService EXECUTOR =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new DaemonThreads("memjcache-load"));
  }
}
