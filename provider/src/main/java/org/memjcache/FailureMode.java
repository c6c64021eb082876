package org.memjcache;

/** What operations do while a server that they need is away. */
public enum FailureMode {
  /** They throw a {@code CacheException} that names the server. */
  THROW,
  /**
   * Reads miss. Writes, removals and clears return as if done, and are made up for: nothing that
   * they concern is served again before its namespace is cleared.
   */
  MISS
}
