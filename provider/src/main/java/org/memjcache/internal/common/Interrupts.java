// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

/** Interrupts of threads that still have something to do for others. */
public final class Interrupts {

  private Interrupts() {}

  /**
   * Does what others wait for, also on a thread that was interrupted before; an interrupt that
   * comes meanwhile is heard. The thread is interrupted afterwards, too.
   */
  public static void putAside(Runnable work) {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
