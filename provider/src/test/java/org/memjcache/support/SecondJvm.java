package org.memjcache.support;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JVM of its own in which a {@link Worker} waits for orders. Gone when this is closed. */
public final class SecondJvm implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 200;

  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  private SecondJvm(Process process) {
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  public static SecondJvm start(URI application, String name) {
    String java = String.join(File.separator, System.getProperty("java.home"), "bin", "java");
    try {
      return new SecondJvm(
          new ProcessBuilder(
                  java,
                  "-Xmx128m",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Worker.class.getName(),
                  application.toString(),
                  name)
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
    CompletableFuture<String> line = CompletableFuture.supplyAsync(this::readLine);
    try {
      String answer = line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
