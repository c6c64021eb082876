// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * The cache writer of one cache, or its absence.
 *
 * <ul>
 *   <li>Every exception of the application's writer arrives as a {@link CacheWriterException}: its
 *       own as it is, any other as the cause. An {@link Error} passes unchanged.
 *   <li>After an exception of {@link #write} or {@link #delete} the cache must not change.
 *   <li>A batch that fails in part is a result, not an exception, because the cache must follow the
 *       writer for the keys that succeeded before it throws.
 *   <li>Absent, everything succeeds.
 *   <li>Thread-safe as far as the application's writer is; no lock is held while that runs.
 * </ul>
 *
 * <p>Source: javadoc of {@link CacheWriter}.
 */
public final class Writer<K, V> implements AutoCloseable {
  private static final String ROLE = "cache writer";

  private static final Writer<?, ?> NONE = new Writer<>(null);

  /**
   * What became of a batch.
   *
   * @param succeeded the keys that were written or deleted, in the order they were given
   * @param failure why the others are missing, null if none is
   */
  public record BatchResult<K>(Set<K> succeeded, @Nullable CacheWriterException failure) {

    public BatchResult {
      succeeded = Collections.unmodifiableSet(succeeded);
    }

    /** Throws the failure, if there is one; to be called when the cache has followed the writer. */
    public void throwIfFailed() {
      if (failure != null) {
        throw failure;
      }
    }
  }

  private final @Nullable CacheWriter<K, V> writer;

  private Writer(@Nullable CacheWriter<K, V> writer) {
    this.writer = writer;
  }

  /**
   * Returns the writer that the factory creates, or an absent one if there is no factory.
   *
   * @throws javax.cache.CacheException if the factory fails or creates null
   */
  public static <K, V> Writer<K, V> of(
      @Nullable Factory<CacheWriter<? super K, ? super V>> factory) {
    if (factory == null) {
      @SuppressWarnings("unchecked") // it writes nothing
      Writer<K, V> none = (Writer<K, V>) NONE;
      return none;
    }
    @SuppressWarnings("unchecked") // A writer for supertypes only reads the entries it is given.
    CacheWriter<K, V> writer =
        (CacheWriter<K, V>) PluggableParts.<CacheWriter<? super K, ? super V>>create(factory, ROLE);
    return new Writer<>(writer);
  }

  public boolean isPresent() {
    return writer != null;
  }

  public void write(K key, V value) {
    call("write", told -> told.write(new CacheEntry<>(key, value)));
  }

  /** Deletes a key, whether or not the cache has an entry for it. */
  public void delete(K key) {
    call("delete", told -> told.delete(key));
  }

  /**
   * Writes many entries by one call of the application's writer; by none if there are no entries.
   *
   * <p>If the writer throws, the entries it left in its collection were not written. If it returns,
   * all were, whatever it left: a writer has to throw when a write fails, and many never remove
   * anything.
   */
  public BatchResult<K> writeAll(Map<K, V> entries) {
    if (!isPresent()) {
      return new BatchResult<>(entries.keySet(), null);
    }
    Map<K, Cache.Entry<? extends K, ? extends V>> asked = new LinkedHashMap<>();
    entries.forEach((key, value) -> asked.put(key, new CacheEntry<>(key, value)));
    Collection<Cache.Entry<? extends K, ? extends V>> left = new LinkedHashSet<>(asked.values());
    CacheWriterException failure = callAll("writeAll", left, told -> told.writeAll(left));
    if (failure != null) {
      asked.values().removeAll(left);
    }
    return new BatchResult<>(asked.keySet(), failure);
  }

  /** Deletes many keys, as {@link #writeAll} writes entries. */
  public BatchResult<K> deleteAll(Collection<? extends K> keys) {
    Set<K> asked = new LinkedHashSet<>(keys);
    Set<K> left = new LinkedHashSet<>(asked);
    CacheWriterException failure = callAll("deleteAll", left, told -> told.deleteAll(left));
    if (failure != null) {
      asked.removeAll(left);
    }
    return new BatchResult<>(asked, failure);
  }

  private @Nullable CacheWriterException callAll(
      String method, Collection<?> batch, Consumer<CacheWriter<K, V>> call) {
    try {
      if (!batch.isEmpty()) {
        call(method, call);
      }
      return null;
    } catch (CacheWriterException e) {
      return e;
    }
  }

  private void call(String method, Consumer<CacheWriter<K, V>> call) {
    if (writer == null) {
      return;
    }
    try {
      call.accept(writer);
    } catch (CacheWriterException e) {
      throw e;
    } catch (Exception e) {
      throw new CacheWriterException(
          "The cache writer failed in " + method + ": " + writer.getClass().getName(), e);
    }
  }

  /** Closes the application's writer if it is {@link AutoCloseable}. Exceptions are logged. */
  @Override
  public void close() {
    PluggableParts.close(writer, ROLE);
  }
}
