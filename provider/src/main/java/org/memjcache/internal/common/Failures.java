// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The failures of an operation that goes on after each of them.
 *
 * <p>The first one speaks for all and carries the others as suppressed; an {@link Error} goes
 * before exceptions. Not thread-safe.
 */
public final class Failures {
  private @Nullable Throwable first;

  /**
   * Does something for each of them, whatever is thrown for another, which is thrown at the end.
   */
  public static <T> void forEach(Iterable<? extends T> all, Consumer<? super T> action) {
    Failures failures = new Failures();
    for (T each : all) {
      try {
        action.accept(each);
      } catch (RuntimeException e) {
        failures.add(e);
      } catch (Error e) {
        failures.add(e);
      }
    }
    failures.throwIfAny();
  }

  public void add(RuntimeException failure) {
    if (first == null) {
      first = failure;
    } else {
      suppress(first, failure);
    }
  }

  public void add(Error failure) {
    if (first instanceof Error earlier) {
      suppress(earlier, failure);
    } else {
      if (first != null) {
        suppress(failure, first);
      }
      first = failure;
    }
  }

  /** Returns the failure that speaks for all, or null if there was none. */
  public @Nullable Throwable get() {
    return first;
  }

  /** Throws the failure that speaks for all, if there was one. */
  public void throwIfAny() {
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** An application may throw one and the same object again and again. */
  private static void suppress(Throwable thrown, Throwable other) {
    if (thrown != other) {
      thrown.addSuppressed(other);
    }
  }
}
