// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One way of keeping entries. Thread-safe. Operations that it lacks throw {@link
 * UnsupportedOperationException}; {@link ContestantKind} lists them beforehand.
 */
public interface Contestant extends AutoCloseable {

  /**
   * Reads an entry.
   *
   * @param key the key
   * @return the value, or null
   */
  @Nullable String get(String key);

  /**
   * Writes an entry.
   *
   * @param key the key
   * @param value the value
   */
  void put(String key, String value);

  /**
   * Writes an entry if there is none.
   *
   * @param key the key
   * @param value the value
   * @return whether there was none
   */
  default boolean putIfAbsent(String key, String value) {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds one to a number, which starts at zero.
   *
   * @param key the key
   * @return the new number
   */
  default long increment(String key) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads several entries.
   *
   * @param keys the keys
   * @return those that exist
   */
  default Map<String, String> getAll(Set<String> keys) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes several entries.
   *
   * @param entries the entries
   */
  default void putAll(Map<String, String> entries) {
    entries.forEach(this::put);
  }

  /** Removes everything at once. */
  default void clear() {
    throw new UnsupportedOperationException();
  }

  /** Clears something else than what {@link #clear} does, so that its code is warm. */
  default void clearElsewhere() {
    throw new UnsupportedOperationException();
  }

  /** Removes everything as if one by one. */
  default void removeAll() {
    throw new UnsupportedOperationException();
  }

  /**
   * Walks over all entries.
   *
   * @return how many there are
   */
  default int iterate() {
    throw new UnsupportedOperationException();
  }

  /** Lets go of all connections. What was stored stays. */
  @Override
  void close();
}
