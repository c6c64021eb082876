// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a short-lived command of the operating system to its end, for at most some time. */
public final class Command {

  private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

  private final List<String> words;
  private final ProcessBuilder builder;
  private byte[] input = {};

  private Command(List<String> words) {
    this.words = words;
    this.builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
  }

  /**
   * {@return a command made of the executable and its arguments}
   *
   * @param words executable and arguments
   */
  public static Command of(List<String> words) {
    return new Command(List.copyOf(words));
  }

  /**
   * {@return a command made of the executable and its arguments}
   *
   * @param words executable and arguments
   */
  public static Command of(String... words) {
    return of(List.of(words));
  }

  /**
   * Lets the command run in a folder.
   *
   * @param folder its working folder
   * @return this command
   */
  public Command in(Path folder) {
    builder.directory(folder.toFile());
    return this;
  }

  /**
   * Adds to the environment variables, or replaces some.
   *
   * @param variables names and values
   * @return this command
   */
  public Command with(Map<String, String> variables) {
    builder.environment().putAll(variables);
    return this;
  }

  /**
   * Gives the command something to read on its standard input.
   *
   * @param bytes what it reads; not copied
   * @return this command
   */
  public Command input(byte[] bytes) {
    input = bytes;
    return this;
  }

  /**
   * Runs the command to its end.
   *
   * @param limit the longest it may take
   * @return what it wrote to standard output and standard error
   * @throws IOException if it can't be started, takes longer, or ends with another status than 0;
   *     the message names the command and quotes the end of its output
   */
  public String run(Duration limit) throws IOException {
    Process process = builder.start();
    try {
      try (OutputStream in = process.getOutputStream()) {
        in.write(input);
      }
      FutureTask<String> output = new FutureTask<>(() -> readAll(process));
      Thread reader = new Thread(output, "read " + words.get(0));
      reader.setDaemon(true);
      reader.start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("%s: not done after %s".formatted(this, limit));
      }
      String text = output.get(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s: exit status %d: %s".formatted(this, process.exitValue(), end(text)));
      }
      return text;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(this + ": output not readable", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(this + ": interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }

  private static String readAll(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  private static String end(String output) {
    List<String> lines = output.strip().lines().toList();
    return String.join("; ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }
}
