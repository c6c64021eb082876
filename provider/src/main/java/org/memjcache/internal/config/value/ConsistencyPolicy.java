// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.time.Duration;

/**
 * How fresh the versions of a namespace must be, and what happens while a server is away.
 *
 * @param stalenessNanos how old a version may be; zero: it is checked in each round trip
 * @param missWhenAway whether batches go on without the servers that are away, instead of failing
 * @param writtenThrough whether what is written is written elsewhere before: then an older value is
 *     wrong even if the caller is told of the failure
 */
public record ConsistencyPolicy(long stalenessNanos, boolean missWhenAway, boolean writtenThrough) {

  /** Versions are checked in each round trip, and a server that is away is a failure. */
  public static final ConsistencyPolicy STRICT = new ConsistencyPolicy(0, false, false);

  public ConsistencyPolicy {
    if (stalenessNanos < 0) {
      throw new IllegalArgumentException("The staleness is negative: " + stalenessNanos + " ns");
    }
  }

  /** Returns a policy; the one that most namespaces have is the same object for all. */
  public static ConsistencyPolicy of(Duration staleness, boolean missWhenAway) {
    return staleness.isZero() && !missWhenAway
        ? STRICT
        : new ConsistencyPolicy(staleness.toNanos(), missWhenAway, false);
  }

  /** Returns the policy of a cache that writes through, or doesn't. */
  public ConsistencyPolicy writtenThrough(boolean through) {
    return through == writtenThrough
        ? this
        : new ConsistencyPolicy(stalenessNanos, missWhenAway, through);
  }

  /** Returns whether versions are checked in each round trip. */
  public boolean isStrict() {
    return stalenessNanos == 0;
  }
}
