// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

/** Why an entry was not found. */
public enum MissReason {
  /** It was never stored, or was removed or evicted: memcached doesn't tell which. */
  COLD,
  /** It was there, past its deadline. */
  PAST_DEADLINE,
  /** A level was cleared since this process last looked at the namespace. */
  CLEARED,
  /** The version of a level was evicted, or its server came back empty or with old memory. */
  VERSION_LOST,
  /** Something was there that is not an entry: damaged, foreign, or of an unknown format. */
  DAMAGED,
  /** An entry was there whose value this process can't read, such as one of another release. */
  UNREADABLE,
  /** An entry was there whose value is not of the cache's type. */
  FOREIGN_TYPE,
  /** Something was there that was not signed with a secret of this manager. */
  FORGED,
  /** A server that was needed is away, and the failure mode is to miss. */
  SERVER_AWAY
}
