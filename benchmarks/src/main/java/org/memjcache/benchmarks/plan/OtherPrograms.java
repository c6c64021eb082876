// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Tells whether the machine has other things to do. */
final class OtherPrograms {

  private static final long PAUSE_MILLIS = 200;

  /** How often to pause until the machine rests. If it doesn't, that is in the report. */
  private static final int MOST_PAUSES = 30;

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Waits for a moment, in which no contestant does anything, and returns how busy it was. */
  double share() {
    system.getCpuLoad(); // the next one is about the time from here on
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
    return system.getCpuLoad();
  }

  /** Waits until the machine rests while no contestant does anything, but not for ever. */
  void awaitRest() {
    int pauses = 0;
    while (share() >= Results.BUSY && pauses < MOST_PAUSES) {
      pauses++;
    }
  }
}
