// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Interrupts;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.EntryWatch;
import org.memjcache.internal.operation.concurrency.LoadPause;
import org.memjcache.internal.operation.concurrency.SharedLoad;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the loader for entries that are missing, and stores what it brings: one load at a time for
 * an entry of a cache in this process.
 *
 * <p>A thread that misses an entry which another one is loading waits, and takes part in the
 * outcome: the value, of which it gets a copy; that there is none; or that the loader failed. It
 * asks the loader itself, beside the other one,
 *
 * <ul>
 *   <li>if it missed the entry under other versions, or after this cache had changed the entry: a
 *       load that began before must not pass for a newer one, and isn't kept either;
 *   <li>if a server is away: nobody waits then;
 *   <li>if the value can't be copied, or the other thread was interrupted or ended by an {@link
 *       Error};
 *   <li>if it has its turn, as a processor has, and the other one waits for a load lease: who has
 *       that may wait for the turn, to store what it has loaded;
 *   <li>after {@code load.wait}, and when it is interrupted.
 * </ul>
 *
 * <p>Processes wait for each other in the same way, if they are told to ({@link LeasedLoads}).
 *
 * <p>No lock is held while the loader runs. Used for one operation, which waits so long in all, for
 * whomever; the time of its own loads doesn't count.
 */
