// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.EntryWatch;

/**
 * Stores a value or removes the entry, where a condition holds: {@code put}, {@code putIfAbsent},
 * {@code replace}, {@code remove} and their relatives. The writer is told once.
 */
final class ConditionalUpdate<K, V> extends EntryUpdate<K, V> {

  /** What must be there. */
  enum Condition {
    NONE,
    IF_ABSENT,
    IF_PRESENT
  }

  private final @Nullable NewEntry<K, V> stored;
  private final Condition condition;
  private final @Nullable V expected;
  private boolean countsAsGet = true;
  private boolean written;

  /** Whether what is there has to be looked at once more. */
  private boolean isUndecided;

  /** Whether what is being loaded is older than this change. */
  private boolean outdatesLoads;

  /**
   * Whether the writer was told, and the change decided on; if so again, another one came between.
   */
  private boolean isTried;

  /** Whether that other change made this one impossible. */
  private boolean isGivenUp;

  /**
   * Whether this change is made, but the value doesn't stay: it is read anew through the loader.
   */
  private boolean isDropped;

  private @Nullable Snapshot<V> before;

  private ConditionalUpdate(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      K key,
      EntryKey encodedKey,
      @Nullable NewEntry<K, V> stored,
      Condition condition,
      @Nullable V expected) {
    super(context, recorder, key, encodedKey);
    this.stored = stored;
    this.condition = condition;
    this.expected = expected;
    this.outdatesLoads = condition == Condition.NONE;
  }

  /** Creates the storing of a value; the {@code expected} one is null if any will do. */
  static <K, V> ConditionalUpdate<K, V> store(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      NewEntry<K, V> entry,
      Condition condition,
      @Nullable V expected) {
    return new ConditionalUpdate<>(
        context, recorder, entry.key(), entry.encodedKey(), entry, condition, expected);
  }

  /** Creates the removal of an entry; the {@code expected} value is null if any will do. */
  static <K, V> ConditionalUpdate<K, V> remove(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      K key,
      EntryKey encodedKey,
      @Nullable V expected) {
    // Without an expected value also what is dead or can't be read here: other processes may see
    // it; and the writer is told even if there is no entry.
    Condition condition = expected == null ? Condition.NONE : Condition.IF_PRESENT;
    return new ConditionalUpdate<>(context, recorder, key, encodedKey, null, condition, expected);
  }

  /**
   * Makes this a plain {@code put} or {@code remove}, which counts neither as hit nor as miss.
   *
   * @param isWritten whether the writer knows of it already
   */
  ConditionalUpdate<K, V> asPlain(boolean isWritten) {
    countsAsGet = false;
    written = isWritten;
    return this;
  }

  @Override
  boolean isWritten() {
    return written;
  }

  @Override
  int storedSize() {
    return stored == null ? 0 : stored.encodedValue().size();
  }

  @Override
  boolean isUndecided() {
    return isUndecided;
  }

  @Override
  Change decide(Snapshot<V> current) {
    isUndecided = false;
    if (countsAsGet) { // a plain put or remove does the same, whatever is there
      current.requireReadable();
    }
    boolean possible =
        switch (condition) {
          case NONE -> true;
          case IF_ABSENT -> !current.isLive();
          case IF_PRESENT -> current.isLive();
        };
    boolean isAsExpected =
        expected == null || (possible && Objects.deepEquals(expected, current.value()));
    if (isTried && context.writer().isPresent()) {
      // Nobody knows what the writer was told of last: this, or what came between.
      isGivenUp |= !(possible && isAsExpected);
      isDropped = !isGivenUp && stored != null && context.readThrough();
      if (isGivenUp || isDropped) {
        return Change.Simple.REMOVE;
      }
    }
    if (!possible) {
      return Change.Simple.KEEP;
    }
    if (!isAsExpected) {
      return context.expiry().touch(key, current);
    }
    if (!written) {
      if (!outdatesLoads) {
        outdatesLoads = true;
        isUndecided = isLoadedWhileWritten() && EntryWatch.isOpen(context.store(), encodedKey);
        if (isUndecided) { // a load may be stored by now: nothing the writer should be told
          context.outdateLoads(List.of(encodedKey));
          return Change.Simple.KEEP;
        }
      }
      tellWriter(this::callWriter);
      written = true;
      context.outdateLoads(List.of(encodedKey));
      isUndecided = stored == null && !current.isLive() && isLoadedWhileWritten();
      if (isUndecided) {
        return Change.Simple.KEEP;
      }
    }
    isTried = true;
    if (stored == null) {
      return Change.Simple.REMOVE;
    }
    return condition == Condition.NONE
        ? context.expiry().storeWhateverIsThere(stored, current)
        : context.expiry().store(stored, current);
  }

  /**
   * A condition that doesn't hold changes nothing. A removal does that finds nothing, before it
   * looks: nothing is sent then, and what is being loaded is what it is about.
   */
  @Override
  boolean outdatesLoads() {
    return outdatesLoads;
  }

  private void callWriter() {
    if (stored == null) {
      context.writer().delete(key);
    } else {
      context.writer().write(key, stored.value());
    }
  }

  @Override
  void done(Snapshot<V> seen, Change change) {
    if (countsAsGet) {
      recorder.recordLookup(seen);
    }
    if (isGivenUp) {
      return;
    }
    if (stored == null && change == Change.Simple.REMOVE && seen.isLive()) {
      before = seen;
      recorder.recordRemoved(seen, key, encodedKey);
    } else if (stored != null && (isDropped || OperationRecorder.isVisible(change, seen))) {
      before = seen;
      recorder.recordPuts(1);
      recorder.recordStored(seen, stored);
    }
  }

  /** Returns whether the value was stored, or a live entry removed. */
  boolean isMade() {
    return before != null;
  }

  /** Returns the value that was replaced or removed, null if none was. */
  @Nullable V oldValue() {
    return before == null ? null : before.valueOrNull();
  }
}
