// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

/** What operations do while a server that they need is away. */
public enum FailureMode {
  /** They throw a {@code CacheException} that names the server. */
  THROW,
  /**
   * Reads miss. Writes, removals and clears return as if done; they are not repeated, but this
   * process clears the cache that they concern, or the level that was to be cleared, once the
   * server is back, and serves nothing of it before that.
   */
  MISS
}
