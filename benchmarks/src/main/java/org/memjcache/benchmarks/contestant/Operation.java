package org.memjcache.benchmarks.contestant;

/** What is measured. */
public enum Operation {
  /** {@code get} of entries that are there. */
  GET("get"),
  /** {@code get} of entries that aren't there. */
  GET_MISS("get, missing"),
  /** {@code put} over entries that are there, none of which anybody looks at. */
  PUT("put"),
  /** Nine gets to one put. */
  MIXED("get and put, 90:10"),
  /** {@code putIfAbsent} of entries that aren't there. */
  PUT_IF_ABSENT("putIfAbsent"),
  /** An entry processor that adds one to one of 1,000 numbers. */
  INVOKE("invoke"),
  /** {@code getAll} of 100 entries that are there. */
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
   * Returns what people call it.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }
}
