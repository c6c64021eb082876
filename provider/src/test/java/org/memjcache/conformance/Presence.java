// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

/** What the cache has under a key before an operation. Keys end with the name of it. */
enum Presence {
  ABSENT,
  PRESENT,
  /** There was an entry; its deadline is past. */
  DEAD;

  String key(int row) {
    return row + " " + this;
  }

  boolean isOf(String key) {
    return key.endsWith(" " + this);
  }

  static Presence of(String key) {
    return valueOf(key.substring(key.lastIndexOf(' ') + 1));
  }
}
