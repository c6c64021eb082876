// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

/**
 * Makes sure that a thread has some stack left before it touches what all threads share.
 *
 * <p>A {@link StackOverflowError} can strike at any call, also between two steps that belong
 * together, and in the middle of the initialization of a class, which is never tried again. An
 * application that recurs without end, through a loader that asks its own cache for instance, would
 * so leave a connection that nobody writes to any more, or, while it ends that connection, the lock
 * of an executor that all servers need. Here the error comes before that. It costs about a quarter
 * of a microsecond.
 */
public final class StackReserve {

  /** Frames of 200 bytes or more, 10 kB together: twice what it takes to hand over a command. */
  private static final int FRAMES = 48;

  private static final long[] ZEROS = new long[16];

  private StackReserve() {}

  /**
   * Uses the stack and gives it back.
   *
   * @throws StackOverflowError if there isn't so much of it
   */
  public static void require() {
    if (use(FRAMES) != 0) {
      throw new AssertionError("zeros add up to zero");
    }
  }

  /** Reads before it calls itself what it needs afterwards, so that it has to be in its frame. */
  private static long use(int frames) {
    long[] zeros = ZEROS;
    long a = zeros[0];
    long b = zeros[1];
    long c = zeros[2];
    long d = zeros[3];
    long e = zeros[4];
    long f = zeros[5];
    long g = zeros[6];
    long h = zeros[7];
    long i = zeros[8];
    long j = zeros[9];
    long k = zeros[10];
    long l = zeros[11];
    long m = zeros[12];
    long n = zeros[13];
    long o = zeros[14];
    long p = zeros[15];
    long below = frames == 0 ? 0 : use(frames - 1);
    return below + a * b + c * d + e * f + g * h + i * j + k * l + m * n + o * p;
  }
}
