// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.time.Duration;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking one memcached server whether it answers, by {@link
 * MemcachedCacheManager#ping()}. Immutable.
 *
 * @param server the server's address as it is configured, with its port: {@code cache1:11211}; if
 *     the servers are discovered and aren't known, the service: {@code dns:memcached:11211}; not
 *     null
 * @param time how long it took until the server answered, the opening of the connection included,
 *     or until it was known that it doesn't; not negative, not null
 * @param failure why the server doesn't answer, in words that name it; null if it does
 */
public record PingResult(String server, Duration time, @Nullable CacheException failure) {

  /**
   * Creates a result.
   *
   * @param server the server's address, not null
   * @param time how long it took, not null
   * @param failure why the server doesn't answer, null if it does
   * @throws NullPointerException if server or time is null
   */
  public PingResult {
    Objects.requireNonNull(server, "The server is null");
    Objects.requireNonNull(time, "The time is null");
  }

  /** {@return whether the server answered} */
  public boolean isReachable() {
    return failure == null;
  }

  /** {@return one line: the server, and how long its answer took, or why there was none} */
  @Override
  public String toString() {
    return failure == null
        ? server + " answered after " + time.toMillis() + " ms"
        : server + " did not answer: " + failure.getMessage();
  }
}
