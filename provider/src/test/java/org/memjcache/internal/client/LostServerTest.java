// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.memjcache.support.Waiting.await;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.ScriptedServer;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** What callers get while a server is away, slow or mad, and how it comes back. */
@Timeout(120)
@Tag("slow")
class LostServerTest {

  /** In milliseconds, for tests that wait for it to pass. */
  private static final int TIMEOUT = 800;

  /** Enough to send 18 MB, on a machine that does other things, too. */
  private static final int LONG_TIMEOUT = 4_000;

  /** In milliseconds, for tests where it must not pass, however busy the machine is. */
  private static final int PATIENT = 10_000;

  private static final int CONNECTIONS = 4;
  private static final int LARGE_ITEMS = 5;
  private static final Duration BACK = Duration.ofSeconds(20);

  private MemcachedServer server;
  private RecordingProxy proxy;

  @BeforeEach
  void start() {
    server = MemcachedServer.start();
    proxy = RecordingProxy.start(server);
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.close();
  }

  private Cluster direct() {
    return TestClusters.cluster(TestClusters.settings(TIMEOUT, TestClusters.address(server)));
  }

  private Cluster proxied(int timeout) {
    return TestClusters.cluster(
        TestClusters.settings(timeout, new ServerAddress(proxy.host(), proxy.port())));
  }

  @Test
  void run_serverNeverThere_isDownAtOnce() {
    server.kill();
    try (Cluster cluster = direct()) {
      RequestFailedException first = TestClusters.failure(() -> TestClusters.get(cluster, "k"));
      assertThat(first.kind()).isEqualTo(Kind.DOWN);
      assertThat(first).hasMessageContaining(TestClusters.address(server).toString());
      assertThat(first).hasMessageContaining(server.address()).hasMessageContaining("refused");
      long start = System.nanoTime();
      RequestFailedException second = TestClusters.failure(() -> TestClusters.get(cluster, "k"));
      assertThat(second).hasMessageContaining("has been down since");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
    }
  }

  @Test
  void run_serverKilledAndStarted_isUsedAgain() throws Exception {
    try (Cluster cluster = direct()) {
      TestClusters.set(cluster, "k", "1");
      server.kill();
      TestClusters.await(BACK, () -> !TestClusters.works(cluster));
      assertThat(TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind())
          .isEqualTo(Kind.DOWN);
      server.restart();
      TestClusters.await(BACK, () -> TestClusters.works(cluster));
      assertThat(TestClusters.get(cluster, "k")).isNull();
    }
  }

