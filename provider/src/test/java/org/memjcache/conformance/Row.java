// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

/**
 * One row of the table.
 *
 * @param situation the configuration of the cache
 * @param operation the name of what is done
 * @param presence what is under the key, or that there are several
 */
record Row(Situation situation, String operation, String presence) {

  /** What a row of keys of all kinds has as its presence. */
  static final String SEVERAL = "several";

  /** Returns whether the operation's name matches a regular expression. */
  boolean isAny(String operations) {
    return operation.matches(operations);
  }

  /** Returns whether it is about keys of all kinds. */
  boolean isOfSeveral() {
    return presence.equals(SEVERAL);
  }

  /** Returns whether it is about one key of this kind. */
  boolean isOf(Presence one) {
    return presence.equals(one.name());
  }

  @Override
  public String toString() {
    return operation + " of " + presence + ", " + situation;
  }
}
