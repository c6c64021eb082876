// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads the error output of a process to its end and keeps the last part. Thread safe. */
final class ErrorOutput {

  private static final int KEPT = 8 * 1024;

  private final CountDownLatch complete = new CountDownLatch(1);
  private final StringBuilder text = new StringBuilder();

  /**
   * Starts reading on a thread of its own.
   *
   * @param atEnd called on that thread when the stream has ended, after {@link #isComplete} has
   *     become true
   */
  ErrorOutput(InputStream stream, Runnable atEnd) {
    Thread reader =
        new Thread(
            () -> {
              read(stream);
              complete.countDown();
              atEnd.run();
            },
            "memcached-stderr");
    reader.setDaemon(true);
    reader.start();
  }

  /** {@return whether the stream has ended} */
  boolean isComplete() {
    return complete.getCount() == 0;
  }

  /** Waits for the end of the stream and returns whether it came in time. */
  boolean await(Duration limit) throws InterruptedException {
    return complete.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** {@return the last 8 KiB, without white space around} */
  String text() {
    synchronized (text) {
      return text.toString().strip();
    }
  }

  private void read(InputStream stream) {
    byte[] buffer = new byte[1024];
    try {
      for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
        append(new String(buffer, 0, length, UTF_8));
      }
    } catch (IOException e) {
      append("\n(" + e.getMessage() + ")");
    }
  }

  private void append(String more) {
    synchronized (text) {
      text.append(more);
      text.delete(0, Math.max(0, text.length() - KEPT));
    }
  }
}
