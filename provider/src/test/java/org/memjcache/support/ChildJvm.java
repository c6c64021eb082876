// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A second JVM on the class path of the tests, with a program that answers each line of its
 * standard input with a line of its standard output. Closing this ends the JVM.
 */
public final class ChildJvm implements AutoCloseable {

  /** For a JVM that lives for seconds: no second compiler, and no threads for its small heap. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Duration timeout;
  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  private ChildJvm(Duration timeout, Process process) {
    this.timeout = timeout;
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Returns the command that runs a program, for tests that start the process themselves. */
  public static ProcessBuilder command(
      List<String> jvmOptions, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
    command.addAll(SHORT_LIVED);
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /**
   * Starts a program.
   *
   * @param timeout how long an answer may take
   */
  public static ChildJvm start(
      Duration timeout, List<String> jvmOptions, Class<?> program, String... arguments) {
    try {
      return new ChildJvm(
          timeout,
          command(jvmOptions, program, arguments)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives an order and returns the answer. */
  public String ask(String order) {
    begin(order);
    return answer();
  }

  /** Gives an order. */
  public void begin(String order) {
    try {
      orders.write(order);
      orders.newLine();
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the answer to the order that was given. */
  public String answer() {
    CompletableFuture<String> line = OwnThread.supply(this::readLine);
    try {
      String answer = line.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null || answer.startsWith("FAILED")) {
        throw new AssertionError("The other JVM answered: " + answer);
      }
      return answer;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("The other JVM did not answer", e);
    }
  }

  private String readLine() {
    try {
      return answers.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
