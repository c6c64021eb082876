// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import org.memjcache.internal.codec.value.EncodedValue;

/** What an operation decided to do to an entry that it saw. Immutable. */
public sealed interface Change {

  /** The changes that need nothing but the entry. */
  enum Simple implements Change {
    KEEP,
    REMOVE
  }

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
   * one is given up; an entry that has expired meanwhile is removed.
   *
   * @param deadline the new deadline, in milliseconds since 1970; one that is past removes the
   *     entry
   */
  record Touch(long deadline) implements Change {}

  /** Returns whether the older value must not be seen again, even if this change gets lost. */
  default boolean outdatesEntry() {
    return this instanceof Store || this == Simple.REMOVE;
  }
}
