// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Closed;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.SharedThreads;
import org.memjcache.internal.entry.SeenEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code loadAll}: runs in the background, and ends with the cache.
 *
 * <p>What is loaded is stored under the versions that were in force before the loader was asked, or
 * not at all: a load that began before a clear brings nothing back. However many keys there are,
 * what is held of them at a time is the keys themselves and one batch of entries. While {@value
 * #MAX_THREADS} loads run in this process, a further one runs in the thread that calls {@code
 * loadAll}. Thread-safe.
 */
public final class Loads<K, V> {

  /** How many loads of this process run in the background. */
  static final int MAX_THREADS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Loads.class);

  /** How many entries are stored in one round trip. */
  private static final int BATCH = 1_000;

  /** No queue: a load may wait for another one. */
  private static final Executor EXECUTOR =
      new SharedThreads("memjcache-load", MAX_THREADS, SynchronousQueue::new);

  /** How many threads of this process load entries anew that are about to expire. */
  private static final int MAX_BACKGROUND_THREADS = 8;

  private static final SharedThreads BACKGROUND =
      new SharedThreads("memjcache-refresh", MAX_BACKGROUND_THREADS, LinkedBlockingQueue::new);

  /** How much runs in the background, or waits for that: it is not worth more memory. */
  static final int MOST_IN_BACKGROUND = 1_000;

  private static final Semaphore BACKGROUND_ROOM = new Semaphore(MOST_IN_BACKGROUND);

  private final CacheContext<K, V> context;

  /** Guarded by this. Most caches never load. */
  private final List<Load> running = new ArrayList<>(0);

  /** Whether none is begun any more. Guarded by this. */
  private boolean closed;

  public Loads(CacheContext<K, V> context) {
    this.context = context;
  }

  /** Does {@link javax.cache.Cache#loadAll}. */
  public void loadAll(
      Set<? extends K> keys, boolean replace, @Nullable CompletionListener listener) {
    Objects.requireNonNull(keys, "The set of keys is null");
    List<K> asked = new ArrayList<>(keys.size());
    for (K key : keys) {
      // Refuses what can't be a key. All the encoded keys would take too much memory.
      context.store().encodeKey(context.types().requireKey(key));
      asked.add(key);
    }
    if (!context.loader().isPresent()) {
      if (listener != null) {
        listener.onCompletion();
      }
      return;
    }
    Completion completion = new Completion(listener);
    Load load = new Load(() -> load(asked, replace, completion), completion);
    if (!start(load, EXECUTOR)) {
      throw Closed.cache(context.store().toString());
    }
  }

  /**
   * Runs what asks the loader in the background, unless much is waiting for that already. It ends
   * with the cache.
   */
  void runInBackground(Runnable work) {
    if (!BACKGROUND_ROOM.tryAcquire()) {
      return;
    }
    Load load;
    try {
      Completion nobody = new Completion(null);
      nobody.tell(null);
      load =
          new Load(work, nobody) {
            @Override
            protected void done() {
              super.done();
              BACKGROUND_ROOM.release();
            }

            @Override
            void cancelUnlessBegun() {
              if (begin()) {
                cancel(false);
                BACKGROUND.remove(this);
              }
            }
          };
    } catch (RuntimeException | Error e) { // no memory
      BACKGROUND_ROOM.release();
      throw e;
    }
    start(load, BACKGROUND);
  }

  /** Returns false if the cache has been closed meanwhile. */
  private boolean start(Load load, Executor executor) {
    try {
      if (!admit(load)) {
        load.cancel(false);
        return false;
      }
      executor.execute(load);
      return true;
    } catch (RuntimeException | Error e) { // no memory for another thread
      load.cancel(false);
      throw e;
    }
  }

  private synchronized boolean admit(Load load) {
    if (!closed) {
      running.add(load);
    }
    return !closed;
  }

  /** One call of {@code loadAll}, or what runs in the background, while it runs. */
  private class Load extends FutureTask<@Nullable Void> {
    private final Completion completion;
    private final @Nullable ClassLoader callers = Thread.currentThread().getContextClassLoader();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable Thread runner;

    Load(Runnable work, Completion completion) {
      super(work, null);
      this.completion = completion;
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      runner = thread;
      thread.setContextClassLoader(callers);
      try {
        try {
          super.run();
        } finally {
          completion.tellIfUntold();
        }
      } finally {
        thread.setContextClassLoader(before);
        if (isCancelled()) {
          Thread.interrupted(); // it was for this load, not for a thread that called loadAll
        }
      }
    }

    /** Ends it if it waits for a thread and nobody for its end. */
    void cancelUnlessBegun() {}

    /** Returns whether it had not begun before. */
    final boolean begin() {
      return begun.compareAndSet(false, true);
    }

    /** Returns whether the loader or its listener is the caller. */
    boolean isRunByThisThread() {
      return Thread.currentThread().equals(runner);
    }

    @Override
    protected void done() {
      synchronized (Loads.this) {
        running.remove(this);
      }
    }
  }

  /**
   * The end of one load, of which its listener is told once, whatever is thrown before: a thread
   * may wait for that without end. Used by the thread of the load.
   */
  private final class Completion {
    private final @Nullable CompletionListener listener;

    /** Made before anything fails: there may be no memory for it then. */
    private final CacheLoaderException failed =
        new CacheLoaderException("loadAll on '" + context.store() + "' failed");

    private boolean told;

    Completion(@Nullable CompletionListener listener) {
      this.listener = listener;
    }

    Exception failedBy(Throwable cause) {
      failed.initCause(cause);
      return failed;
    }

    /** To be called at last: the load may have been cancelled before it began. */
    void tellIfUntold() {
      if (!told) {
        tell(failedBy(new CancellationException("the cache was closed before it began")));
      }
    }

    void tell(@Nullable Exception failure) {
      told = true;
      try {
        if (listener == null) {
          logIfAny(failure);
        } else if (failure == null) {
          listener.onCompletion();
        } else {
          listener.onException(failure);
        }
      } catch (RuntimeException | Error e) {
        LOG.warn("A completion listener of loadAll on '{}' failed", context.store(), e);
      }
    }
  }

  private void load(List<K> asked, boolean replace, Completion completion) {
    Exception failure = null;
    try {
      for (int from = 0; from < asked.size(); from += BATCH) {
        loadBatch(asked.subList(from, Math.min(asked.size(), from + BATCH)), replace);
      }
    } catch (Exception e) {
      failure = e;
    } catch (Error e) {
      failure = completion.failedBy(e);
    }
    completion.tell(failure);
  }

  private static void logIfAny(@Nullable Exception failure) {
    if (failure != null) {
      LOG.warn("loadAll failed, and no completion listener was given", failure);
    }
  }

  private void loadBatch(List<K> asked, boolean replace) {
    Operation loadAll = new Operation("loadAll");
    List<SeenEntry<K, V>> wanted = new ArrayList<>(context.readAll(loadAll, asked));
    if (!replace) {
      wanted.forEach(entry -> entry.snapshot().requireReadable());
      wanted.removeIf(entry -> entry.snapshot().isLive());
    }
    OperationRecorder<K, V> recorder = context.recorder();
    BulkLoad<K, V> load =
        new BulkLoad<>(context, loadAll, recorder, replace, /* servesOlder= */ false);
    load.run(wanted);
    load.notStored().throwIfAny(); // to store was what was asked for
  }

  /**
   * Begins no more loads, and ends those that run: waits a while, then interrupts them.
   *
   * @param deadline until when to wait, by {@link System#nanoTime}
   */
  public void closeBy(long deadline) {
    List<Load> left = close();
    left.forEach(Load::cancelUnlessBegun); // others may keep the threads for long
    for (Load load : left) {
      if (load.isRunByThisThread()) {
        continue;
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

  /** Returns those that run. */
  private synchronized List<Load> close() {
    closed = true;
    return List.copyOf(running);
  }
}
