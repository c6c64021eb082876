// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Unwrapping;

/**
 * One change of one entry, as a listener sees it.
 *
 * <p>The value of a removed or expired entry is its old value. The old value is available exactly
 * if the listener's configuration requires it, it is known, and the event isn't a creation. Keys
 * and values are handed to all listeners as they are; to change one changes nothing in memcached
 * but may be seen by other listeners and the caller.
 *
 * <p>Immutable, as far as key and values are. Source: javadoc of {@link CacheEntryEvent}, version
 * 1.1.
 */
@SuppressWarnings("serial") // An event is as serializable as its key and values.
public final class MemcachedEntryEvent<K, V> extends CacheEntryEvent<K, V> {
  private static final long serialVersionUID = 1L;

  private final K key;
  private final @Nullable V value;
  private final @Nullable V oldValue;
  private final transient int bytes;
  private final transient int oldBytes;

  /**
   * Creates an event.
   *
   * @param bytes how many bytes the key takes, and the new value if there is one
   * @param oldBytes how many bytes the old value takes
   */
  MemcachedEntryEvent(
      Cache<K, V> source,
      EventType type,
      K key,
      @Nullable V value,
      int bytes,
      @Nullable V oldValue,
      int oldBytes) {
    super(source, type);
    this.key = key;
    this.value = value;
    this.bytes = bytes;
    this.oldValue = oldValue;
    this.oldBytes = oldBytes;
  }

  /** Returns how many bytes key and values take, encoded but not compressed. */
  long bytes() {
    return (long) bytes + oldBytes;
  }

  /** Returns the event for a listener whose configuration doesn't require the old value. */
  @SuppressWarnings("unchecked") // The source was a Cache<K, V>.
  MemcachedEntryEvent<K, V> withoutOldValue() {
    if (oldValue == null) {
      return this;
    }
    EventType type = getEventType();
    V kept = type == EventType.UPDATED ? value : null;
    return new MemcachedEntryEvent<>((Cache<K, V>) getSource(), type, key, kept, bytes, null, 0);
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public @Nullable V getValue() {
    return value;
  }

  @Override
  public @Nullable V getOldValue() {
    return oldValue;
  }

  @Override
  public boolean isOldValueAvailable() {
    return oldValue != null;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type, "An event");
  }

  @Override
  public String toString() {
    return String.format(
        "%s[cache=%s, key=%s, value=%s, oldValue=%s]",
        getEventType(), getSource().getName(), key, value, oldValue);
  }
}
