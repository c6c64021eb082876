// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Tells whether the machine has other things to do. */
final class OtherPrograms {

  private static final long PAUSE_MILLIS = 200;

  /** How often to pause until the machine rests. If it doesn't, that is in the report. */
  private static final int MOST_PAUSES = 30;

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /**
   * Waits for a moment, in which no contestant is asked for anything, and returns how busy the
   * processors were with programs that have nothing to do with the benchmarks. What contestants and
   * servers do by themselves isn't counted: they would do it beside any application.
   */
  double share() {
    Duration before = ofBenchmarks();
    long start = System.nanoTime();
    double all = load();
    double elapsed = System.nanoTime() - start;
    double own = ofBenchmarks().minus(before).toNanos() / elapsed / system.getAvailableProcessors();
    return Math.max(0, all - own);
  }

  /**
   * Waits until the machine rests while no contestant is asked for anything, but not for ever: what
   * they have just done is still being compiled.
   */
  void awaitRest() {
    int pauses = 0;
    while (load() >= Results.BUSY && pauses < MOST_PAUSES) {
      pauses++;
    }
  }

  /** Waits for a moment and returns how busy the processors were with everything. */
  private double load() {
    system.getCpuLoad(); // the next one is about the time from here on
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
    return system.getCpuLoad();
  }

  /** Returns how much of the processors' time this JVM and all that it has started have taken. */
  private Duration ofBenchmarks() {
    return ProcessHandle.current()
        .descendants()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ofNanos(system.getProcessCpuTime()), Duration::plus);
  }
}
