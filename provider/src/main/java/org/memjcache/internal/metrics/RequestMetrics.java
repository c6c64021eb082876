package org.memjcache.internal.metrics;

/**
 * What the operations of one cache cost in this process, and what came in their way. Nothing is
 * counted while it is disabled, which it is at first; disabling keeps the counts.
 *
 * <p>Thread-safe; counting never blocks.
 */
public final class RequestMetrics extends Counters<RequestMetrics.Kind> {

  enum Kind {
    ROUND_TRIPS,
    BYTES_READ,
    BYTES_WRITTEN,
    ERRORS,
    TIMEOUTS,
    VERSION_CHANGES,
    CONFLICTS
  }

  private volatile boolean enabled;

  public RequestMetrics() {
    super(Kind.class);
  }

  /**
   * Starts or stops counting.
   *
   * @param enabled whether to count
   */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Returns whether anything is counted. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Counts a round trip, answered or not. */
  public void roundTrip() {
    count(Kind.ROUND_TRIPS, 1);
  }

  /** Counts what a round trip brought and took, in bytes of items. */
  public void moved(long read, long written) {
    count(Kind.BYTES_READ, read);
    count(Kind.BYTES_WRITTEN, written);
  }

  /** Counts a round trip that failed. */
  public void failed(boolean timeout) {
    count(Kind.ERRORS, 1);
    if (timeout) {
      count(Kind.TIMEOUTS, 1);
    }
  }

  /** Counts a value that a server would not take. */
  public void refused() {
    count(Kind.ERRORS, 1);
  }

  /** Counts a round trip that found a version changed, so that it has to be made again. */
  public void versionChanged() {
    count(Kind.VERSION_CHANGES, 1);
  }

  /** Counts a change that has to be made again, because somebody else changed the entry first. */
  public void conflict() {
    count(Kind.CONFLICTS, 1);
  }

  private void count(Kind kind, long number) {
    if (enabled) {
      add(kind, number);
    }
  }

  /**
   * Returns the round trips. A request to several servers at once is one. What it takes to create a
   * lost version, to push one forward and to list the keys of a server isn't counted.
   *
   * @return the count
   */
  public long roundTrips() {
    return sum(Kind.ROUND_TRIPS);
  }

  /**
   * Returns how much was read.
   *
   * @return bytes of entries as memcached keeps them, without keys and versions
   */
  public long bytesRead() {
    return sum(Kind.BYTES_READ);
  }

  /**
   * Returns how much was sent to be stored.
   *
   * @return bytes of entries as memcached keeps them, without keys
   */
  public long bytesWritten() {
    return sum(Kind.BYTES_WRITTEN);
  }

  /**
   * Returns the failures: a server was away, didn't answer in time, answered with an error, or
   * would not take a value. With {@code failure=miss}, those that operations went on without are
   * among them.
   *
   * @return the count
   */
  public long errors() {
    return sum(Kind.ERRORS);
  }

  /**
   * Returns those of the errors that were no answer in time.
   *
   * @return the count
   */
  public long timeouts() {
    return sum(Kind.TIMEOUTS);
  }

  /**
   * Returns the round trips that were made again under newer versions, because somebody had cleared
   * a level or its version was lost.
   *
   * @return the count
   */
  public long versionChanges() {
    return sum(Kind.VERSION_CHANGES);
  }

  /**
   * Returns the changes of entries that were decided and made again, because somebody else had
   * changed the entry first.
   *
   * @return the count
   */
  public long conflicts() {
    return sum(Kind.CONFLICTS);
  }
}
