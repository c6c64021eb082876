// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that dies with this JVM, however the JVM dies.
 *
 * <p>Between the JVM and the process stands a shell. It starts the process, says its id, and then
 * reads its standard input, a pipe whose other end only the JVM holds. When the JVM closes the pipe
 * or is gone, the shell reads the end of the file and kills the process with SIGKILL, which a
 * stopped process can't escape either. As the shell is the process's parent, the id it signals
 * can't have passed to another process.
 *
 * <p>Needs a POSIX shell {@code sh}. Thread safe.
 */
public final class GuardedProcess {

  /** Runs its arguments as the guarded process and obeys signal names, one a line, until EOF. */
  private static final String GUARD =
      """
      trap '' HUP INT QUIT TERM
      "$@" </dev/null >&2 &
      pid=$!
      exec 2>/dev/null
      echo "$pid"
      while read -r signal; do
        kill -s "$signal" "$pid"
        echo "$signal"
      done
      kill -s KILL "$pid"
      wait "$pid"
      exit 0
      """;

  private static final Duration DEATH = Duration.ofMinutes(1); // a machine may be very busy

  private final Process guard;
  private final OutputStream toGuard;
  private final BufferedReader fromGuard;
  private final long pid;
  private final ErrorOutput errors;

  private GuardedProcess(Process guard) throws IOException {
    this.guard = guard;
    this.toGuard = guard.getOutputStream();
    this.fromGuard = guard.inputReader(UTF_8);
    String firstLine = fromGuard.readLine();
    if (firstLine == null) {
      throw new IOException("sh ended without starting the process");
    }
    this.pid = Long.parseLong(firstLine);
    // The process holds the only writing end of this pipe: its end is the process's end.
    this.errors = new ErrorOutput(guard.getErrorStream(), this::letGuardEnd);
  }

  /**
   * Starts a process. That the command exists is only seen by the process ending at once.
   *
   * @param command executable and arguments
   * @param environment variables to add to those of this JVM
   * @return the process
   * @throws IOException if there is no shell or it fails
   */
  public static GuardedProcess start(List<String> command, Map<String, String> environment)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("sh", "-c", GUARD, "memjcache-guard"));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C");
    Process guard = builder.start();
    try {
      GuardedProcess process = new GuardedProcess(guard);
      LiveProcesses.add(process);
      if (!process.isAlive()) {
        LiveProcesses.remove(process);
      }
      return process;
    } catch (IOException | RuntimeException e) {
      guard.getOutputStream().close();
      throw e;
    }
  }

  /** {@return the id of the process itself} */
  public long pid() {
    return pid;
  }

  /** {@return whether the process exists, stopped or not} */
  public boolean isAlive() {
    return !errors.isComplete();
  }

  /** {@return the end of what the process has written to its outputs} */
  public String errors() {
    return errors.text();
  }

  /**
   * Sends a signal to the process.
   *
   * @param signal a name as {@code kill -s} takes it
   * @throws IOException if the process is gone
   */
  synchronized void signal(String signal) throws IOException {
    toGuard.write((signal + "\n").getBytes(UTF_8));
    toGuard.flush();
    if (fromGuard.readLine() == null) {
      throw new IOException("process %d is gone".formatted(pid));
    }
  }

  /** Kills the process and returns when it is gone. Not disturbed by interrupts. */
  public void destroy() {
    letGuardEnd();
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          awaitEnd();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Makes the guard kill the process, without waiting. */
  synchronized void letGuardEnd() {
    LiveProcesses.remove(this);
    try {
      toGuard.close();
    } catch (IOException guardIsGone) {
      // Then it has nothing to be told.
    }
  }

  private void awaitEnd() throws InterruptedException {
    boolean guardEnded = guard.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
    if (guardEnded && guard.exitValue() != 0) {
      // Somebody has killed the guard alone. The end of the pipe says nothing then: with the guard,
      // Java closes its side of it.
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    if (!guardEnded || !errors.await(DEATH)) {
      throw new IllegalStateException(
          "the process with id %d is still there %s after SIGKILL".formatted(pid, DEATH));
    }
  }
}
