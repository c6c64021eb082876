// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A JVM with the class path of this one, which talks line by line over its standard input and
 * output. It must end when its input does, so that it doesn't outlive this JVM.
 *
 * <p>Lines that don't begin with {@value #MARK} come from libraries and are skipped. For one thread
 * at a time.
 */
public final class ChildJvm implements AutoCloseable {

  /** How a line meant for the other side begins. */
  public static final String MARK = "@@ ";

  private static final long END_SECONDS = 10;

  /** What Hazelcast asks for in its log, "to get the best performance results". */
  private static final List<String> ACCESS =
      List.of(
          "--add-modules",
          "java.se",
          "--add-exports",
          "java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens",
          "java.base/java.lang=ALL-UNNAMED",
          "--add-opens",
          "java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens",
          "java.management/sun.management=ALL-UNNAMED",
          "--add-opens",
          "jdk.management/com.sun.management.internal=ALL-UNNAMED");

  private final Process process;
  private final BufferedReader from;
  private final Writer to;
  private final String name;

  private ChildJvm(Process process, String name) {
    this.process = process;
    this.name = name;
    this.from = process.inputReader(StandardCharsets.UTF_8);
    this.to = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts a JVM.
   *
   * @param main the class to run
   * @param options options of the JVM
   * @param arguments arguments of the class
   * @return the JVM
   */
  public static ChildJvm start(Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ACCESS);
    command.addAll(options);
    command.addAll(
        List.of(
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dhazelcast.logging.type=slf4j",
            // JMH's lock is for users who start it twice; these JVMs take turns.
            "-Djmh.ignoreLock=true",
            "-classpath",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(arguments);
    try {
      return new ChildJvm(
          new ProcessBuilder(command).redirectError(Redirect.INHERIT).start(),
          main.getSimpleName() + " " + String.join(" ", arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends one line.
   *
   * @param line without line end
   */
  public void tell(String line) {
    try {
      to.write(line + "\n");
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write to " + name, e);
    }
  }

  /**
   * Waits for the next line.
   *
   * @return the line without {@value #MARK}
   * @throws IllegalStateException if the JVM ends before
   */
  public String hear() {
    try {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        if (line.startsWith(MARK)) {
          return line.substring(MARK.length());
        }
      }
      throw new IllegalStateException(name + " has ended");
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read from " + name, e);
    }
  }

  /**
   * Writes a line to the JVM that started this one.
   *
   * @param line without line end
   */
  public static void say(String line) {
    System.out.println(MARK + line);
    System.out.flush();
  }

  /** Waits for the end of this JVM's standard input. */
  static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // Only the end of the input matters.
    }
  }

  @Override
  public void close() {
    try {
      to.close();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns the process, to be examined from outside.
   *
   * @return its id, null if it has ended
   */
  public @Nullable Long pid() {
    return process.isAlive() ? process.pid() : null;
  }
}
