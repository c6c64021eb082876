// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

/** Throws what the compiler wouldn't let pass, as code in other languages may. */
final class UncheckedThrow {
  private UncheckedThrow() {}

  static RuntimeException thrown(Throwable failure) {
    UncheckedThrow.<RuntimeException>doThrow(failure);
    throw new AssertionError("not reached");
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void doThrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
