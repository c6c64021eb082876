// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A process of its own with the hotels of Lisboa. It reads orders, one per line, and answers each
 * with one line. It ends with its input, so that it doesn't outlive the test.
 */
final class OtherProcess implements AutoCloseable {

  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  private OtherProcess(Process process) {
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a process on memcached servers and on the databases below a URL. */
  static OtherProcess start(String servers, String databases) {
    String java = String.join(File.separator, System.getProperty("java.home"), "bin", "java");
    try {
      return new OtherProcess(
          new ProcessBuilder(
                  java,
                  "-XX:TieredStopAtLevel=1", // it doesn't live long
                  "-XX:+UseSerialGC",
                  "-Xmx256m",
                  "-Dorg.jboss.logging.provider=slf4j",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  servers,
                  databases)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives an order and returns the answer. */
  String ask(String order) {
    try {
      orders.write(order);
      orders.newLine();
      orders.flush();
      String answer = answers.readLine();
      if (answer == null || answer.startsWith("FAILED")) {
        throw new AssertionError("The other process answered: " + answer);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The program of the process. Takes the servers, and the URL of the databases. */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Application application = Application.open(arguments[0], arguments[1])) {
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        answers.println(answer(application, line.split(" ")));
      }
    }
  }

  private static String answer(Application application, String[] order) {
    Hotels hotels = application.hotels("Lisboa");
    try {
      return switch (order[0]) {
        case "name" -> hotels.name(1);
        case "rooms" -> hotels.rooms(1).toString();
        case "byCode" -> hotels.nameByCode(order[1]).orElse("none");
        case "withBeds" -> hotels.namesWithBeds(3).toString();
        case "statements" -> {
          long count = application.sessions().getStatistics().getPrepareStatementCount();
          application.sessions().getStatistics().clear();
          yield Long.toString(count);
        }
        case "change" -> {
          hotels.change(
              1,
              hotel -> {
                hotel.setName("Casa do Fado");
                hotel.setCode("FAD");
                hotel.addRoom(103, 1);
              });
          yield "done";
        }
        case "evict" -> {
          application.sessions().getCache().evictAllRegions();
          yield "done";
        }
        default -> throw new IllegalArgumentException(order[0]);
      };
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      return "FAILED: " + e;
    }
  }
}
