// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Closed;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.integration.CacheEntry;

/**
 * The iterator of a cache. Each {@code next()} is an access: it counts as a hit and may move the
 * entry's deadline (JSR-107, {@link Cache#iterator}).
 *
 * <p>Used by one thread.
 */
public final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {

  private static final String OPERATION = "iterator";

  private final CacheContext<K, V> context;
  private final BooleanSupplier closed;
  private final Iterator<SeenEntry<K, V>> entries;
  private @Nullable SeenEntry<K, V> next;
  private @Nullable SeenEntry<K, V> last;

  /** Begins an iteration, which works as long as the cache isn't {@code closed}. */
  public EntryIterator(CacheContext<K, V> context, BooleanSupplier closed) {
    this.context = context;
    this.closed = closed;
    this.entries = context.store().scan(new Operation(OPERATION));
  }

  @Override
  public boolean hasNext() {
    requireOpen();
    while (next == null && entries.hasNext()) {
      SeenEntry<K, V> found = entries.next();
      found.snapshot().requireReadable();
      if (found.snapshot().isLive()) {
        next = found;
      } else {
        context.metrics().recordSkippedItem();
      }
    }
    return next != null;
  }

  @Override
  public Cache.Entry<K, V> next() {
    SeenEntry<K, V> found = hasNext() ? next : null;
    if (found == null) {
      throw new NoSuchElementException();
    }
    next = null;
    OperationRecorder<K, V> recorder = context.recorder();
    context.touch(new Operation(OPERATION), List.of(found));
    last = found;
    recorder.recordHit();
    recorder.publish();
    return new CacheEntry<>(found.key(), found.snapshot().value());
  }

  @Override
  public void remove() {
    requireOpen();
    SeenEntry<K, V> found = last;
    if (found == null) {
      throw new IllegalStateException("remove() needs a call of next() before it");
    }
    last = null;
    OperationRecorder<K, V> recorder = context.recorder();
    context.run(
        new Operation(OPERATION),
        List.of(
            ConditionalUpdate.remove(context, recorder, found.key(), found.encodedKey(), null)
                .asPlain(false)),
        recorder);
  }

  private void requireOpen() {
    if (closed.getAsBoolean()) {
      throw Closed.cache(context.store().toString());
    }
  }
}
