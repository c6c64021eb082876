// SPDX-License-Identifier: Apache-2.0
package org.memjcache.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the work on one hostile input may cost: no input of a few bytes may keep a thread busy, or
 * make it allocate what a length field claims.
 */
public final class Budget {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Far above what it takes, instrumented code and a busy machine included. */
  private static final Duration TIME = Duration.ofSeconds(5);

  /** Jazzer's hooks take forty times what the code does: 20 MB for a URI that needs 0.6 MB. */
  private static final long MEMORY = 64 << 20;

  private static final long MEMORY_FOR_EACH_BYTE = 4096;

  private Budget() {}

  /**
   * Does the work; once more if it took too much, because the first time classes are loaded.
   *
   * @param input what it is about
   * @param work handles all exceptions that are documented, and can be done again
   * @throws AssertionError if it took too much processor time or memory
   */
  public static void check(byte[] input, Runnable work) {
    if (excess(input, work) != null) {
      String excess = excess(input, work);
      if (excess != null) {
        throw new AssertionError(excess + " for " + input.length + " bytes");
      }
    }
  }

  private static @Nullable String excess(byte[] input, Runnable work) {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long worked = THREADS.getCurrentThreadCpuTime();
    work.run();
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    worked = THREADS.getCurrentThreadCpuTime() - worked;
    if (worked > TIME.toNanos()) {
      return worked / 1_000_000 + " ms";
    }
    return allocated > MEMORY + MEMORY_FOR_EACH_BYTE * input.length
        ? allocated + " bytes allocated"
        : null;
  }
}