final class ReadThrough<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(ReadThrough.class);

  /** What was loaded: a value, or that there is none. */
  record Outcome<V>(@Nullable V value, SharedLoad load) {}

  private final CacheContext<K, V> context;
  private final LeasedLoads<K, V> leases;
  private long waitUntil;

  ReadThrough(CacheContext<K, V> context) {
    this(context, System.nanoTime());
  }

  /**
   * Creates what loads for an operation.
   *
   * @param begun when that has begun to wait for others, by {@link System#nanoTime}
   */
  ReadThrough(CacheContext<K, V> context, long begun) {
    this.context = context;
    this.leases = new LeasedLoads<>(context);
    this.waitUntil = begun + context.loading().patience().toNanos();
  }

  /** Loads and stores the value of one entry; null if there is none. */
  @Nullable V load(Operation operation, SeenEntry<K, V> miss, OperationRecorder<K, V> recorder) {
    Taking<K, V> storing =
        (load, seen, loaded) -> {
          LoadUpdate<K, V> update = new LoadUpdate<>(context, recorder, seen, loaded, false, load);
          update.share();
          store(operation, recorder, List.of(update));
          return update.isExpiredAtOnce() ? null : loaded;
        };
    return once(operation, miss, recorder, storing).value;
  }

  /**
   * Loads a value for an entry processor, whose update stores it, and has the lease if there is
   * one.
   *
   * @param earlier one that ended while the processor waited for its turn; null if none did
   * @param watch is told when the loader was asked, by whatever thread
   */
  @Nullable V loadOnly(
      SeenEntry<K, V> miss,
      @Nullable SharedLoad earlier,
      EntryWatch watch,
      OperationRecorder<K, V> recorder) {
    Outcome<V> outcome = earlier == null ? null : outcome(earlier);
    if (outcome == null) {
      if (miss.snapshot().isNothingToLoad()) {
        context.metrics().recordSavedLoads(1);
        return null;
      }
      Taking<K, V> sharing =
          (load, seen, loaded) -> {
            shareCopy(load, loaded); // before the processor changes it
            return loaded;
          };
      outcome = once(null, miss, recorder, sharing);
    }
    outcome.load.tellWhenAsked(watch);
    return outcome.value;
  }

  /** What the thread that loads does with the value, and what it returns to its caller. */
  private interface Taking<K, V> {
    @Nullable V take(SharedLoad load, SeenEntry<K, V> seen, V loaded);
  }

  /**
   * Loads an entry, or takes part in the load of another thread.
   *
   * @param operation null if it is not to be asked whether another process loads it
   */
  private Outcome<V> once(
      @Nullable Operation operation,
      SeenEntry<K, V> miss,
      OperationRecorder<K, V> recorder,
      Taking<K, V> taking) {
    // Who has the lease waits for nobody of this process, who may wait for the lease.
    SharedLoad load = begin(miss, miss.snapshot().isLoadLeased());
    if (!load.isOwn()) {
      V older =
          operation == null ? null : leases.older(operation, miss.encodedKey(), miss.snapshot());
      if (older != null) {
        return new Outcome<>(older, load);
      }
      boolean inTurn = operation == null;
      boolean ended = recorder.untimed(() -> load.await(waitUntil, inTurn));
      Outcome<V> outcome = ended ? outcome(load) : null;
      if (outcome != null) {
        return outcome;
      }
      // One that takes too long is none that others should wait for, too.
      SharedLoad own = ended ? SharedLoad.alone(context.store(), miss) : begin(miss, true);
      return new Outcome<>(lead(operation, own, miss, recorder, taking), own);
    }
    return new Outcome<>(lead(operation, load, miss, recorder, taking), load);
  }

  /** Loads an entry in this process, unless another process has done so. */
  private @Nullable V lead(
      @Nullable Operation operation,
      SharedLoad load,
      SeenEntry<K, V> miss,
      OperationRecorder<K, V> recorder,
      Taking<K, V> taking) {
    try {
      if (operation == null || !leases.areEnabled()) {
        return ask(load, miss, recorder, taking);
      }
      LoadPause pause = newPause();
      BooleanSupplier pausing =
          () -> {
            load.holdUp();
            return pause.pause();
          };
      Snapshot<V> seen =
          leases.await(operation, miss.encodedKey(), miss.snapshot(), recorder, true, pausing);
      boolean isDone = false;
      try {
        if (seen.isOlder()) {
          return seen.value(); // not for those who wait: how long may they return it?
        }
        if (isSaved(seen)) {
          return takeSaved(seen, load);
        }
        SeenEntry<K, V> current = new SeenEntry<>(miss.key(), miss.encodedKey(), seen);
        V value = ask(load, current, recorder, taking);
        if (value == null) {
          leases.noteNothing(operation, List.of(seen));
        }
        isDone = true;
        return value;
      } finally {
        if (!isDone) {
          leases.giveBack(operation, List.of(seen));
        }
      }
    } finally {
      load.close();
    }
  }

  private @Nullable V ask(
      SharedLoad load,
      SeenEntry<K, V> miss,
      OperationRecorder<K, V> recorder,
      Taking<K, V> taking) {
    V loaded = ask(List.of(load), recorder, () -> context.loader().load(miss.key()));
    if (loaded == null) {
      load.share(null);
      return null;
    }
    return taking.take(load, miss, loaded);
  }

  /** Asks the loader; what it throws belongs to all who wait for the loads. */
  <T extends @Nullable Object> T ask(
      List<SharedLoad> loads, OperationRecorder<?, ?> recorder, Supplier<T> loader) {
    context.metrics().recordLoads(loads.size());
    loads.forEach(SharedLoad::asking);
    long start = System.nanoTime();
    try {
      return recorder.untimed(loader);
    } catch (RuntimeException e) {
      if (!isInterrupted(e)) {
        loads.forEach(load -> load.fail(e));
      }
      throw e;
    } finally {
      waitUntil += System.nanoTime() - start; // this is no wait for others
    }
  }

  /** Returns whether a failure is this thread's own: somebody has interrupted it. */
  private static boolean isInterrupted(Throwable failure) {
    return Thread.currentThread().isInterrupted()
        || Failures.causes(failure).stream().anyMatch(InterruptedException.class::isInstance);
  }

  /**
   * Stores values that were loaded and shared, then tells statistics and listeners; in the order of
   * other threads' changes of the same entries if there is a listener to see it. The loads end when
   * that is done, or before this waits for a turn: who waits for them may have it.
   */
  void store(
      Operation operation, OperationRecorder<K, V> recorder, List<LoadUpdate<K, V>> updates) {
    Runnable storing = () -> recorder.publishAfter(() -> store(operation, updates));
    if (context.events().isActive()) {
      end(updates);
      context.runOrdered(updates.stream().map(update -> update.encodedKey).toList(), storing);
    } else {
      storing.run();
    }
  }

  private static void end(List<? extends LoadUpdate<?, ?>> updates) {
    updates.forEach(update -> update.load().end());
  }

  /** Stores values; takes those back that this cache has outdated meanwhile. */
  private void store(Operation operation, List<LoadUpdate<K, V>> updates) {
    Failures.runBoth(
        () -> context.updater().runOnce(operation, updates),
        failed -> {
          end(updates);
          for (LoadUpdate<K, V> update : updates) {
            NewEntry<K, V> loaded = update.storable();
            if (loaded != null && update.isOutdated() && (failed || update.isStored())) {
              takeBack(failed ? operation.nextPart() : operation, update.recorder, loaded);
            }
          }
        });
  }

  /**
   * Removes a value that was loaded, if it is still there: by its bytes, as many a class says of no
   * two objects that they are equal. It outdates no other load. It waits for the turn of those who
   * may be about to change the entry: they would be run again, on what the loader brings by then,
   * which may be what they have told the writer.
   */
  void takeBack(Operation operation, OperationRecorder<K, V> recorder, NewEntry<K, V> loaded) {
    EntryUpdate<K, V> removal =
        new EntryUpdate<>(context, recorder, loaded.key(), loaded.encodedKey()) {
          @Override
          Change decide(Snapshot<V> current) {
            return current.holds(loaded.encodedValue()) ? Change.Simple.REMOVE : Change.Simple.KEEP;
          }

          @Override
          boolean isWritten() {
            return true; // what this cache did meanwhile
          }

          @Override
          void done(Snapshot<V> before, Change change) {
            if (change == Change.Simple.REMOVE && before.isLive()) {
              recorder.recordRemoved(before, key, encodedKey);
            }
          }
        };
    Interrupts.putAside(
        () ->
            context.runOrdered(
                List.of(loaded.encodedKey()),
                () -> context.updater().run(operation, List.of(removal))));
  }

  /** Returns whether another process has loaded an entry, or found nothing. */
  static boolean isSaved(Snapshot<?> seen) {
    return seen.isLive() || seen.isNothingToLoad();
  }

  /** Returns what another process has loaded, and shares it with those who wait for a load. */
  @Nullable V takeSaved(Snapshot<V> seen, SharedLoad load) {
    context.metrics().recordSavedLoads(1);
    V value = seen.valueOrNull();
    if (value == null) {
      load.share(null);
    } else {
      shareCopy(load, value);
    }
    return value;
  }

  private void shareCopy(SharedLoad load, V value) {
    try {
      load.share(context.store().encodeValue(value));
    } catch (CacheException e) {
      LOG.trace("Each thread loads by itself what can't be copied", e);
    }
  }

  SharedLoad begin(SeenEntry<K, V> miss, boolean anew) {
    return SharedLoad.begin(context.store(), miss, anew);
  }

  /**
   * Returns what another thread has loaded; null if it has no outcome to take part in.
   *
   * @throws CacheLoaderException if its loader failed
   */
  @Nullable Outcome<V> outcome(SharedLoad load) {
    RuntimeException failure = load.failure();
    if (failure != null) { // one of its own for each thread, which may add to it
      throw new CacheLoaderException(failure.getMessage(), failure);
    }
    if (!load.isShared()) {
      return null;
    }
    EncodedValue value = load.value();
    try {
      return new Outcome<>(value == null ? null : context.store().decodeValue(value), load);
    } catch (RuntimeException | LinkageError e) { // it can be written, and not be read
      LOG.debug("What another thread has loaded can't be copied", e);
      return null;
    }
  }

  /** Returns until when the operation may wait for others, by {@link System#nanoTime}. */
  long waitUntil() {
    return waitUntil;
  }

  /** Returns the pauses for as long as the operation may wait for other processes. */
  LoadPause newPause() {
    return leases.newPause(this::waitUntil);
  }
}
