// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

/** What the process ends with, for scripts. */
public final class ExitCode {

  /** Done. */
  public static final int DONE = 0;

  /** Something failed, such as a server that is away; the error names it. */
  public static final int FAILED = 1;

  /** The command line, an option or the URI is wrong. Nothing was done. */
  public static final int USAGE = 2;

  /** The answer is no: no such entry or level, not confirmed, or {@code doctor} has findings. */
  public static final int NO = 3;

  private ExitCode() {}
}
