package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Reading;
import org.memjcache.internal.entry.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code loadAll}: runs in the background, and ends with the cache.
 *
 * <p>What is loaded is stored under the versions that were in force before the loader was asked, or
 * not at all: a load that began before a clear brings nothing back. However many keys there are,
 * what is held of them at a time is the keys themselves and one batch of entries. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Loads<K, V> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Loads.class);

  private static final String LOAD_ALL = "loadAll";

  /** How many entries are stored in one round trip. */
  private static final int BATCH = 1_000;

  /** How long {@link #close()} waits for loads that run, in seconds. */
  private static final int PATIENCE_SECONDS = 10;

  /** The load that the present thread runs. */
  private static final ThreadLocal<FutureTask<?>> OWN = new ThreadLocal<>();

  private final CacheContext<K, V> parts;

  /** Guarded by this. Most caches never load. */
  private final List<FutureTask<?>> running = new ArrayList<>(0);

  /**
   * Makes the loads of a cache.
   *
   * @param parts what the cache works with
   */
  public Loads(CacheContext<K, V> parts) {
    this.parts = parts;
  }

  /**
   * Does {@link javax.cache.Cache#loadAll}.
   *
   * @param keys the keys
   * @param replace whether entries that are there are loaded, too
   * @param listener is told when all is loaded, or why not; may be null
   */
  public void loadAll(
      Set<? extends K> keys, boolean replace, @Nullable CompletionListener listener) {
    Objects.requireNonNull(keys, "The set of keys is null");
    List<K> asked = new ArrayList<>(keys.size());
    for (K key : keys) {
      K checked = parts.types().key(key);
      parts.keys().encode(checked); // or refuses it; kept for all keys, it would take too much
      asked.add(checked);
    }
    CompletionListener told = listener == null ? IGNORED : listener;
    if (!parts.loader().isPresent()) {
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
          } catch (Error e) { // or whoever waits for the listener would wait for ever
            told.onException(new CacheLoaderException("The cache loader failed", e));
            return;
          }
          told.onCompletion();
        });
  }

  private void start(Runnable work) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    FutureTask<?>[] self = new FutureTask<?>[1];
    FutureTask<?> task =
        new FutureTask<>(
            () -> {
              Thread.currentThread().setContextClassLoader(context);
              OWN.set(self[0]);
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                log.warn("A completion listener of loadAll on '{}' failed", parts.namespace(), e);
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
    List<LookStep<K, V>> looks = new ArrayList<>(asked.size());
    for (K key : asked) {
      looks.add(new LookStep<>(key, parts.keys().encode(key)));
    }
    Reading<K, V> reading = parts.machine().read(LOAD_ALL, looks);
    List<K> wanted = new ArrayList<>(asked.size());
    for (int i = 0; i < looks.size(); i++) {
      if (replace || !reading.entries().get(i).isLive()) {
        wanted.add(looks.get(i).key());
      }
    }
    Map<K, V> loaded = parts.loader().loadAll(wanted);
    OperationRecorder<K, V> report = parts.report();
    LoadBatch<K, V> batch = LoadBatch.of(parts, report, reading, loaded, replace);
    List<EntryKey> keys = batch.steps().stream().map(EntryUpdate::encodedKey).toList();
    parts.ordered(
        keys,
        () -> {
          parts.machine().runOnce(LOAD_ALL, batch.reading());
          report.publish();
        });
  }

  /** Ends the loads that run: waits a while, then interrupts them. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
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
          log.warn("loadAll failed, and no completion listener was given", e);
        }
      };

  /** Looks whether an entry is there. */
  private static final class LookStep<K, V> extends EntryUpdate<K, V> {
    LookStep(K key, EntryKey encodedKey) {
      super(key, encodedKey);
    }

    @Override
    Change decide(Snapshot<V> entry) {
      return Change.nothing();
    }
  }

  /** The threads of all loads of this process: daemons, made when needed, gone when idle. */
  private static final class LoadThreads {
    private static final int IDLE_SECONDS = 5;

    static final ExecutorService EXECUTOR =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            threads());

    private static ThreadFactory threads() {
      AtomicInteger count = new AtomicInteger();
      return work -> {
        Thread thread = new Thread(work, "memjcache-load-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
      };
    }
  }
}
