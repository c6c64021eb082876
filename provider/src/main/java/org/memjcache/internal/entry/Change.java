package org.memjcache.internal.entry;

import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.operation.EntryUpdate;

/** What a {@link EntryUpdate} decided to do to an entry. */
public sealed interface Change {

  /** Leave the entry alone. */
  record Nothing() implements Change {}

  /**
   * Store a value.
   *
   * @param payload the encoded value
   * @param deadline until when, in milliseconds since 1970
   * @param inTime whether the deadline was ahead when this was decided; otherwise nothing is stored
   *     and what is there is removed
   */
  record Write(EncodedValue payload, long deadline, boolean inTime) implements Change {}

  /**
   * Move the deadline. If another process changes the entry meanwhile, its change stands and this
   * one is given up.
   *
   * @param deadline the new deadline, in milliseconds since 1970; one that is past removes the
   *     entry
   */
  record Touch(long deadline) implements Change {}

  /** Remove the entry. */
  record Remove() implements Change {}

  /**
   * Returns true if an older value must not be seen any more, whatever keeps this from being done.
   */
  default boolean isOwed() {
    return this instanceof Write || this instanceof Remove;
  }

  /** Returns the change that leaves the entry alone. */
  static Change nothing() {
    return new Nothing();
  }

  /** Returns the change that removes the entry. */
  static Change remove() {
    return new Remove();
  }
}
