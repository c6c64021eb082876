// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.memjcache.support.Waiting.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.chaos.Violation.Kind;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/**
 * Three JVMs of four threads each work on nine caches of three tenants while the servers beneath
 * them fail in every way. Nothing may be seen that was cleared, is foreign or past its deadline,
 * and no update may be lost.
 *
 * <p>Takes 20 seconds in all; {@code chaos.seconds} says otherwise. The profile {@code soak} takes
 * 10 minutes.
 */
@Tag("slow")
@Tag("any-jdk")
class ChaosTest {

  private static final int SECONDS = Integer.getInteger("chaos.seconds", 20);
  private static final int SOAK_SECONDS = 600;
  private static final int PAUSE_MICROS = 700;

  /** How many steps fail, in proportion to the time given. */
  private static final int ERRORS = SECONDS * 20;

  private static final int STEPS_TO_ERROR = 2_000;
  private static final String QUICK = "?timeout=150ms&connectTimeout=150ms";

  /** With the time that a handshake takes while all have one on two processors. */
  private static final String QUICK_OVER_TLS = "?timeout=150ms&connectTimeout=1s";

  private static final String STRICT = "";
  private static final String MISS = "&failure=miss";
  private static final Duration STALENESS = Duration.ofMillis(100);
  private static final String BOUNDED = "&consistency=bounded&staleness=100ms";

  private static final String NEAR = BOUNDED + "&cache.*.near=20";

  /** The others are served what was cleared until it is put, which nobody need do. */
  private static final String SOFT = "&load.lease=1s&clear.grace=200ms&clear.grace.plain=true";

  private static final Duration GRACE = Duration.ofMillis(200);

  /** Never looks at a version again: the same as no check of versions at all. */
  private static final String UNCHECKED = "&consistency=bounded&staleness=1h";

  /** Nor at an entry. */
  private static final String UNCHECKED_NEAR = UNCHECKED + "&cache.*.near=20";

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Map<String, ChaosProcess> processes = new LinkedHashMap<>();
  private final Map<String, Guarantee> guarantees = new LinkedHashMap<>();
  private MemcachedCluster cluster;
  private URI uri;

  private void startServers(MemcachedCluster.Builder builder, String timeouts) {
    cluster = builder.servers(3).memoryMegabytes(2).start();
    uri = cluster.uri(timeouts);
    assumeTrue(cluster.servers().stream().allMatch(MemcachedServer::isManaged));
  }

  @AfterEach
  void stop() {
    processes.values().forEach(ChaosProcess::close);
    cluster.close();
  }

  @Test
  void faults_processesAreStrict_nothingForbiddenIsSeen() throws Exception {
    startServers(MemcachedCluster.builder(), QUICK);
    start("one", STRICT, Guarantee.STRICT);
    start("two", STRICT, Guarantee.STRICT);
    start("three", STRICT, Guarantee.STRICT);

    workAndCheck("strict", SECONDS / 4);

    FabricatedViolations planted = new FabricatedViolations(history());
    Operation[] violations =
        Stream.of(Kind.values()).map(planted::operation).toArray(Operation[]::new);
    assertThat(check(violations)).extracting(Violation::kind).contains(Kind.values());
  }

  @Test
  void faults_processesOfAllOptions_nothingForbiddenIsSeen() throws Exception {
    startServers(MemcachedCluster.builder(), QUICK);
    start("strict", STRICT, Guarantee.STRICT);
    start("miss", MISS, Guarantee.missing());
    start("bounded", BOUNDED, Guarantee.bounded(STALENESS));

    workAndCheck("mixed", SECONDS / 4);
  }

  /** What is near may be old by the staleness, and not at all by what the process did itself. */
  @Test
  void faults_nearCaches_nothingForbiddenIsSeen() throws Exception {
    startServers(MemcachedCluster.builder(), QUICK);
    start("strict", STRICT, Guarantee.STRICT);
    start("near", NEAR, Guarantee.near(true, STALENESS));
    start("nearMiss", NEAR + MISS, Guarantee.near(false, STALENESS));

    workAndCheck("near", SECONDS / 4);
  }

  /** What was cleared softly may be served for the grace, unless it was changed since. */
  @Test
  void faults_softClears_nothingForbiddenIsSeen() throws Exception {
    startServers(MemcachedCluster.builder(), QUICK);
    start("soft", SOFT, Guarantee.graced(true, GRACE));
    start("two", SOFT, Guarantee.graced(true, GRACE));
    start("softMiss", SOFT + MISS, Guarantee.graced(false, GRACE));

    workAndCheck("soft clears", SECONDS / 4);
  }

  /** Connections that are lost at every moment, also in the middle of a handshake or a record. */
  @Test
  void faults_overTls_nothingForbiddenIsSeen() throws Exception {
    startServers(MemcachedCluster.builder().tls(), QUICK_OVER_TLS);
    start("strict", STRICT, Guarantee.STRICT);
    start("miss", MISS, Guarantee.missing());
    start("bounded", BOUNDED, Guarantee.bounded(STALENESS));

    workAndCheck("over TLS", SECONDS / 4);
  }

