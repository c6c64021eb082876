package org.memjcache.chaos;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A JVM of its own in which a {@link ChaosWorker} is at work. Gone when this is closed. */
final class WorkerJvm implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;
  private final Path history;

  private WorkerJvm(Process process, Path history) {
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.history = history;
  }

  static WorkerJvm start(
      String name, String servers, String options, Path folder, long seed, int pauseMicros)
      throws IOException {
    Path history = folder.resolve(name + ".history");
    return new WorkerJvm(
        new ProcessBuilder(
                String.join(File.separator, System.getProperty("java.home"), "bin", "java"),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                ChaosWorker.class.getName(),
                name,
                servers,
                options,
                history.toString(),
                Long.toString(seed),
                Integer.toString(pauseMicros))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start(),
        history);
  }

  /** Gives an order and returns the answer. */
  String ask(String order) {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                orders.write(order);
                orders.newLine();
                orders.flush();
                return answers.readLine();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      String answer = line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null || answer.startsWith("FAILED")) {
        throw new AssertionError("A process answered to '" + order + "': " + answer);
      }
      return answer;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("A process did not answer to '" + order + "'", e);
    }
  }

  /** Returns the operations that were recorded, in the order of their ends. To be closed. */
  Stream<Operation> operations() {
    try {
      return Files.lines(history).map(Operation::parse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
