// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.time.Duration;

/** How a proxy misbehaves at present. Thread safe. */
final class Faults {

  private static final int NO_LIMIT = -1;

  private volatile long delayNanos;
  private volatile boolean blackhole;
  private int bytesBeforeCut = NO_LIMIT;

  void delay(Duration delay) {
    delayNanos = delay.toNanos();
  }

  long delayNanos() {
    return delayNanos;
  }

  void blackhole(boolean on) {
    blackhole = on;
  }

  boolean isBlackhole() {
    return blackhole;
  }

  synchronized void cutAfter(int bytes) {
    bytesBeforeCut = bytes;
  }

  /**
   * {@return how many of the next bytes of an answer may pass} If it is fewer than asked for, the
   * cut has been made: the connection has to be closed, and later answers pass again.
   */
  synchronized int allowed(int bytes) {
    if (bytesBeforeCut == NO_LIMIT) {
      return bytes;
    }
    if (bytesBeforeCut >= bytes) {
      bytesBeforeCut -= bytes;
      return bytes;
    }
    int allowed = bytesBeforeCut;
    bytesBeforeCut = NO_LIMIT;
    return allowed;
  }
}
