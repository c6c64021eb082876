package org.memjcache.namespace;

import java.util.concurrent.atomic.LongAdder;
import org.memjcache.store.StoreException;

/**
 * What the operations of one cache cost in this process, and what came in their way. Nothing is
 * counted while it is disabled, which it is at first; disabling keeps the counts.
 *
 * <p>Thread-safe; counting never blocks.
 */
public final class Traffic {

  private final LongAdder roundTrips = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder versionChanges = new LongAdder();
  private final LongAdder conflicts = new LongAdder();
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
    add(roundTrips, 1);
  }

  /** Counts what a round trip brought and took, in bytes of items. */
  void moved(long read, long written) {
    add(bytesRead, read);
    add(bytesWritten, written);
  }

  /** Counts a round trip that failed. */
  void failed(StoreException failure) {
    add(errors, 1);
    if (failure.kind() == StoreException.Kind.TIMEOUT) {
      add(timeouts, 1);
    }
  }

  /** Counts a value that a server would not take. */
  public void refused() {
    add(errors, 1);
  }

  /** Counts a round trip that found a version changed, so that it has to be made again. */
  void versionChanged() {
    add(versionChanges, 1);
  }

  /** Counts a change that has to be made again, because somebody else changed the entry first. */
  public void conflict() {
    add(conflicts, 1);
  }

  private void add(LongAdder counter, long count) {
    if (enabled) {
      counter.add(count);
    }
  }

  /**
   * Returns the round trips. A request to several servers at once is one. What it takes to create a
   * lost version, to push one forward and to list the keys of a server isn't counted.
   *
   * @return the count
   */
  public long roundTrips() {
    return roundTrips.sum();
  }

  /**
   * Returns how much was read.
   *
   * @return bytes of entries as memcached keeps them, without keys and versions
   */
  public long bytesRead() {
    return bytesRead.sum();
  }

  /**
   * Returns how much was sent to be stored.
   *
   * @return bytes of entries as memcached keeps them, without keys
   */
  public long bytesWritten() {
    return bytesWritten.sum();
  }

  /**
   * Returns the failures: a server was away, didn't answer in time, answered with an error, or
   * would not take a value. With {@code failure=miss}, those that operations went on without are
   * among them.
   *
   * @return the count
   */
  public long errors() {
    return errors.sum();
  }

  /**
   * Returns those of the errors that were no answer in time.
   *
   * @return the count
   */
  public long timeouts() {
    return timeouts.sum();
  }

  /**
   * Returns the round trips that were made again under newer versions, because somebody had cleared
   * a level or its version was lost.
   *
   * @return the count
   */
  public long versionChanges() {
    return versionChanges.sum();
  }

  /**
   * Returns the changes of entries that were decided and made again, because somebody else had
   * changed the entry first.
   *
   * @return the count
   */
  public long conflicts() {
    return conflicts.sum();
  }
}
