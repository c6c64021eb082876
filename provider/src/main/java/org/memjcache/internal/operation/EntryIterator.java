package org.memjcache.internal.operation;

import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.entry.EntryScanner;
import org.memjcache.internal.entry.Reading;

/**
 * The iterator of a cache. Each {@code next()} is an access: it counts as a hit and may move the
 * entry's deadline (JSR-107, {@link Cache#iterator}).
 *
 * <p>Used by one thread.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {

  private static final String OPERATION = "iterator";

  private final CacheContext<K, V> parts;
  private final BooleanSupplier closed;
  private final EntryScanner<K, V> walk;
  private EntryScanner.@Nullable Found<K, V> last;

  /**
   * Begins an iteration.
   *
   * @param closed tells whether the cache is closed
   * @param parts what the cache works with
   * @throws javax.cache.CacheException if the versions of the namespace can't be read
   */
  public EntryIterator(CacheContext<K, V> parts, BooleanSupplier closed) {
    this.parts = parts;
    this.closed = closed;
    this.walk = new EntryScanner<>(parts, OPERATION);
  }

  @Override
  public boolean hasNext() {
    requireOpen();
    return walk.hasNext();
  }

  @Override
  public Cache.Entry<K, V> next() {
    requireOpen();
    OperationRecorder<K, V> report = parts.report();
    EntryScanner.Found<K, V> found = walk.next();
    if (parts.expiry().movesOnAccess()) {
      AccessUpdate<K, V> step = new AccessUpdate<>(parts.expiry(), found.key(), found.encodedKey());
      parts
          .machine()
          .runOnce(
              OPERATION, new Reading<>(found.versions(), List.of(step), List.of(found.entry())));
    }
    last = found;
    report.hit();
    report.publish();
    return new CacheEntry<>(found.key(), found.entry().value());
  }

  @Override
  public void remove() {
    requireOpen();
    EntryScanner.Found<K, V> found = last;
    if (found == null) {
      throw new IllegalStateException("remove() needs a call of next() before it");
    }
    last = null;
    OperationRecorder<K, V> report = parts.report();
    parts.run(
        OPERATION,
        List.of(new RemoveUpdate<>(parts, report, found.key(), found.encodedKey(), false)),
        report);
  }

  private void requireOpen() {
    if (closed.getAsBoolean()) {
      throw new IllegalStateException("The cache '" + parts.namespace() + "' is closed");
    }
  }
}
