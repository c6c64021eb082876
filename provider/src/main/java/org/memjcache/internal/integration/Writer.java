package org.memjcache.internal.integration;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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
 *   <li>A batch that fails in part is a result, not an exception, because the cache must follow the
 *       writer for the keys that succeeded before it throws.
 *   <li>Absent, everything succeeds.
 *   <li>Thread-safe as far as the application's writer is; no lock is held while that runs.
 * </ul>
 *
 * <p>Source: javadoc of {@link CacheWriter}.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Writer<K, V> implements AutoCloseable {
  private static final String ROLE = "cache writer";

  private static final Writer<?, ?> NONE = new Writer<>(null);

  private final @Nullable CacheWriter<K, V> writer;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Writer(@Nullable CacheWriter<K, V> writer) {
    this.writer = writer;
  }

  /**
   * Returns the writer that the factory creates, or an absent one if there is no factory.
   *
   * @param factory the factory of the cache's configuration, null if it names none
   * @param <K> the type of keys
   * @param <V> the type of values
   * @return the writer, present exactly if there is a factory
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

  /** {@return whether the application configured a writer} */
  public boolean isPresent() {
    return writer != null;
  }

  /**
   * Writes one entry.
   *
   * @param key the key
   * @param value the value
   * @throws CacheWriterException if it was not written: the cache must not change
   */
  public void write(K key, V value) {
    if (writer == null) {
      return;
    }
    try {
      writer.write(new CacheEntry<>(key, value));
    } catch (Exception e) {
      throw failure(writer, "write", e);
    }
  }

  /**
   * Writes many entries by one call of the application's writer; by none if there are no entries.
   *
   * <p>If the writer throws, the entries it left in its collection were not written. If it returns,
   * all were, whatever it left: a writer has to throw when a write fails, and many never remove
   * anything.
   *
   * @param entries the entries, none null
   * @return the keys that were written, and the failure
   */
  public BatchResult<K> writeAll(Map<? extends K, ? extends V> entries) {
    Map<K, Cache.Entry<? extends K, ? extends V>> asked = new LinkedHashMap<>();
    entries.forEach((key, value) -> asked.put(key, new CacheEntry<>(key, value)));
    if (writer == null || asked.isEmpty()) {
      return new BatchResult<>(asked.keySet(), null);
    }
    Collection<Cache.Entry<? extends K, ? extends V>> left = new LinkedHashSet<>(asked.values());
    try {
      writer.writeAll(left);
      return new BatchResult<>(asked.keySet(), null);
    } catch (Exception e) {
      asked.values().removeAll(left);
      return new BatchResult<>(asked.keySet(), failure(writer, "writeAll", e));
    }
  }

  /**
   * Deletes one key, whether or not the cache has an entry for it.
   *
   * @param key the key
   * @throws CacheWriterException if it was not deleted: the cache must not change
   */
  public void delete(K key) {
    if (writer == null) {
      return;
    }
    try {
      writer.delete(key);
    } catch (Exception e) {
      throw failure(writer, "delete", e);
    }
  }

  /**
   * Deletes many keys by one call of the application's writer; by none if there are no keys. What
   * the writer leaves in its collection counts as in {@link #writeAll(Map)}.
   *
   * @param keys the keys; duplicates count once
   * @return the keys that were deleted, and the failure
   */
  public BatchResult<K> deleteAll(Collection<? extends K> keys) {
    Set<K> asked = new LinkedHashSet<>(keys);
    if (writer == null || asked.isEmpty()) {
      return new BatchResult<>(asked, null);
    }
    Set<K> left = new LinkedHashSet<>(asked);
    try {
      writer.deleteAll(left);
      return new BatchResult<>(asked, null);
    } catch (Exception e) {
      asked.removeAll(left);
      return new BatchResult<>(asked, failure(writer, "deleteAll", e));
    }
  }

  /**
   * Closes the application's writer if it is {@link AutoCloseable}. The second call does nothing.
   * Exceptions are logged.
   */
  @Override
  public void close() {
    if (writer != null && closed.compareAndSet(false, true)) {
      PluggableParts.close(writer, ROLE);
    }
  }

  private static CacheWriterException failure(Object writer, String method, Exception e) {
    return e instanceof CacheWriterException own
        ? own
        : new CacheWriterException(
            "The cache writer failed in " + method + ": " + writer.getClass().getName(), e);
  }
}
