package org.memjcache.internal.operation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.Snapshot;

/**
 * Stores a value where a condition holds: {@code put}, {@code putAll}, {@code putIfAbsent}, {@code
 * replace} and their relatives. The writer is told once.
 */
final class StoreUpdate<K, V> extends EntryUpdate<K, V> {

  /** Of which entries the value may take the place. */
  enum Condition {
    NONE,
    IF_ABSENT,
    IF_PRESENT
  }

  private final CacheContext<K, V> context;
  private final OperationRecorder<K, V> recorder;
  private final NewEntry<K, V> entry;
  private final Condition condition;
  private final @Nullable V expected;
  private boolean countsAsGet = true;
  private boolean written;
  private boolean stored;
  private @Nullable Snapshot<V> before;

  /**
   * Creates an update.
   *
   * @param expected the value that must be there, null if any will do
   */
  StoreUpdate(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      NewEntry<K, V> entry,
      Condition condition,
      @Nullable V expected) {
    super(entry.key(), entry.encodedKey());
    this.context = context;
    this.recorder = recorder;
    this.entry = entry;
    this.condition = condition;
    this.expected = expected;
  }

  /**
   * Makes this a plain {@code put}, which counts neither as hit nor as miss.
   *
   * @param isWritten whether the writer knows of the value already
   */
  StoreUpdate<K, V> asPut(boolean isWritten) {
    countsAsGet = false;
    written = isWritten;
    return this;
  }

  @Override
  Change decide(Snapshot<V> current) {
    boolean possible =
        switch (condition) {
          case NONE -> true;
          case IF_ABSENT -> !current.isLive();
          case IF_PRESENT -> current.isLive();
        };
    if (!possible) {
      return Change.Simple.KEEP;
    }
    if (expected != null && !Objects.deepEquals(expected, current.value())) {
      return context.expiry().touch(current);
    }
    if (!written) {
      context.writer().write(key(), entry.value());
      written = true;
    }
    return context.expiry().store(entry.encodedValue(), current);
  }

  @Override
  void done(Snapshot<V> seen, Change change) {
    if (countsAsGet) {
      recorder.recordLookup(seen);
    }
    // A created entry that has expired at once was never there.
    stored = change instanceof Change.Store store && (seen.isLive() || store.inTime());
    if (stored) {
      before = seen;
      recorder.recordPut();
      recorder.recordStored(seen, key(), entry.value());
    }
  }

  boolean isStored() {
    return stored;
  }

  /** Returns the value that was replaced, null if none was. */
  @Nullable V oldValue() {
    return before == null ? null : before.valueOrNull();
  }
}
