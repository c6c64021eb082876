// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is logged: the standard error stream of this process, while something runs. */
public final class Log {

  private Log() {}

  /** Runs something and returns what was logged meanwhile, by any thread. */
  public static String of(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }
}
