// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.time.Duration;

/**
 * How much may wait for an asynchronous listener, and how long writers wait for it to get on.
 *
 * @param events how many events; at least 1
 * @param bytes how many bytes their keys and values take, encoded but not compressed; at least 1
 * @param patience how long a writer waits for room; not negative
 */
public record EventQueueLimits(int events, int bytes, Duration patience) {

  /** The number of {@code events} unless an option says otherwise. */
  public static final int DEFAULT_EVENTS = 100_000;

  /** The number of {@code bytes} unless an option says otherwise: 16 MiB. */
  public static final int DEFAULT_BYTES = 16 << 20;

  /** What counts unless an option says otherwise. */
  public static final EventQueueLimits DEFAULT =
      new EventQueueLimits(DEFAULT_EVENTS, DEFAULT_BYTES, Duration.ofSeconds(1));
}