  @Test
  void clearsAndChanges_withoutTheChecks_areFoundOut() throws Exception {
    startServers(MemcachedCluster.builder(), QUICK);
    start("one", UNCHECKED, Guarantee.STRICT);
    start("two", UNCHECKED, Guarantee.STRICT);
    start("three", UNCHECKED_NEAR, Guarantee.near(true, STALENESS));
    processes.values().forEach(process -> process.ask("begin"));
    await("each process did 2,000 operations")
        .atMost(Duration.ofMinutes(5))
        .until(
            () ->
                processes.values().stream()
                    .allMatch(process -> Long.parseLong(process.ask("count")) >= 2_000));
    processes.values().forEach(process -> process.ask("end"));

    List<Violation> violations = check();
    HistorySummary summary = new HistorySummary();
    history().forEach(summary::add);
    System.out.printf("chaos, unchecked: %s; %d violations%n", summary, violations.size());

    assertThat(violations).extracting(Violation::kind).contains(Kind.CLEARED, Kind.OUTDATED);
  }

  /** Memory is short at any step of one process: it goes on, and others see nothing of it. */
  @Test
  void errors_atAnyStepOfAProcess_nothingForbiddenIsSeen() throws Exception {
    startServers(MemcachedCluster.builder(), QUICK);
    start(InjectedChaosWorker.class, "failing", STRICT, Guarantee.STRICT);
    start("strict", STRICT, Guarantee.STRICT);
    ChaosProcess failing = processes.get("failing");
    processes.values().forEach(process -> process.ask("begin"));
    await("all classes are loaded").until(() -> Long.parseLong(failing.ask("count")) >= 2_000);

    failing.ask("inject " + STEPS_TO_ERROR);
    await("steps have failed")
        .atMost(Duration.ofMinutes(10))
        .until(() -> Long.parseLong(failing.ask("injected")) >= ERRORS);
    failing.ask("calm");

    long calm = System.nanoTime();
    await("it works again").atMost(Duration.ofSeconds(5)).until(this::allHaveSeen);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - calm);
    HistorySummary summary = new HistorySummary();
    processes.values().forEach(process -> summary.addCounts(process.ask("end")));
    history().forEach(summary::add);
    List<Violation> violations = check();
    System.out.printf(
        "chaos, %d errors, worked again after %d ms: %s; %d violations%n",
        ERRORS, millis, summary, violations.size());
    assertThat(violations).isEmpty();
  }

  private void start(String name, String options, Guarantee guarantee) throws IOException {
    start(ChaosWorker.class, name, options, guarantee);
  }

  private void start(Class<?> worker, String name, String options, Guarantee guarantee)
      throws IOException {
    ChaosProcess process =
        ChaosProcess.start(
            worker, name, uri, options, folder, seed + processes.size(), PAUSE_MICROS);
    processes.put(name, process);
    guarantees.put(name, guarantee);
    long before = System.nanoTime();
    long there = Long.parseLong(process.ask("time"));
    assertThat(there).as("the clock that all share").isBetween(before, System.nanoTime());
  }

  /** Lets all work for some time while servers fail, and checks what they recorded. */
  private void workAndCheck(String title, int seconds) throws IOException, InterruptedException {
    FaultInjector faultInjector =
        new FaultInjector(cluster.servers(), new Random(seed), this::allHaveSeen);
    processes.values().forEach(process -> process.ask("begin"));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      faultInjector.pause(200, 700);
      faultInjector.next();
    }
    await("every process works with all servers again").until(this::allHaveSeen);
    HistorySummary summary = new HistorySummary();
    processes.values().forEach(process -> summary.addCounts(process.ask("end")));
    history().forEach(summary::add);
    List<Violation> violations = check();
    int faults = faultInjector.counts().values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "chaos, %s, %d s, seed %d: %s; %d faults %s; %d violations%n",
        title, seconds, seed, summary, faults, faultInjector.counts(), violations.size());
    assertThat(violations).isEmpty();
    assertThat(summary.operations()).isGreaterThan(seconds * 50L);
    if (seconds >= SOAK_SECONDS / 4) {
      assertThat(summary.operations()).isGreaterThan(50_000); // the fewest by those that wait
      assertThat(faults).isGreaterThan(50);
      assertThat(faultInjector.counts()).containsOnlyKeys(Fault.values());
    }
  }

  private boolean allHaveSeen() {
    return processes.values().stream().allMatch(process -> process.ask("look").equals("seen"));
  }

  private List<Violation> check(Operation... planted) {
    HistoryChecker checker = new HistoryChecker(guarantees, SharedCaches.LIFETIMES);
    return checker.check(
        () ->
            Stream.concat(
                    processes.values().stream().flatMap(ChaosProcess::operations),
                    Stream.of(planted))
                .iterator());
  }

  private Iterable<Operation> history() {
    return () -> processes.values().stream().flatMap(ChaosProcess::operations).iterator();
  }
}
