package org.memjcache.internal.entry;

import org.memjcache.internal.codec.value.EncodedValue;

/** What an operation decided to do to an entry that it saw. Immutable. */
@SuppressWarnings("ClassInitializationDeadlock") // only this interface makes Nothing and Remove
public sealed interface Change {

  /** Leaves the entry alone. */
  Change NOTHING = new Nothing();

  /** Removes the entry. */
  Change REMOVE = new Remove();

  /** See {@link #NOTHING}. */
  record Nothing() implements Change {}

  /** See {@link #REMOVE}. */
  record Remove() implements Change {}

  /**
   * Stores a value.
   *
   * @param deadline until when, in milliseconds since 1970
   * @param inTime whether the deadline was ahead when this was decided; otherwise nothing is stored
   *     and what is there is removed
   */
  record Store(EncodedValue value, long deadline, boolean inTime) implements Change {}

  /**
   * Moves the deadline. If another process changes the entry meanwhile, its change stands and this
   * one is given up.
   *
   * @param deadline the new deadline, in milliseconds since 1970; one that is past removes the
   *     entry
   */
  record Touch(long deadline) implements Change {}

  /** Returns whether the older value must not be seen again, even if this change gets lost. */
  default boolean outdatesEntry() {
    return this instanceof Store || this instanceof Remove;
  }
}
