// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.NameResolver;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** Each problem is planted, and found; nothing else is. */
class DoctorTest {

  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose) {
      each.close();
    }
  }

  private MemcachedServer start(MemcachedServer.Builder builder) {
    MemcachedServer server = builder.start();
    toClose.add(0, server);
    return server;
  }

  private MemcachedServer start() {
    return start(MemcachedServer.builder());
  }

  private static URI uri(String path, MemcachedServer... servers) {
    List<String> addresses = new ArrayList<>();
    for (MemcachedServer server : servers) {
      addresses.add(server.address());
    }
    return URI.create("memcached://" + String.join(",", addresses) + "/" + path);
  }

  private static List<String> findings(Run run) {
    return run.out().lines().skip(1).map(line -> line.split(",")[0]).toList();
  }

  /** Returns the run, in which there is this finding and no other. */
  private static Run assertFound(String finding, Run run) {
    assertThat(findings(run)).as(run.out() + run.err()).containsExactly(finding);
    assertThat(run.code()).isEqualTo(ExitCode.NO);
    return run;
  }

  private static Run doctor(URI uri, String... args) {
    List<String> all = new ArrayList<>(List.of("-f", "csv", "doctor"));
    all.addAll(List.of(args));
    return Run.on(uri, all.toArray(String[]::new));
  }

  @Test
  void doctor_healthyCluster_hasNoFinding() {
    MemcachedCluster servers = MemcachedCluster.start(3);
    toClose.add(servers);
    try (Hotels hotels = new Hotels()) {
      hotels.cache(servers.uri("healthy/Lisboa"), "info").put("k", "v");

      Run run = doctor(servers.uri(""), "healthy/Lisboa/info");

      assertThat(run.code()).as(run.out()).isZero();
      assertThat(findings(run)).isEmpty();
      assertThat(run.err()).contains("Nothing found on 3 servers");
    }
  }

  @Test
  void doctor_serverAway_saysWhy() {
    MemcachedServer server = start();
    MemcachedServer other = start();
    server.kill();

    assertThat(assertFound("away", doctor(uri("", server, other))).out())
        .contains(server.address())
        .contains("Connection refused");
  }

  @Test
  void doctor_serversCanNotBeDiscovered_saysSoWithAPathToo() {
    URI unknown = URI.create("memcached://dns:unknown.invalid:11211/?connectTimeout=1s");

    assertThat(findings(doctor(unknown))).containsExactly("away");
    assertThat(findings(doctor(unknown, "hotels/Lisboa"))).containsExactly("away");
  }

  @Test
  void doctor_clockOfThisMachineAhead_saysByHowMuch() {
    MemcachedServer server = start();
    InstantSource ahead = () -> Instant.now().plus(Duration.ofHours(3));

    Run run = Run.of(ahead, null, "-u", uri("", server).toString(), "-f", "csv", "doctor");

    assertThat(assertFound("clock", run).out()).containsPattern("is (3h 0m|2h 59m) behind");
  }

  @Test
  void doctor_keysCanNotBeDumped_saysWhichOption() {
    assertFound("no-iteration", doctor(uri("", start(MemcachedServer.builder().option("-X")))));
    assertFound(
        "no-iteration",
        doctor(uri("", start(MemcachedServer.builder().option("-o", "no_lru_crawler")))));
    assertFound("no-iteration", doctor(uri("?protocol=binary", start())));
  }

  @Test
  void doctor_noCasTokens_isFound() {
    assertFound("no-cas", doctor(uri("", start(MemcachedServer.builder().option("-C")))));
  }

  @Test
  void doctor_evictsWhatWasJustUsed_isFound() {
    MemcachedServer server =
        start(MemcachedServer.builder().memoryMegabytes(2).maxItemSize("512k"));
    for (int i = 0; server.stats().get("evictions").equals("0"); i++) {
      for (int j = 0; j < 20; j++) {
        server.command("set k" + i + "." + j + " 0 0 30000\r\n" + "x".repeat(30_000));
      }
    }

    assertFound("evictions", doctor(uri("", server)));
    assertThat(findings(doctor(uri("", server), "--young", "0"))).isEmpty();
  }

  /** Opens a connection; returns whether the server says that it has it. */
  private boolean connect(MemcachedServer server) throws IOException {
    Socket socket = new Socket(server.host(), server.port());
    toClose.add(0, socket);
    try {
      socket.getOutputStream().write("version\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == 'V'; // of "VERSION"; a refusal is an "ERROR"
    } catch (SocketException e) { // it hung up, perhaps before we asked
      return false;
    }
  }

  @Test
  void doctor_connectionsNearlyUsedUp_isFound() throws IOException {
    MemcachedServer server = start(MemcachedServer.builder().option("-c", "100"));
    int reserved = Integer.parseInt(server.stats().getOrDefault("reserved_fds", "0"));
    for (int i = reserved; i < 90; i++) {
      assertThat(connect(server)).isTrue();
    }

    assertFound("connections", doctor(uri("", server)));
  }

  @Test
  void doctor_connectionsUsedUpButForOne_saysWhatRefusesTheStatistics() throws Exception {
    MemcachedServer server = start(MemcachedServer.builder().option("-c", "100"));
    while (connect(server)) {
      // until it refuses one
    }
    toClose.remove(1).close(); // the last one that it has

    Run run = assertFound("away", doctor(uri("", server)));
    assertThat(run.out())
        .contains("it has as many connections as it takes", "raise memcached's option -c");
    assertThat(Run.on(uri("", server), "-f", "csv", "servers").out())
        .contains("it has as many connections as it takes", "raise memcached's option -c");
  }

  @Tag("slow")
  @Test
  void doctor_answersTakeMostOfTheTimeout_isFound() {
    RecordingProxy proxy = RecordingProxy.start(start());
    toClose.add(0, proxy);
    proxy.delay(Duration.ofMillis(300));

    assertFound("slow", doctor(proxy.uri("?timeout=500ms")));
  }

  @Test
  void doctor_serversDisagree_isFoundForEachThing() {
    MemcachedServer small = start(MemcachedServer.builder().maxItemSize("512k"));
    Run run = doctor(uri("", start(), small));
    assertThat(assertFound("disagreement", run).out()).contains("item size limit (-I)");

    MemcachedServer large = start(MemcachedServer.builder().memoryMegabytes(128));
    assertThat(assertFound("disagreement", doctor(uri("", start(), large))).out())
        .contains("memory (-m)");
  }

  /** Has two servers behind one name. */
  public static final class TwoAddresses implements NameResolver {
    /** Creates a resolver. */
    public TwoAddresses() {}

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
      return List.of(
          InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}),
          InetAddress.getByAddress(host, new byte[] {127, 0, 0, 2}));
    }
  }

  @Test
  void doctor_nameWithSeveralAddresses_isFound() {
    Run run =
        doctor(
            URI.create("memcached://cache.test:" + start().port() + "/"),
            "-o",
            "resolver=" + TwoAddresses.class.getName());

    assertThat(findings(run)).containsExactly("several-addresses", "away");
    assertThat(run.out()).contains("servers=dns:cache.test:");
  }

  @Test
  void doctor_twoNamesOfOneServer_isFound() {
    MemcachedServer server = start();
    String two = "memcached://127.0.0.1:" + server.port() + ",localhost:" + server.port() + "/";

    assertFound("same-server", doctor(URI.create(two)));
  }

  @Test
  void doctor_serverThatOnlyOthersUse_isFound() {
    MemcachedServer one = start();
    MemcachedServer two = start();
    MemcachedServer others = start();
    try (Hotels hotels = new Hotels()) {
      hotels.manager(uri("hotels", one, two, others)).ping();

      assertThat(assertFound("servers-of-others", doctor(uri("", one, two))).out())
          .contains(others.address());
    }
  }

  @Test
  void doctor_somethingElseInPlaceOfAVersion_isFound() {
    MemcachedServer server = start();
    server.command("set hotels/Lisboa:version 0 0 5\r\nhello");

    assertFound("not-a-version", doctor(uri("", server), "hotels/Lisboa"));
  }

  @Test
  void doctor_versionOfAClockThatIsAhead_isFound() {
    MemcachedServer server = start();
    long tomorrow = Instant.now().plus(Duration.ofDays(1)).toEpochMilli() << 20;
    server.command("set hotels/Lisboa:version 0 0 19\r\n" + tomorrow);

    assertFound("version-ahead", doctor(uri("", server), "hotels/Lisboa"));
  }

  @Test
  void doctor_forPeople_saysWhatToDo() {
    Run run = Run.on(uri("", start(MemcachedServer.builder().option("-C"))), "doctor");

    assertThat(run.out()).startsWith("no-cas: ").contains("\n  -> start it without -C.\n");
  }
}
