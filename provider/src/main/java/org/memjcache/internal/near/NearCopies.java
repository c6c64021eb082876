// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.near;

import static org.memjcache.internal.text.ErrorText.invalid;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.memjcache.NearLimit;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.namespace.Namespace;

/**
 * The copies that one open cache keeps, bounded by Caffeine: the only class that names it, so that
 * it may be absent.
 *
 * <ul>
 *   <li>A copy is served while this process knows of nothing that would make it wrong: it is
 *       younger than the staleness, so is the last look at the versions that it was read under,
 *       these are still the highest that are known, the list of servers is the same, and nothing is
 *       pending for the entry.
 *   <li>What was read is kept only if nobody in this process has ended a change of the entry since
 *       before the read was sent: {@link #changes} counts these ends.
 * </ul>
 *
 * <p>Takes next to no memory until the first copy. All work is done by the threads that use it.
 * Thread-safe.
 */
public final class NearCopies<V> implements AutoCloseable {

  private static final String LIBRARY = "com.github.ben-manes.caffeine:caffeine";

  /**
   * How often changes of entries have ended in this process, by the hash of the key. Two entries
   * that share a count cost each other a copy at times, and nothing else.
   */
  private static final AtomicLongArray CHANGES = new AtomicLongArray(1 << 12);

  private final Namespace namespace;
  private final PathKey path;
  private final NearLimit limit;

  /** How often all copies were outdated. */
  private final AtomicLong emptied = new AtomicLong();

  private volatile boolean closed;

  /**
   * By String or {@link EntryKey}, so that who has a String need not encode it to find a copy. Null
   * before the first copy. Another one each time that all copies were outdated.
   */
  private volatile @Nullable Cache<Object, NearCopy<V>> kept;

  /**
   * Creates it, without a copy.
   *
   * @param limit not {@link NearLimit#NONE}
   * @throws org.memjcache.InvalidConfigurationException if Caffeine is not there
   */
  public NearCopies(Namespace namespace, NearLimit limit) {
    requireLibrary(namespace);
    this.namespace = namespace;
    this.path = namespace.path();
    this.limit = limit;
    NearRegistry.add(path, this);
  }

  private static void requireLibrary(Namespace namespace) {
    try {
      Class.forName(
          "com.github.benmanes.caffeine.cache.Caffeine", false, NearCopies.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw invalid(
          "the cache '%s' is to keep entries near, but the library Caffeine is not on the class"
              + " path; add %s, version 3, or set near=none",
          namespace, LIBRARY);
    }
  }

  /** Returns a copy that may be served now, by {@code ElapsedTime}; null if there is none. */
  public @Nullable NearCopy<V> find(EntryKey key, long now) {
    NearCopy<V> found = get(keyOf(key));
    return found != null && found.isTrusted(namespace, now) ? found : null;
  }

  /** Does the same for a key that is not encoded. Finds those only that are Strings. */
  public @Nullable NearCopy<V> findString(Object key) {
    NearCopy<V> found = key instanceof String ? get(key) : null;
    return found != null && found.isTrusted(namespace, ElapsedTime.now()) ? found : null;
  }

  private @Nullable NearCopy<V> get(Object key) {
    Cache<Object, NearCopy<V>> present = kept;
    return present == null ? null : present.getIfPresent(key);
  }

  private static Object keyOf(EntryKey key) {
    String string = key.string();
    return string == null ? key : string;
  }

  /** Returns a number that is another one once a change of the entry has ended. */
  public long changes(EntryKey key) {
    return CHANGES.get(stripe(key)) + emptied.get(); // each of them only grows
  }

  /**
   * Keeps a copy, unless it is older than the one that is there, or a change of the entry has ended
   * since.
   *
   * @param changesBefore {@link #changes} before the copy was asked for
   */
  public void keep(EntryKey key, NearCopy<V> copy, long changesBefore) {
    present()
        .asMap()
        .compute(
            keyOf(key),
            (same, other) -> {
              // A change that ends after this look removes what is put now.
              boolean isOutdated = closed || changes(key) != changesBefore;
              boolean isOlder = other != null && other.askedAt() - copy.askedAt() > 0;
              return isOutdated || isOlder ? other : copy;
            });
  }

  private Cache<Object, NearCopy<V>> present() {
    Cache<Object, NearCopy<V>> present = kept;
    return present == null ? create() : present;
  }

  private synchronized Cache<Object, NearCopy<V>> create() {
    Cache<Object, NearCopy<V>> present = kept;
    if (present == null) {
      Caffeine<Object, Object> builder = Caffeine.newBuilder().executor(Runnable::run);
      present =
          limit.entries() > 0
              ? builder.maximumSize(limit.entries()).build()
              : builder
                  .maximumWeight(limit.bytes())
                  .weigher((Object key, NearCopy<V> one) -> one.weight())
                  .build();
      kept = present;
    }
    return present;
  }

  /** Counts the end of a change; whoever has it counted removes the copies next. */
  static void change(EntryKey key) {
    CHANGES.incrementAndGet(stripe(key));
  }

  private static int stripe(EntryKey key) {
    int hash = key.text().hashCode();
    return (hash ^ hash >>> 16) & CHANGES.length() - 1;
  }

  void remove(EntryKey key) {
    Cache<Object, NearCopy<V>> present = kept;
    if (present != null) {
      present.invalidate(keyOf(key));
    }
  }

  void outdateAll() {
    emptied.incrementAndGet(); // first: what is put after this look is put into another one
    kept = null;
  }

  /** Forgets all copies, and keeps none any more. */
  @Override
  public void close() {
    closed = true;
    outdateAll();
    NearRegistry.remove(path, this);
  }
}
