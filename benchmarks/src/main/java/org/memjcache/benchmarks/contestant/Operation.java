// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

/** What is measured. */
public enum Operation {
  /** {@code get} of existing entries. */
  GET("get"),
  /** {@code get} of existing entries, some much more often than others: zipf(0.99). */
  GET_ZIPF("get, zipf(0.99)"),
  /** {@code get} of missing entries. */
  GET_MISS("get, missing"),
  /** {@code put} over existing entries, where nothing needs the old value. */
  PUT("put"),
  /** Nine gets to one put. */
  MIXED("get and put, 90:10"),
  /** {@code putIfAbsent} of missing entries. */
  PUT_IF_ABSENT("putIfAbsent"),
  /** An entry processor that adds one to one of 1,000 numbers. */
  INVOKE("invoke"),
  /** {@code getAll} of 100 existing entries. */
  GET_ALL("getAll of 100"),
  /** {@code putAll} of 100 entries. */
  PUT_ALL("putAll of 100"),
  /** {@code clear}. */
  CLEAR("clear"),
  /** {@code removeAll()}. */
  REMOVE_ALL("removeAll"),
  /** A walk over all entries. */
  ITERATE("iterate");

  /** How many entries the operations on many take at once. */
  public static final int BATCH = 100;

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  /**
   * Returns its name in reports.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }
}
