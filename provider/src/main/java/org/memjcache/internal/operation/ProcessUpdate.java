// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.operation.concurrency.EntryWatch;
import org.memjcache.internal.operation.concurrency.LoadPause;
import org.memjcache.internal.operation.concurrency.SharedLoad;
import org.memjcache.internal.operation.concurrency.Turn;

/**
 * Runs an entry processor on an entry: {@code invoke} and {@code invokeAll}.
 *
 * <p>The processor runs again when another process changed the entry, or cleared its namespace,
 * while it ran.
 */
final class ProcessUpdate<K, V, T> extends EntryUpdate<K, V> implements AutoCloseable {

  private final EntryProcessor<K, V, T> processor;
  private final @Nullable Object[] arguments;
  private @Nullable T result;
  private ProcessedEntry.Outcome outcome = ProcessedEntry.Outcome.NONE;
  private @Nullable Turn turn;
  private boolean hasRun;

  /** When the processor was called, by {@link System#nanoTime}. */
  private long runsSince;

  private boolean hasChanged;
  private boolean isWritten;

  /** Whether the writer was told of what the last run decided. */
  private boolean isTold;

  /** Whether the value that was set doesn't stay. */
  private boolean isDropped;

  private @Nullable NewEntry<K, V> stored;

  /** Since the processor asked for a value to be loaded; whoever loads it. */
  private @Nullable EntryWatch sinceLoad;

  /** What was loaded and is to be stored. */
  private @Nullable NewEntry<K, V> kept;

  private @Nullable RuntimeException failure;

  /** Whether the processor, which has seen a value that was cleared, wanted to change it. */
  private boolean needsPresent;

  private boolean isUndecided;

  /** Whether what was missing, and removed, has to be looked for once more. */
  private boolean hasRemovedMissing;

  /** Null if it has not asked for the lease of a load. */
  private @Nullable Operation leasing;

  /** Whether the loader was asked, and had no value. */
  private boolean hasNothing;

  ProcessUpdate(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      K key,
      EntryProcessor<K, V, T> processor,
      @Nullable Object[] arguments) {
    super(context, recorder, key, context.store().encodeKey(key));
    this.processor = processor;
    this.arguments = arguments;
  }

  /** To be called before it runs. */
  void begin(Turn given) {
    turn = given;
  }

  /** It may be about to make the entry, by its loader or by itself. */
  @Override
  boolean awaitsLoad() {
    return new LeasedLoads<>(context).areEnabled();
  }

  @Override
  Snapshot<V> awaitLoad(Operation operation, Snapshot<V> absent) {
    close(); // what it has loaded before is not what it waits for
    leasing = operation;
    if (context.readThrough()
        && SharedLoad.isUnderWay(context.store(), new SeenEntry<>(key, encodedKey, absent))) {
      return absent; // the processor takes part in that when it asks for the value
    }
    LoadPause pause = readThrough(0).newPause();
    return new LeasedLoads<>(context)
        .await(
            operation,
            encodedKey,
            absent,
            recorder,
            !needsPresent && !isWritten,
            () -> pause(pause));
  }

  /**
   * Returns what loads, and waits no longer than if it had begun with the wait for the turn.
   *
   * @param run how long the processor runs, in nanoseconds, which is no wait for others
   */
  private ReadThrough<K, V> readThrough(long run) {
    return new ReadThrough<>(context, Objects.requireNonNull(turn).askedAt() + run);
  }

  /** Pauses without its turn, if a thread of this process may need that to end its load. */
  private boolean pause(LoadPause pause) {
    return EntryWatch.isOpen(context.store(), encodedKey)
        ? Objects.requireNonNull(turn).whileOthersGoOn(pause::pause)
        : pause.pause();
  }

  /**
   * Runs the processor on what was cleared softly, if that may be served because somebody loads the
   * entry. Returns false if it may not, or the processor wanted to change it.
   */
  boolean runOnOlder(Operation operation) {
    if (needsPresent || isWritten || !context.store().mayHaveOlder(operation, encodedKey)) {
      return false;
    }
    LeasedLoads<K, V> leases = new LeasedLoads<>(context);
    Snapshot<V> older = leases.olderOfLoaded(operation, encodedKey);
    if (older == null) {
      return false;
    }
    decide(older);
    if (isUndecided) {
      return false;
    }
    recorder.recordMiss(MissReason.CLEARED);
    return true;
  }

