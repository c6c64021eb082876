package org.memjcache.namespace;

import org.memjcache.store.StoreException;

/**
 * What the operations of one cache cost in this process, and what came in their way. Nothing is
 * counted while it is disabled, which it is at first; disabling keeps the counts.
 *
 * <p>Thread-safe; counting never blocks.
 */
public final class Traffic {

  private enum Kind {
    ROUND_TRIPS,
    BYTES_READ,
    BYTES_WRITTEN,
    ERRORS,
    TIMEOUTS,
    VERSION_CHANGES,
    CONFLICTS
  }

  private final Counters<Kind> counters = new Counters<>(Kind.class);
  private volatile boolean enabled;

  Traffic() {}

  /**
   * Starts or stops counting.
   *
   * @param enabled whether to count
   */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Returns whether anything is counted. */
  boolean isEnabled() {
    return enabled;
  }

  /** Counts a round trip, answered or not. */
  void roundTrip() {
    add(Kind.ROUND_TRIPS, 1);
  }

  /** Counts what a round trip brought and took, in bytes of items. */
  void moved(long read, long written) {
    add(Kind.BYTES_READ, read);
    add(Kind.BYTES_WRITTEN, written);
  }

  /** Counts a round trip that failed. */
  void failed(StoreException failure) {
    add(Kind.ERRORS, 1);
    if (failure.kind() == StoreException.Kind.TIMEOUT) {
      add(Kind.TIMEOUTS, 1);
    }
  }

  /** Counts a value that a server would not take. */
  public void refused() {
    add(Kind.ERRORS, 1);
  }

  /** Counts a round trip that found a version changed, so that it has to be made again. */
  void versionChanged() {
    add(Kind.VERSION_CHANGES, 1);
  }

  /** Counts a change that has to be made again, because somebody else changed the entry first. */
  public void conflict() {
    add(Kind.CONFLICTS, 1);
  }

  private void add(Kind kind, long count) {
    if (enabled) {
      counters.add(kind, count);
    }
  }

  /**
   * Returns the round trips. A request to several servers at once is one. What it takes to create a
   * lost version, to push one forward and to list the keys of a server isn't counted.
   *
   * @return the count
   */
  public long roundTrips() {
    return counters.sum(Kind.ROUND_TRIPS);
  }

  /**
   * Returns how much was read.
   *
   * @return bytes of entries as memcached keeps them, without keys and versions
   */
  public long bytesRead() {
    return counters.sum(Kind.BYTES_READ);
  }

  /**
   * Returns how much was sent to be stored.
   *
   * @return bytes of entries as memcached keeps them, without keys
   */
  public long bytesWritten() {
    return counters.sum(Kind.BYTES_WRITTEN);
  }

  /**
   * Returns the failures: a server was away, didn't answer in time, answered with an error, or
   * would not take a value. With {@code failure=miss}, those that operations went on without are
   * among them.
   *
   * @return the count
   */
  public long errors() {
    return counters.sum(Kind.ERRORS);
  }

  /**
   * Returns those of the errors that were no answer in time.
   *
   * @return the count
   */
  public long timeouts() {
    return counters.sum(Kind.TIMEOUTS);
  }

  /**
   * Returns the round trips that were made again under newer versions, because somebody had cleared
   * a level or its version was lost.
   *
   * @return the count
   */
  public long versionChanges() {
    return counters.sum(Kind.VERSION_CHANGES);
  }

  /**
   * Returns the changes of entries that were decided and made again, because somebody else had
   * changed the entry first.
   *
   * @return the count
   */
  public long conflicts() {
    return counters.sum(Kind.CONFLICTS);
  }
}
