// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestFailedException;

/** Why a level is to be cleared, and how it went so far. Thread-safe. */
final class PendingClear {

  /**
   * How the server failed when it was last asked. No exception: its stack trace would keep the
   * classes of an application that was undeployed.
   */
  record Failure(RequestFailedException.Kind kind, @Nullable String message, long at) {}

  final Level level;

  /** How many changes were lost. */
  final AtomicInteger changes = new AtomicInteger();

  /** One thread clears at a time: a second clear would take what was stored after the first. */
  final ReentrantLock clearing = new ReentrantLock();

  /** Guarded by {@link #clearing}. */
  @Nullable Failure lastFailure;

  /** Whose client the clearing thread uses, if it is open or another equal one is. */
  volatile @Nullable SharedCluster cluster;

  PendingClear(Level level) {
    this.level = level;
  }
}