  @Override
  boolean isWritten() {
    return isWritten;
  }

  @Override
  boolean isUndecided() {
    return isUndecided;
  }

  /** Decides on what was cleared: the processor may look at it, and not base a change on it. */
  private Change decideOnOlder(Snapshot<V> older) {
    ProcessedEntry<K, V> entry = new ProcessedEntry<>(key, older, null);
    try {
      result = process(entry);
      isUndecided =
          switch (entry.outcome()) {
            case NONE, ACCESSED -> false;
            case LOADED, SET, REMOVED -> true;
          };
      needsPresent = isUndecided;
    } catch (RuntimeException e) {
      failure = e;
    }
    return Change.Simple.KEEP;
  }

  @Override
  Change decide(Snapshot<V> before) {
    failure = null;
    isUndecided = false;
    hasNothing = false;
    outcome = ProcessedEntry.Outcome.NONE;
    kept = null;
    boolean isRemoved = hasRemovedMissing && !before.isLive();
    hasRemovedMissing = false;
    if (isRemoved) {
      return Change.Simple.REMOVE;
    }
    if (before.isOlder()) {
      return decideOnOlder(before);
    }
    if (hasRun) { // what was loaded before is older than the change that made it run again
      context.outdateLoads(List.of(encodedKey));
    }
    hasRun = true;
    if (before.isAway()
        && !context.writer().isPresent()) { // which is to be called by one at a time
      Objects.requireNonNull(turn).letOthersGoOn();
    }
    Supplier<@Nullable V> loader = () -> load(before);
    ProcessedEntry<K, V> entry =
        new ProcessedEntry<>(key, before, context.readThrough() ? loader : null);
    isTold = false;
    isDropped = false;
    Change change;
    try {
      result = process(entry);
      outcome = entry.outcome();
      hasChanged |=
          outcome == ProcessedEntry.Outcome.SET || outcome == ProcessedEntry.Outcome.REMOVED;
      change = change(before, entry);
    } catch (RuntimeException e) { // of the processor, the loader, the writer, or of encoding
      failure = e;
      outcome = ProcessedEntry.Outcome.NONE;
      change = Change.Simple.KEEP;
    }
    boolean isGivenUp = isWritten && !isTold && !change.outdatesEntry();
    // Nobody knows what the writer was told of last: that, or what made the processor run again.
    return isGivenUp ? Change.Simple.REMOVE : change;
  }

  /**
   * Who reads an entry again and again must not have the processor run each time. If the writer was
   * told, somebody may also have put the same value as was there, and have told it later: the entry
   * is updated, and read anew from where the writer has put it.
   */
  @Override
  Change repeat(PlannedChange<V> decided, Snapshot<V> entry) {
    NewEntry<K, V> set = stored;
    if (set == null || !(decided.change() instanceof Change.Store)) {
      return decided.change();
    }
    isDropped = isWritten && context.readThrough();
    return isDropped ? Change.Simple.REMOVE : context.expiry().store(set, entry);
  }

  private @Nullable V load(Snapshot<V> before) {
    SeenEntry<K, V> miss = new SeenEntry<>(key, encodedKey, before);
    close();
    EntryWatch watch = new EntryWatch(context.store(), encodedKey);
    sinceLoad = watch;
    SharedLoad earlier = Objects.requireNonNull(turn).loadFor(miss);
    long run = System.nanoTime() - runsSince;
    V loaded = readThrough(run).loadOnly(miss, earlier, watch, recorder);
    hasNothing = loaded == null && earlier == null;
    return loaded;
  }

  private boolean isOutdated() {
    return sinceLoad != null && sinceLoad.isOutdated();
  }

