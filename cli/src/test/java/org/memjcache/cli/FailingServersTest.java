// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.memjcache.cli.output.Console;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** What top and bench do when servers fail meanwhile: say so, and tidy up at the others. */
@Execution(ExecutionMode.CONCURRENT) // most of the time they wait
@Tag("any-jdk")
class FailingServersTest {

  private static final String BENCH_LEVEL = "memjcache-bench-";

  private final MemcachedCluster servers = MemcachedCluster.builder().servers(3).start();

  @AfterEach
  void close() {
    servers.close();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("It has not come within a minute");
      }
      Thread.sleep(5);
    }
  }

  private static boolean isCounting(MemcachedServer server) {
    return "yes".equals(server.stats("settings").get("detail_enabled"));
  }

  private String address(int server) {
    return servers.server(server).address();
  }

  private CompletableFuture<Run> start(String... args) {
    return CompletableFuture.supplyAsync(() -> Run.on(servers.uri(""), args));
  }

  private Process startProcess(Path err, String... args) throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "-u",
                    servers.uri("").toString()),
                Stream.of(args))
            .toList();
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(err.toFile())
        .start();
  }

  /** In a process of its own: what runs when one ends may print as well. */
  @Test
  void top_serverFailsWhileCounting_turnsItOffAtTheOthers(@TempDir Path folder) throws Exception {
    Path err = folder.resolve("err");
    Process process = startProcess(err, "top", "--tenants", "--every", "1", "--times", "5");
    try {
      await(() -> servers.servers().stream().allMatch(FailingServersTest::isCounting));
      servers.server(0).kill(); // the first that is told to end it
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).isEqualTo(ExitCode.FAILED);
    assertThat(Files.readAllLines(err))
        .allMatch(line -> line.startsWith("memjcache: ")) // and no stack trace
        .noneMatch(line -> line.contains(address(1)) || line.contains(address(2)))
        .anyMatch(
            line ->
                line.contains("memcached " + address(0) + " may go on counting by prefix")
                    && line.contains("unless it was restarted"));
    assertThat(isCounting(servers.server(1))).isFalse();
    assertThat(isCounting(servers.server(2))).isFalse();
  }

  @Test
  void top_serverAway_failsAndSaysWhyWithQuietToo() {
    servers.server(0).kill();

    Run run = Run.on(servers.uri(""), "-q", "-f", "csv", "top", "--every", "1");

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("memcached " + address(0)).contains("Connection refused");
    assertThat(run.rows().get(address(0)).get(1)).isEmpty();
    assertThat(run.rows().get(address(1)).get(1)).isNotEmpty();
  }

  @Test
  void top_serverAwayAtATerminal_saysWhyBeneathTheLastTable() {
    servers.server(0).kill();
    StringWriter both = new StringWriter();
    PrintWriter screen = new PrintWriter(both, true);
    Console console = new Console(screen, screen, new BufferedReader(new StringReader("")));

    int code =
        Memjcache.run(
            console,
            InstantSource.system(),
            "-u",
            servers.uri("").toString(),
            "top",
            "--every",
            "1",
            "--times",
            "1");

    assertThat(code).isEqualTo(ExitCode.FAILED);
    String cleared = "\u001b[2J";
    assertThat(both.toString()).contains(cleared);
    assertThat(both.toString().substring(both.toString().lastIndexOf(cleared)))
        .containsSubsequence("SERVER", address(2), "memjcache: ", address(0), "refused");
  }

  @Test
  void top_serverBackBeforeTheLastLooks_isDone() throws Exception {
    try (RecordingProxy proxy = RecordingProxy.start(servers.server(0))) {
      proxy.blackhole(true);
      CompletableFuture<Run> top = start(proxy, "top", "--every", "1", "--times", "4");
      failOnce(proxy);
      Run run = top.get(60, TimeUnit.SECONDS);

      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.err()).contains("memcached " + proxy.address());
      String last = run.out().substring(run.out().lastIndexOf("server,gets"));
      assertThat(last.lines().skip(1)).hasSize(2).allMatch(row -> row.matches("[^,]+,[0-9].*"));
    }
  }

  private CompletableFuture<Run> start(RecordingProxy proxy, String... args) {
    URI uri = URI.create("memcached://" + proxy.address() + "," + address(1) + "/");
    String[] all = Stream.concat(Stream.of("-f", "csv"), Stream.of(args)).toArray(String[]::new);
    return CompletableFuture.supplyAsync(() -> Run.on(uri, all));
  }

  /** Has whoever asks next, behind a proxy that swallows everything, lose the connection. */
  private static void failOnce(RecordingProxy proxy) throws InterruptedException {
    proxy.reset();
    await(() -> !proxy.requests().isEmpty());
    proxy.blackhole(false);
  }

  @Test
  void topTenants_serverAwayFromTheStart_showsTheOthers() {
    servers.server(0).kill();
    servers.server(1).command("stats detail on");
    servers.server(1).command("get hotels/Lisboa:k");

    Run run = Run.on(servers.uri(""), "-f", "csv", "top", "--tenants", "--every", "1");

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("memcached " + address(0));
    assertThat(run.out()).contains("\n" + address(1) + ",").contains("\nhotels/Lisboa,0.000000,");
    assertThat(isCounting(servers.server(1))).as("was on before").isTrue();
    assertThat(isCounting(servers.server(2))).isFalse();
  }

  /** What it has counted before is not what it does for each second now. */
  @Test
  void topTenants_serverMissingInOneLook_isNotCountedAsIfItHadBegunThen() throws Exception {
    servers.server(0).command("stats detail on");
    for (int i = 0; i < 100; i++) {
      servers.server(0).command("get hotels/Lisboa:k");
    }
    try (RecordingProxy proxy = RecordingProxy.start(servers.server(0))) {
      CompletableFuture<Run> top = start(proxy, "top", "--tenants", "--every", "2", "--times", "2");
      await(() -> proxy.requests().contains("stats detail dump"));
      proxy.blackhole(true);
      failOnce(proxy);
      Run run = top.get(60, TimeUnit.SECONDS);

      assertThat(run.err()).contains("memcached " + proxy.address());
      assertThat(run.out()).contains("path,gets");
      assertThat(run.out().lines().filter(line -> line.startsWith("hotels/Lisboa,")))
          .allMatch(line -> line.startsWith("hotels/Lisboa,0.000000,"));
      assertThat(run.code()).as("the last table lacks a server").isEqualTo(ExitCode.FAILED);
    }
  }

  /** Such as one that has no memory left for the answer; no real one does so when it is told to. */
  @Test
  void top_serverAnswersWithAnErrorLine_isNoRowOfZeros() throws Exception {
    try (ServerSocket refusing = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      Thread acceptor = new Thread(() -> answerErrors(refusing));
      acceptor.setDaemon(true);
      acceptor.start();
      String address = "127.0.0.1:" + refusing.getLocalPort();
      URI uri = URI.create("memcached://" + address(0) + "," + address + "/");

      Run run = Run.on(uri, "-f", "csv", "top", "--every", "1");

      assertThat(run.code()).as(run.out()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err()).contains("memcached " + address + " answers no statistics to 'stats'");
      assertThat(String.join("", run.rows().get(address))).isEqualTo(address);
      assertThat(run.rows().get(address(0)).get(1)).isNotEmpty();
    }
  }

  private static void answerErrors(ServerSocket listener) {
    while (true) {
      try (Socket socket = listener.accept()) {
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String answer = line.equals("version") ? "VERSION 1.6.0" : "SERVER_ERROR out of memory";
          socket.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  /** Returns whether a bench has stored its entries and begun to measure. */
  private boolean isMeasuring(int entries) {
    return servers.servers().stream()
            .mapToLong(server -> Long.parseLong(server.stats().get("cmd_set")))
            .sum()
        > entries + 50;
  }

  private long gets() {
    return Stream.of(0, 2)
        .mapToLong(server -> Long.parseLong(servers.server(server).stats().get("cmd_get")))
        .sum();
  }

  /** Asserts that servers have nothing of a bench. */
  private void assertNothingIsLeft(int... indices) {
    Map<String, List<String>> usage = Run.on(servers.uri(""), "-f", "csv", "usage").rows();
    for (int server : indices) {
      List<String> row = usage.get(address(server));
      assertThat(row.get(3)).as("entries of %s", row).isEqualTo("0");
      assertThat(row.get(7)).as("garbage of %s", row).isEqualTo("0");
      assertThat(row.get(9)).as("versions of %s", row).isEqualTo("0");
    }
  }

  @Test
  void bench_serverFailsMeanwhile_removesWhatTheOthersHaveAndSaysWhatMayBeLeft() throws Exception {
    CompletableFuture<Run> bench =
        start("-q", "-f", "csv", "bench", "--seconds", "4", "--threads", "2", "--entries", "3000");
    await(() -> isMeasuring(3_000));
    servers.server(1).kill();
    Run run = bench.get(120, TimeUnit.SECONDS);

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .containsPattern("level '" + BENCH_LEVEL + "[0-9a-f]+' may be left on " + address(1) + ";")
        .contains("operations that failed: ");
    assertNothingIsLeft(0, 2);
  }

  /** As by Ctrl-C. */
  @Test
  void bench_processIsEnded_removesWhatItHasStored(@TempDir Path folder) throws Exception {
    Path err = folder.resolve("err");
    Process process = startProcess(err, "bench", "--seconds", "600", "--entries", "3000");
    try {
      await(() -> isMeasuring(3_000));
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(Files.readString(err)).contains("Removed the entries and versions again");
    assertNothingIsLeft(0, 1, 2);
  }

  /** Of such a server no version is known, which an operation on keys of all servers needs. */
  @Test
  void bench_serverAwayFromTheStart_removesWhatTheOthersHave() {
    servers.server(1).kill();
    for (int i = 0; i < 6; i++) { // the first key may be one of the server that is away
      Run run = Run.on(servers.uri(""), "bench", "--seconds", "1", "--entries", "300");

      assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err()).containsPattern("'" + BENCH_LEVEL + "[0-9a-f]+' may be left");
    }
    assertNothingIsLeft(0, 2);
  }

  @Test
  void bench_operationsFailedAndAllIsRemoved_fails() throws Exception {
    CompletableFuture<Run> bench =
        start("-f", "csv", "bench", "--seconds", "4", "--threads", "2", "--entries", "300");
    await(() -> isMeasuring(300));
    servers.server(1).kill();
    long before = gets();
    await(() -> gets() > before + 1_000); // and many at the one that is away, which have failed
    servers.server(1).restart();
    Run run = bench.get(120, TimeUnit.SECONDS);

    assertThat(run.err())
        .contains("Removed the entries and versions again")
        .contains("memjcache: operations that failed: ");
    assertThat(run.code()).as(run.out()).isEqualTo(ExitCode.FAILED);
    assertThat(run.rows().get("get").get(6)).isNotEqualTo("0");
    assertNothingIsLeft(0, 1, 2);
  }
}
