// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
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
      failures.attempt(() -> action.accept(each));
    }
    failures.throwIfAny();
  }

  /**
   * Does one thing after the other, whatever the first one throws, which is thrown at the end.
   *
   * @param second is told whether the first one failed
   */
  public static void runBoth(Runnable first, Consumer<Boolean> second) {
    Failures failures = new Failures();
    failures.attempt(first);
    boolean failed = failures.first != null;
    failures.attempt(() -> second.accept(failed));
    failures.throwIfAny();
  }

  /** Returns a failure and its causes, each of them once: they may form a circle. */
  public static List<Throwable> causes(@Nullable Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
      causes.add(each);
    }
    return causes;
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      add(e);
    } catch (Error e) {
      add(e);
    }
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
