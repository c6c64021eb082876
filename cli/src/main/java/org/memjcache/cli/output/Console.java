// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.output;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.ErrorText;

/**
 * Where commands print to: results to standard output, all else to standard error, so that the
 * former can be piped. Not thread-safe.
 */
public final class Console {

  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final @Nullable BufferedReader terminal;
  private boolean quiet;
  private boolean hasProgress;

  /**
   * Creates a console.
   *
   * @param terminal where answers of a person come from; null if nobody sits there
   */
  public Console(PrintWriter out, PrintWriter err, @Nullable BufferedReader terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Leaves out notes and progress from now on. */
  public void beQuiet() {
    quiet = true;
  }

  /** Returns where results go. */
  public PrintWriter out() {
    endProgress();
    return out;
  }

  /** Returns where errors go. */
  public PrintWriter err() {
    endProgress();
    return err;
  }

  /** Says what failed. */
  public void error(String text) {
    err().println("memjcache: " + ErrorText.message(text));
    err.flush();
  }

  /** Returns whether a person sits at a terminal. */
  public boolean isTerminal() {
    return terminal != null;
  }

  /** Says something that isn't a result, unless this is quiet. */
  public void note(String text) {
    if (!quiet) {
      err().println(ErrorText.escape(text));
      err.flush();
    }
  }

  /** Shows how far something is, on a terminal, in place of what was shown before. */
  public void progress(String text) {
    if (terminal != null && !quiet) {
      err.print(CLEAR_LINE + ErrorText.escape(text));
      err.flush();
      hasProgress = true;
    }
  }

  private void endProgress() {
    if (hasProgress) {
      hasProgress = false;
      err.print(CLEAR_LINE);
      err.flush();
    }
  }

  /** Returns whether the person at the terminal says yes; false if nobody sits there. */
  public boolean confirms(String question) {
    if (terminal == null) {
      return false;
    }
    err().print(ErrorText.escape(question) + " [y/N] ");
    err.flush();
    try {
      String answer = terminal.readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