  /** Takes back what was loaded, if it was stored just when this cache changed the entry. */
  void removeIfOutdated(Operation operation) {
    NewEntry<K, V> loaded = kept;
    if (loaded != null && isOutdated()) {
      OperationRecorder<K, V> removing = context.recorder(); // the other one has published
      removing.publishAfter(() -> new ReadThrough<>(context).takeBack(operation, removing, loaded));
    }
  }

  /** Needs no longer know whether the entry changes. */
  @Override
  public void close() {
    if (sinceLoad != null) {
      sinceLoad.close();
      sinceLoad = null;
    }
  }

  /** To load is not to change, and neither is to fail before that. */
  @Override
  boolean outdatesLoads() {
    return hasChanged;
  }

  /** The caller gets the result all the same. */
  @Override
  void rejected(Snapshot<V> before, CacheException rejection) {
    recorder.recordLookup(before);
    notStored(Objects.requireNonNull(stored).value(), rejection);
  }

  private @Nullable T process(ProcessedEntry<K, V> entry) {
    runsSince = System.nanoTime();
    try {
      return recorder.untimed(() -> processor.process(entry, arguments));
    } catch (CacheException e) {
      throw e;
    } catch (Exception e) {
      throw new EntryProcessorException(
          "The entry processor failed: " + processor.getClass().getName(), e);
    }
  }

  private Change change(Snapshot<V> before, ProcessedEntry<K, V> entry) {
    return switch (entry.outcome()) {
      case NONE -> {
        if (hasNothing && leasing != null) {
          new LeasedLoads<>(context).noteNothing(leasing, List.of(before));
        }
        yield Change.Simple.KEEP;
      }
      case ACCESSED -> context.expiry().touch(key, before);
      case LOADED -> {
        NewEntry<K, V> storable = storable(entry.newValue());
        kept = isOutdated() ? null : storable;
        yield isOutdated() ? Change.Simple.KEEP : store(storable, before);
      }
      case SET -> {
        NewEntry<K, V> storable = storable(entry.newValue());
        callWriter(() -> context.writer().write(key, entry.newValue()));
        context.outdateLoads(List.of(encodedKey));
        yield store(storable, before);
      }
      case REMOVED -> {
        callWriter(() -> context.writer().delete(key));
        context.outdateLoads(List.of(encodedKey));
        if (!before.isLive() && context.loader().isPresent()) { // it may be stored by now
          hasRemovedMissing = true;
          needsPresent = true;
          isUndecided = true;
          yield Change.Simple.KEEP;
        }
        // Also what is dead or can't be read here: other processes may see it.
        yield Change.Simple.REMOVE;
      }
    };
  }

  private void callWriter(Runnable work) {
    tellWriter(work);
    isTold = true;
    isWritten = context.writer().isPresent();
  }

  /**
   * Stores what was set or loaded. If what was set can't be stored, the older value must not stay,
   * nor what is dead or can't be read here.
   */
  private Change store(@Nullable NewEntry<K, V> storable, Snapshot<V> before) {
    stored = storable;
    if (storable == null) {
      return outcome == ProcessedEntry.Outcome.SET ? Change.Simple.REMOVE : Change.Simple.KEEP;
    }
    return context.expiry().store(storable, before);
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    if (before.isOlder()) {
      recorder.recordMiss(MissReason.CLEARED);
      return;
    }
    recorder.recordLookup(before);
    if (change instanceof Change.Store store && store.inTime() && !isLost) {
      Objects.requireNonNull(turn).forgetLoad(encodedKey); // others find it in the cache
      if (sinceLoad != null && kept != null) {
        sinceLoad.stored(kept.encodedValue());
      }
    }
    if (isDropped || OperationRecorder.isVisible(change, before)) {
      if (outcome == ProcessedEntry.Outcome.SET) { // to load is not to put
        recorder.recordPuts(1);
      }
      recorder.recordStored(before, Objects.requireNonNull(stored));
    } else if (change == Change.Simple.REMOVE
        && outcome == ProcessedEntry.Outcome.REMOVED
        && before.isLive()) {
      recorder.recordRemoved(before, key, encodedKey);
    }
  }

  /** Returns what the processor returned, or throws why it or its change failed. */
  @Nullable T result() {
    if (failure != null) {
      throw failure;
    }
    return result;
  }
}
