// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does what an interrupt must not end. A thread that is interrupted commits its transaction all the
 * same, and an older entry would stay in place of what it has changed. Nothing here waits for
 * longer than the option {@code timeout}. Stateless.
 */
final class Uninterrupted {

  private Uninterrupted() {}

  /** Returns what an operation returns; the thread is interrupted afterwards if it was before. */
  static <T> @Nullable T call(Supplier<@Nullable T> operation) {
    boolean isInterrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return operation.get();
        } catch (RuntimeException e) {
          if (!Thread.interrupted()) {
            throw e;
          }
          isInterrupted = true; // while it waited: again
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Does the same with an operation that returns nothing. */
  static void run(Runnable operation) {
    call(
        () -> {
          operation.run();
          return true;
        });
  }
}
