package org.memjcache.internal.operation;

import java.util.Objects;

/** Compares values by what they say: arrays by their elements, as store by value wants it. */
final class Values {

  private Values() {}

  static boolean equal(Object expected, Object found) {
    return Objects.deepEquals(expected, found);
  }
}
