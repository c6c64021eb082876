package org.memjcache.internal.entry;

import org.jspecify.annotations.Nullable;

/** The failures of an operation on many entries, which goes on with the others. Not thread-safe. */
public final class Failures {

  private @Nullable RuntimeException first;

  public void add(RuntimeException failure) {
    if (first == null) {
      first = failure;
    } else {
      first.addSuppressed(failure);
    }
  }

  /** Throws the first failure, with the others suppressed, if there was any. */
  public void throwIfAny() {
    if (first != null) {
      throw first;
    }
  }
}
