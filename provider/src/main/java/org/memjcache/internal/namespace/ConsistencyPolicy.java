package org.memjcache.internal.namespace;

import java.time.Duration;

/**
 * How a namespace is used: how fresh its versions must be, and what happens while a server is away.
 *
 * @param staleness how old a version may be that an attempt relies on; zero: it is checked in the
 *     attempt's own round trip
 * @param missWhenAway whether attempts go on without the servers that are away, instead of failing
 */
public record ConsistencyPolicy(Duration staleness, boolean missWhenAway) {

  /** Versions are checked in each round trip, and a server that is away is a failure. */
  public static final ConsistencyPolicy STRICT = new ConsistencyPolicy(Duration.ZERO, false);

  /**
   * Checks the staleness.
   *
   * @param staleness zero or more
   * @param missWhenAway any
   */
  public ConsistencyPolicy {
    if (staleness.isNegative()) {
      throw new IllegalArgumentException("The staleness is negative: " + staleness);
    }
  }

  /**
   * Returns rules; those that most namespaces have are the same object for all.
   *
   * @param staleness zero or more
   * @param missWhenAway any
   * @return the rules
   */
  public static ConsistencyPolicy of(Duration staleness, boolean missWhenAway) {
    return staleness.isZero() && !missWhenAway
        ? STRICT
        : new ConsistencyPolicy(staleness, missWhenAway);
  }
}
