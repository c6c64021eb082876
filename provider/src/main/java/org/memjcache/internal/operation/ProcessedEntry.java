// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.function.Supplier;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Unwrapping;
import org.memjcache.internal.entry.Snapshot;

/**
 * The entry that an entry processor works on. Nothing is changed until the processor has returned;
 * then {@link #outcome()} says what it did (JSR-107, {@link MutableEntry}).
 *
 * <p>Used by one thread.
 */
final class ProcessedEntry<K, V> implements MutableEntry<K, V> {

  /** What a processor did, taken together. */
  enum Outcome {
    /** Nothing, or only asked whether the entry exists. */
    NONE,
    ACCESSED,
    /** Read a value that the loader brought. */
    LOADED,
    SET,
    REMOVED
  }

  private final K key;
  private final Snapshot<V> before;
  private final @Nullable Supplier<@Nullable V> loader;
  private Outcome outcome = Outcome.NONE;
  private boolean isLoaded;
  private @Nullable V value;

  /** Creates the entry; the loader is null if there is no read-through. */
  ProcessedEntry(K key, Snapshot<V> before, @Nullable Supplier<@Nullable V> loader) {
    this.key = key;
    this.before = before;
    this.loader = loader;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public boolean exists() {
    return switch (outcome) {
      case NONE -> {
        before.requireReadable();
        yield before.isLive();
      }
      case ACCESSED, LOADED, SET -> true;
      case REMOVED -> false;
    };
  }

  @Override
  @SuppressWarnings("NullAway") // MutableEntry is older than nullness annotations: null if missing
  public V getValue() {
    if (outcome == Outcome.NONE) {
      read();
    }
    return value;
  }

  private void read() {
    before.requireReadable();
    if (before.isLive()) {
      value = before.value();
      outcome = Outcome.ACCESSED;
    } else if (loader != null) {
      value = loader.get();
      if (value != null) {
        isLoaded = true;
        outcome = Outcome.LOADED;
      }
    }
  }

  @Override
  public void setValue(V value) {
    if (value == null) {
      throw new NullPointerException("The value is null");
    }
    this.value = value;
    outcome = Outcome.SET;
  }

  @Override
  public void remove() {
    // What the processor itself created was never there. What it loaded is where it came from, and
    // a writer is told to delete it there.
    boolean undone = outcome == Outcome.SET && !before.isLive() && !isLoaded;
    outcome = undone ? Outcome.NONE : Outcome.REMOVED;
    value = null;
  }

  Outcome outcome() {
    return outcome;
  }

  /** Returns the value that was set or loaded. */
  V newValue() {
    if (value == null) {
      throw new IllegalStateException("no value was set or loaded");
    }
    return value;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type, "The entry of an entry processor");
  }
}
