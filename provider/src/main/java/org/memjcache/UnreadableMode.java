// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

/**
 * What operations do that find an item under the key of an entry which this process can't read: its
 * class is missing, has changed or isn't allowed, it is not of the cache's type, it is damaged, not
 * signed, of an unknown format, or compressed by a library that isn't there.
 *
 * <p>Whatever the mode, a plain {@code put} overwrites such an item, and a plain {@code remove}
 * removes it.
 */
public enum UnreadableMode {
  /** There is no entry: reads miss, a loader is asked, and what is stored takes its place. */
  MISS,
  /** They throw a {@code CacheException} that names the item and says what is wrong with it. */
  THROW
}
