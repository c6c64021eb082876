package org.memjcache.internal.event;

import org.jspecify.annotations.Nullable;

/**
 * What listeners and filters threw while one operation's events were delivered.
 *
 * <p>The first one speaks for all and carries the others as suppressed; an {@link Error} goes
 * before exceptions. Not safe for use by several threads.
 */
final class ListenerFailures {
  private @Nullable Throwable first;

  void add(RuntimeException failure) {
    if (first == null) {
      first = failure;
    } else {
      suppress(first, failure);
    }
  }

  void add(Error failure) {
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
  @Nullable Throwable get() {
    return first;
  }

  /** Throws the failure that speaks for all, if there was one. */
  void throwIfAny() {
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
