// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

/** What happens to the servers. */
enum Fault {
  /** A server dies, and comes back empty after a while. */
  KILL,
  /** A server is gone for a moment and comes back empty. */
  RESTART,
  /** A server says nothing for a while, then goes on with what it held and was sent. */
  PAUSE,
  /** A server gets so much to hold that it drops what it held. */
  EVICT,
  /** Somebody deletes a version. */
  DELETE_VERSION,
  /** Somebody sets a version to a lower number that was never in use. */
  LOWER_VERSION,
  /** Somebody sets a version to a number that was in use before. */
  OLD_VERSION
}