  /** More than any socket takes at once, while the calling thread waits for a silent server. */
  @Test
  void run_anotherServerIsSilent_largeRequestsReachThisOne() {
    try (MemcachedServer silent = MemcachedServer.start();
        Cluster cluster =
            TestClusters.cluster(
                TestClusters.settings(
                    LONG_TIMEOUT, TestClusters.address(silent), TestClusters.address(server)))) {
      TestClusters.await(BACK, () -> TestClusters.works(cluster));
      silent.pause();
      RoundTrip trip =
          cluster.newRoundTrip(new Operation("test")).add(0, new DeleteRequest("first"));
      List<StoreRequest> sets = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        StoreRequest set = StoreRequest.set("large" + i, 0, 0, new byte[900_000]);
        trip.add(1, set);
        sets.add(set);
      }

      assertThat(TestClusters.failure(trip::run).kind()).isEqualTo(Kind.TIMEOUT);

      silent.resume();
      assertThat(sets).allMatch(set -> set.failure() == null);
      assertThat(sets).allMatch(set -> set.result() == StoreRequest.Result.STORED);
    }
  }

  /** The reactor reads nothing in the process, whose threads did so until a moment ago. */
  @Test
  void run_anotherServerIsSilent_largeResponsesOfThisOneAreRead() {
    try (MemcachedServer silent = MemcachedServer.start();
        Cluster cluster =
            TestClusters.cluster(
                TestClusters.settings(
                    TIMEOUT, TestClusters.address(silent), TestClusters.address(server)))) {
      TestClusters.await(BACK, () -> TestClusters.works(cluster));
      for (int i = 0; i < LARGE_ITEMS; i++) {
        StoreRequest set = StoreRequest.set("large" + i, 0, 0, new byte[900_000]);
        cluster.newRoundTrip(new Operation("test")).add(1, set).run();
      }
      silent.pause();
      RoundTrip trip =
          cluster.newRoundTrip(new Operation("test")).add(0, new DeleteRequest("first"));
      List<GetRequest> gets = new ArrayList<>();
      for (int i = 0; i < LARGE_ITEMS; i++) {
        GetRequest get = new GetRequest(List.of("large" + i), false);
        trip.add(1, get);
        gets.add(get);
      }

      assertThat(TestClusters.failure(trip::run).kind()).isEqualTo(Kind.TIMEOUT);

      silent.resume();
      assertThat(gets).allMatch(get -> get.failure() == null && get.item(0) != null);
    }
  }

  /** It may have exceptions of an application, which would keep its class loader. */
  @Test
  void lose_theServerIsDown_theSessionIsNotKept() {
    try (Cluster cluster = direct()) {
      TestClusters.get(cluster, "connect");
      WeakReference<Session> session = new WeakReference<>(cluster.server(0).session());
      server.kill();

      TestClusters.await(
          BACK,
          () -> {
            System.gc();
            return session.get() == null;
          });
    }
  }

  @Test
  void run_waitingWhenTheServerIsKilled_isWokenAtOnce() throws Exception {
    ClusterSettings patient =
        new ClusterSettings(
            List.of(TestClusters.address(server)),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            1);
    try (Cluster cluster = TestClusters.cluster(patient)) {
      TestClusters.get(cluster, "connect");
      server.pause();
      List<Thread> threads = new ArrayList<>();
      List<Kind> kinds = java.util.Collections.synchronizedList(new ArrayList<>());
      for (int t = 0; t < 4; t++) {
        Thread thread =
            new Thread(
                () -> kinds.add(TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind()));
        threads.add(thread);
        thread.start();
      }
      Thread.sleep(100);
      server.kill();
      for (Thread thread : threads) {
        thread.join(5000);
        assertThat(thread.isAlive()).isFalse();
      }
      assertThat(kinds).hasSize(4).containsOnly(Kind.DOWN);
    }
  }

  @Test
  void run_serverPaused_timesOut_andGoesOnInStepAfterwards() throws Exception {
    try (Cluster cluster = direct()) {
      TestClusters.set(cluster, "a", "A");
      TestClusters.set(cluster, "b", "B");
      server.pause();
      long start = System.nanoTime();
      RequestFailedException timeout = TestClusters.failure(() -> TestClusters.get(cluster, "a"));
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      assertThat(timeout.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(timeout).hasMessageContaining(server.address()).hasMessageContaining("unknown");
      assertThat(timeout.waited()).isBetween(Duration.ofMillis(TIMEOUT), waited);
      server.resume();
      // The late answer to the first get is read and dropped.
      assertThat(TestClusters.get(cluster, "b")).isEqualTo("B");
      assertThat(TestClusters.get(cluster, "a")).isEqualTo("A");
    }
  }

  @Test
  void run_silentForLong_isGivenUp_andFailsAtOnceUntilItAnswers() throws Exception {
    try (Cluster cluster = direct()) {
      TestClusters.set(cluster, "k", "1");
      server.pause();
      TestClusters.await(
          Duration.ofSeconds(10),
          () -> TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind() == Kind.DOWN);
      // The system still accepts connections for the paused process.
      Thread.sleep(1500);
      long start = System.nanoTime();
      assertThat(TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind())
          .isEqualTo(Kind.DOWN);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
      server.resume();
      TestClusters.await(BACK, () -> TestClusters.works(cluster));
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("1");
    }
  }

  /** A stack trace keeps the classes of an application, for as long as the server is away. */
  @Test
  void run_silentServer_noExceptionIsKept() {
    try (Cluster cluster = direct()) {
      TestClusters.set(cluster, "k", "1");
      server.pause();
      List<WeakReference<Exception>> failures = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        failures.add(
            new WeakReference<>(TestClusters.failure(() -> TestClusters.get(cluster, "k"))));
      }
      await("nobody keeps them")
          .until(
              () -> {
                System.gc();
                return failures.stream().allMatch(failure -> failure.get() == null);
              });
      server.resume();
      TestClusters.await(BACK, () -> TestClusters.works(cluster));
    }
  }

  /** There may be many, with large values, and the server may be silent for long. */
  @Test
  void run_silentServer_whatWasNotSentIsNotKept() {
    byte[] large = new byte[900_000];
    List<WeakReference<StoreRequest>> unsent = new CopyOnWriteArrayList<>();
    try (Cluster cluster = direct()) {
      TestClusters.set(cluster, "k", "1");
      server.pause();
      SimultaneousThreads.Work write =
          thread -> {
            StoreRequest set = StoreRequest.set("large", 0, 0, large);
            if (TestClusters.failure(() -> TestClusters.run(cluster, set)).isUnsent()) {
              unsent.add(new WeakReference<>(set));
            }
          };
      SimultaneousThreads.run(12, write); // their time is over
      SimultaneousThreads.run(12, write); // and the connection is given up

      assertThat(unsent).hasSizeGreaterThan(12);
      await("nobody keeps them")
          .until(
              () -> {
                System.gc();
                return unsent.stream().allMatch(set -> set.get() == null);
              });
    }
  }

  @Test
  void run_writesWhileTheServerIsPaused_areNotCarriedOutLaterIfNeverSent() throws Exception {
    byte[] large = new byte[900_000];
    try (Cluster cluster = direct()) {
      TestClusters.set(cluster, "last", "before");
      server.pause();
      // Fill the socket until nothing more can be sent.
      RequestFailedException unsent = null;
      for (int i = 0; i < 50 && unsent == null; i++) {
        RoundTrip trip = cluster.newRoundTrip(new Operation("test"));
        for (int j = 0; j < 10; j++) {
          trip.add(0, StoreRequest.set("fill" + j, 0, 0, large));
        }
        Thread background = new Thread(() -> TestClusters.failure(trip::run));
        background.start();
        Thread.sleep(50);
        RequestFailedException failure =
            TestClusters.failure(() -> TestClusters.set(cluster, "last", "during"));
        background.join();
        if (failure.getMessage().contains("not sent")) {
          unsent = failure;
        }
      }
      assertThat(unsent).isNotNull();
      server.resume();
      TestClusters.await(Duration.ofSeconds(10), () -> TestClusters.works(cluster));
      assertThat(TestClusters.get(cluster, "last")).isEqualTo("before");
    }
  }

  @Test
  void run_blackHole_timesOut_andComesBack() throws Exception {
    try (Cluster cluster = proxied(TIMEOUT)) {
      TestClusters.set(cluster, "k", "1");
      proxy.blackhole(true);
      assertThat(TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind())
          .isEqualTo(Kind.TIMEOUT);
      TestClusters.await(
          Duration.ofSeconds(10),
          () -> TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind() == Kind.DOWN);
      proxy.blackhole(false);
      TestClusters.await(BACK, () -> TestClusters.works(cluster));
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 15, 40})
  void run_connectionCutInTheMiddleOfAnAnswer_isDown_andTheNextTripWorks(int bytes) {
    try (Cluster cluster = proxied(PATIENT)) {
      TestClusters.set(cluster, "k", "x".repeat(100));
      proxy.truncateNextAnswer(bytes);
      RequestFailedException failure = TestClusters.failure(() -> TestClusters.get(cluster, "k"));
      assertThat(failure.kind()).isEqualTo(Kind.DOWN);
      assertThat(failure).hasMessageContaining("unknown");
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("x".repeat(100));
    }
  }

  @Test
  void run_connectionCutBetweenAnswers_keepsThoseThatCame() {
    try (Cluster cluster = proxied(PATIENT)) {
      TestClusters.set(cluster, "k", "1");
      DeleteRequest first = new DeleteRequest("k");
      DeleteRequest second = new DeleteRequest("k");
      proxy.truncateNextAnswer("DELETED\r\nNOT".length());
      RoundTrip trip = cluster.newRoundTrip(new Operation("test")).add(0, first).add(0, second);
      RequestFailedException failure = TestClusters.failure(trip::run);
      assertThat(first.deleted()).isTrue();
      assertThat(second.failure()).isSameAs(failure);
    }
  }

  @Test
  void run_idleConnectionClosedByTheServer_isReplacedWithoutAnError() throws Exception {
    try (MemcachedServer strict = MemcachedServer.builder().option("-o", "idle_timeout=1").start();
        Cluster cluster =
            TestClusters.cluster(TestClusters.settings(PATIENT, TestClusters.address(strict)))) {
      TestClusters.set(cluster, "k", "1");
      TestClusters.await(
          Duration.ofSeconds(20), () -> !strict.stats().get("idle_kicks").equals("0"));
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VALUE other 0 1\r\nx\r\nEND\r\n", // another key
        "HELLO\r\n", // not an answer
        "END\r\nEND\r\n", // one too many
      })
  void run_wrongAnswer_isAProtocolErrorOrCaughtBehindIt_andAnotherConnection(String answer)
      throws Exception {
    try (ScriptedServer mad = new ScriptedServer(line -> line.startsWith("get") ? answer : "");
        Cluster cluster = TestClusters.cluster(TestClusters.settings(PATIENT, mad.address()))) {
      if (answer.startsWith("END")) {
        assertThat(TestClusters.get(cluster, "k")).isNull();
      } else {
        RequestFailedException failure = TestClusters.failure(() -> TestClusters.get(cluster, "k"));
        assertThat(failure.kind()).isEqualTo(Kind.PROTOCOL);
        assertThat(failure).hasMessageContaining(mad.address().toString());
      }
      TestClusters.await(BACK, () -> mad.accepted() == 2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-ERR unknown command\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
        "ERROR Too many open connections\r\n",
      })
  void run_serverIsNoMemcached_isDownAndSaysWhatItAnswered(String answer) {
    try (ScriptedServer other = new ScriptedServer(line -> answer);
        Cluster cluster = TestClusters.cluster(TestClusters.settings(PATIENT, other.address()))) {
      RequestFailedException failure = TestClusters.failure(() -> TestClusters.get(cluster, "k"));
      assertThat(failure.kind()).isEqualTo(Kind.DOWN);
      assertThat(failure).hasMessageContaining(answer.strip());
    }
  }

  @Test
  void run_serverThatDripsItsGreeting_isDown() {
    byte[] endless = Wire.bytes("VERSION 1.6." + "0".repeat(200));
    try (ScriptedServer dripping = ScriptedServer.dripping(endless, Duration.ofMillis(200));
        Cluster cluster =
            TestClusters.cluster(TestClusters.settings(TIMEOUT, dripping.address()))) {
      TestClusters.await(
          BACK,
          () ->
              TestClusters.failure(() -> TestClusters.get(cluster, "k"))
                  .getMessage()
                  .contains("has been down since"));
    }
  }

  @Test
  void run_serverThatSaysMoreThanItWasAsked_isTriedAgainWithPauses() throws Exception {
    try (ScriptedServer talker = new ScriptedServer(line -> "VERSION 0.0.0\r\nANYTHING ELSE?\r\n");
        Cluster cluster = TestClusters.cluster(TestClusters.settings(PATIENT, talker.address()))) {
      TestClusters.await(
          BACK,
          () ->
              TestClusters.failure(() -> TestClusters.get(cluster, "k"))
                  .getMessage()
                  .contains("ANYTHING"));
      Thread.sleep(500);
      assertThat(talker.accepted()).isBetween(2, 15);
    }
  }

  @Test
  void run_nameThatDoesNotResolve_isDown() {
    ServerAddress nowhere = new ServerAddress("memcached.invalid", 11211);
    try (Cluster cluster = TestClusters.cluster(TestClusters.settings(5000, nowhere))) {
      RequestFailedException failure = TestClusters.failure(() -> TestClusters.get(cluster, "k"));
      assertThat(failure.kind()).isEqualTo(Kind.DOWN);
      assertThat(failure).hasMessageContaining("memcached.invalid");
    }
  }

  @Test
  void run_oneOfThreeServersDown_theOthersAnswer() {
    try (MemcachedServer second = MemcachedServer.start();
        MemcachedServer third = MemcachedServer.start();
        Cluster cluster =
            TestClusters.cluster(
                TestClusters.settings(
                    5_000,
                    TestClusters.address(server),
                    TestClusters.address(second),
                    TestClusters.address(third)))) {
      second.kill();
      StoreRequest[] sets =
          IntStream.range(0, 3)
              .mapToObj(i -> StoreRequest.set("k", 0, 0, Wire.bytes("v" + i)))
              .toArray(StoreRequest[]::new);
      RoundTrip trip =
          cluster
              .newRoundTrip(new Operation("test"))
              .add(0, sets[0])
              .add(1, sets[1])
              .add(2, sets[2]);
      RequestFailedException failure = TestClusters.failure(trip::run);
      assertThat(failure.kind()).isEqualTo(Kind.DOWN);
      assertThat(failure).hasMessageContaining(TestClusters.address(second).toString());
      assertThat(sets[0].result()).isEqualTo(StoreRequest.Result.STORED);
      assertThat(sets[1].failure()).isSameAs(failure);
      assertThat(sets[2].result()).isEqualTo(StoreRequest.Result.STORED);
      assertThat(server.command("get k")).contains("v0");
      assertThat(third.command("get k")).contains("v2");
    }
  }

  @Test
  void run_firstTripWithABlackHoleAmongTheServers_reachesTheOthers() {
    proxy.blackhole(true);
    try (Cluster cluster =
        TestClusters.cluster(
            TestClusters.settings(
                3_000,
                new ServerAddress(proxy.host(), proxy.port()),
                TestClusters.address(server)))) {
      StoreRequest lost = StoreRequest.set("a", 0, 0, new byte[0]);
      StoreRequest fine = StoreRequest.set("b", 0, 0, new byte[0]);
      RoundTrip trip = cluster.newRoundTrip(new Operation("test")).add(0, lost).add(1, fine);
      assertThat(TestClusters.failure(trip::run).kind()).isEqualTo(Kind.DOWN);
      assertThat(fine.result()).isEqualTo(StoreRequest.Result.STORED);
    }
  }

  @Test
  void close_whileWaiting_wakesTheCaller() throws Exception {
    Cluster cluster =
        TestClusters.cluster(
            new ClusterSettings(
                List.of(TestClusters.address(server)),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                1));
    TestClusters.get(cluster, "connect");
    server.pause();
    AtomicReference<RequestFailedException> caught = new AtomicReference<>();
    Thread thread =
        new Thread(() -> caught.set(TestClusters.failure(() -> TestClusters.get(cluster, "k"))));
    thread.start();
    Thread.sleep(100);
    long start = System.nanoTime();
    cluster.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(300));
    thread.join(5000);
    assertThat(caught.get().kind()).isEqualTo(Kind.CLOSED);
    assertThat(TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind())
        .isEqualTo(Kind.CLOSED);
  }

  /**
   * A caller looks for a connection and for whether one is being made; in between it may have been
   * made. Many first trips at the very moment of connecting: none may take that for a server that
   * is away.
   */
  @Test
  void run_whileTheFirstConnectionIsJustMade_waitsForIt() throws Exception {
    int callers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      for (int i = 0; i < 200; i++) {
        // Another connect timeout makes another cluster with connections of its own.
        ClusterSettings settings =
            new ClusterSettings(
                List.of(TestClusters.address(server)),
                Duration.ofSeconds(20),
                Duration.ofMillis(20_000 + i),
                1);
        try (Cluster cluster = TestClusters.cluster(settings)) {
          Callable<Object> first = () -> TestClusters.get(cluster, "k");
          for (Future<Object> answer : threads.invokeAll(Collections.nCopies(callers, first))) {
            answer.get();
          }
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void losses_many_leakNeitherThreadsNorSockets() throws Exception {
    ServerAddress address = new ServerAddress(proxy.host(), proxy.port());
    ClusterSettings settings =
        new ClusterSettings(
            List.of(address), Duration.ofSeconds(2), ClusterSettings.DEFAULT_TIMEOUT, CONNECTIONS);
    try (Cluster cluster = TestClusters.cluster(settings)) {
      lose(cluster, 2);
      int threads = threads();
      // Some of the connections may not be back yet, each of them three sockets with the proxy's.
      int sockets = openSockets() + 3 * CONNECTIONS;
      lose(cluster, 20); // of 4 connections
      TestClusters.await(BACK, () -> threads() <= threads);
      TestClusters.await(BACK, () -> openSockets() <= sockets);
      assertThatNoException().isThrownBy(() -> TestClusters.set(cluster, "k", "v"));
    }
  }

  private void lose(Cluster cluster, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      proxy.dropConnections();
      if (i % 5 == 0) {
        proxy.refuse(true);
        TestClusters.await(BACK, () -> !TestClusters.works(cluster));
        proxy.refuse(false);
      }
      TestClusters.await(BACK, () -> TestClusters.works(cluster));
      TestClusters.await(BACK, () -> proxy.openConnections() == CONNECTIONS);
    }
  }

  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> isOurs(thread.getName()))
            .count();
  }

  private static boolean isOurs(String name) {
    String lower = name.toLowerCase(java.util.Locale.ROOT);
    return lower.contains("memjcache-store") || lower.contains("xmemcached");
  }

  /** Other files come and go with the classes that the machine loads. */
  private static int openSockets() {
    String[] names = new File("/proc/self/fd").list();
    return (int)
        Arrays.stream(names == null ? new String[0] : names)
            .filter(LostServerTest::isSocket)
            .count();
  }

  private static boolean isSocket(String descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor))
          .toString()
          .startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
