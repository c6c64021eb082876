// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

/** One of the ways to get a memcached. */
interface Way {

  /** {@return what the way is, to be read by the user} */
  String name();

  /**
   * {@return the origin of servers}
   *
   * @throws NotTakenException if the way doesn't lead anywhere on this machine
   * @throws IllegalArgumentException if the user has asked for this way in words that make no sense
   */
  Origin take() throws NotTakenException;
}
