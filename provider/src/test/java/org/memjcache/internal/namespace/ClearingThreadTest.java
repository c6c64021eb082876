// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.NameResolver;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.DaemonThreads;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.support.ScriptedServer;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.MemcachedServer;
import org.slf4j.LoggerFactory;

/**
 * Pending clears are cleared by one thread that nothing ends while it is needed, and by threads
 * that use the level, none of which is told of another's misfortune.
 */
@Timeout(60)
@Tag("slow")
class ClearingThreadTest {

  private static final String THREAD = "memjcache-pending-clears";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ConsistencyPolicy MISS = ConsistencyPolicy.of(Duration.ZERO, true);

  private final LevelRegistry levels = new LevelRegistry(1_000);
  private final List<SharedCluster> clusters = new ArrayList<>();
  private final Set<Thread> others = clearingThreads().collect(Collectors.toSet());
  private MemcachedServer server;

  @BeforeEach
  void start() {
    server = MemcachedServer.start();
    assumeThat(server.isManaged()).isTrue();
  }

  @AfterEach
  void stop() {
    clusters.forEach(ClearingThreadTest::release);
    server.close();
  }

  @Test
  void manyClearsThroughManyClusters_takeOneThread() {
    List<Namespace> namespaces = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      SharedCluster cluster = cluster(InstantSource.system());
      for (int j = 0; j < 10; j++) {
        namespaces.add(open(cluster, "tenant" + i, "cache" + j));
      }
    }
    namespaces.forEach(namespace -> OtherProcess.put(namespace, "k", "old"));
    server.kill();

    for (Namespace namespace : namespaces) {
      namespace.clear();
      assertThat(threads()).isEqualTo(1);
    }
    assertThat(levels.pendingClears().pending).hasSize(300);
    server.restart();

    Waiting.await("all is cleared").until(() -> levels.pendingClears().pending.isEmpty());
    Waiting.await("the thread ends").until(() -> threads() == 0);
    namespaces.forEach(
        namespace -> assertThat(namespace.clears().values()).as("of the cache").endsWith(1L));
  }

  @Test
  void threadEndedAndNeeded_beginsAgain() {
    Namespace rooms = open(cluster(InstantSource.system()), "hotels", "rooms");
    for (int i = 1; i <= 2; i++) {
      rooms.shard(0).markForClear();
      Waiting.await("all is cleared").until(() -> levels.pendingClears().pending.isEmpty());
      Waiting.await("the thread ends").until(() -> threads() == 0);
      assertThat(rooms.clears()).containsEntry("hotels/rooms", (long) i);
    }
  }

  /** The clock is asked for the version of a server that came back empty. */
  @Test
  void errorWhileClearing_isTriedAgain() {
    AtomicInteger errors = new AtomicInteger();
    Namespace rooms =
        open(
            cluster(
                () -> {
                  if (isClearing() && errors.incrementAndGet() <= 2) {
                    throw new OutOfMemoryError("thrown by a test");
                  }
                  return InstantSource.system().instant();
                }),
            "hotels",
            "rooms");
    server.kill();
    rooms.clear();
    server.restart();

    Waiting.await("all is cleared").until(() -> levels.pendingClears().pending.isEmpty());

    assertThat(errors.get()).isGreaterThan(2);
    assertThat(rooms.clears()).containsEntry("hotels/rooms", 1L);
  }

  /** Who has no memory for a clear often has none for a line in the log either. */
  @Test
  void errorOfTheLogger_doesNotEndTheThread() {
    assumeThat(LoggerFactory.getLogger(PendingClears.class).isWarnEnabled()).isTrue();
    AtomicInteger errors = new AtomicInteger();
    AtomicInteger lines = new AtomicInteger();
    Namespace rooms =
        open(
            cluster(
                () -> {
                  if (isClearing() && errors.incrementAndGet() <= 2) {
                    throw new OutOfMemoryError("thrown by a test");
                  }
                  return InstantSource.system().instant();
                }),
            "hotels",
            "rooms");
    PrintStream before = System.err;
    System.setErr(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            if (isClearing()) {
              lines.incrementAndGet();
              throw new OutOfMemoryError("thrown by a test");
            }
            before.println(line);
          }
        });
    try {
      server.kill();
      rooms.clear();
      server.restart();

      Waiting.await("all is cleared").until(() -> levels.pendingClears().pending.isEmpty());
    } finally {
      System.setErr(before);
    }
    assertThat(lines).hasPositiveValue();
    Waiting.await("the thread ends").until(() -> threads() == 0);
  }

  @Test
  void interruptedThread_keepsItsFailureToItself() throws InterruptedException {
    Namespace rooms = open(cluster(InstantSource.system()), "hotels", "rooms");
    OtherProcess.put(rooms, "101", "free");
    server.pause();
    rooms.shard(0).markForClear();
    AtomicReference<Throwable> first = new AtomicReference<>();
    AtomicReference<Throwable> second = new AtomicReference<>();
    Thread clearing = reader(rooms, first);
    Waiting.awaitWaiting(clearing);
    Thread waiting = reader(rooms, second);
    Waiting.awaitWaiting(waiting);

    long begin = System.nanoTime();
    waiting.interrupt(); // while another thread clears
    waiting.join(PATIENCE.toMillis());
    clearing.interrupt(); // while it clears
    clearing.join(PATIENCE.toMillis());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    server.resume();

    assertThat(first.get())
        .isInstanceOf(CacheException.class)
        .hasMessageContainingAll("get on 'hotels/rooms' failed", "nterrupted");
    assertThat(second.get())
        .isInstanceOf(CacheException.class)
        .hasMessageContainingAll("get on 'hotels/rooms' failed", "nterrupted");
    assertThat(OtherProcess.get(rooms, "101")).isNull(); // at once: half a second has not passed
    OtherProcess.put(rooms, "101", "taken");
    assertThat(OtherProcess.get(rooms, "101")).isEqualTo("taken");
  }

  @Test
  void clear_settlesWhatWasPending_soThatNewEntriesStay() throws InterruptedException {
    Namespace rooms = open(cluster(InstantSource.system()), "hotels", "rooms");
    OtherProcess.put(rooms, "101", "free");
    rooms.shard(0).markForClear();
    rooms.shard(0).markForClear();

    rooms.clear();

    assertThat(levels.pendingClears().pending).isEmpty();
    OtherProcess.put(rooms, "101", "taken");
    for (int i = 0; i < 12; i++) {
      assertThat(OtherProcess.get(rooms, "101")).isEqualTo("taken");
      Thread.sleep(100); // the thread of pending clears looks twice a second
    }
    assertThat(rooms.clears()).containsEntry("hotels/rooms", 1L);
  }

  @Test
  void markDuringAClear_isPendingStill() {
    Namespace rooms = open(cluster(InstantSource.system()), "hotels", "rooms");
    rooms.shard(0).markForClear();
    Map<Level, PendingClear> pending = levels.pendingClears().pending;
    PendingClear clear = pending.get(rooms.shard(0).levels()[1]);
    int before = clear.changes.get();
    rooms.shard(0).markForClear();

    levels.pendingClears().cleared(clear, before);

    assertThat(pending).containsValue(clear);
    rooms.clear();
    assertThat(pending).isEmpty();
  }

  /** Neither a thread that can't start, for want of memory, nor one that ends is the last one. */
  @Test
  void threadThatCannotStartOrEnds_isReplacedByTheNextOperation() {
    AtomicInteger created = new AtomicInteger();
    LevelRegistry ownLevels =
        new LevelRegistry(
            1_000,
            work ->
                switch (created.incrementAndGet()) {
                  case 1 ->
                      new Thread(work, THREAD) {
                        @Override
                        public synchronized void start() {
                          throw new OutOfMemoryError("no native thread, says a test");
                        }
                      };
                  case 2 -> DaemonThreads.newThread(THREAD, () -> {});
                  default -> DaemonThreads.newThread(THREAD, work);
                });
    SharedCluster cluster = add(new SharedCluster(settings(), InstantSource.system(), ownLevels));
    Namespace rooms = open(cluster, "hotels", "rooms");
    Namespace others = open(cluster, "flights", "seats");

    rooms.shard(0).markForClear();

    Waiting.await("cleared while others are used")
        .until(
            () -> {
              OtherProcess.put(others, "1A", "free");
              return ownLevels.pendingClears().pending.isEmpty();
            });
    assertThat(created).hasValue(3);
    assertThat(rooms.clears()).containsEntry("hotels/rooms", 1L);
  }

  /** Its 40 levels would take 16 seconds, one after the other. */
  @Test
  void slowServer_delaysTheClearsOfOtherClustersByOneTurn() {
    AtomicLong version = new AtomicLong(1_800_000_000_000_000_000L);
    AtomicLong pauseMillis = new AtomicLong(400);
    try (ScriptedServer slow =
        new ScriptedServer(
            line -> {
              if (!line.startsWith("incr ")) {
                return "";
              }
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis.get()));
              return version.incrementAndGet() + "\r\n";
            })) {
      SharedCluster slowCluster =
          add(
              new SharedCluster(
                  ClusterSettings.of(slow.address()), InstantSource.system(), levels));
      SharedCluster well = cluster(InstantSource.system());
      List<Namespace> wanted = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        open(slowCluster, "hotels", "cache" + i).shard(0).markForClear();
        wanted.add(open(well, "flights", "cache" + i));
      }
      long begin = System.nanoTime();
      wanted.forEach(rooms -> rooms.shard(0).markForClear());

      Waiting.await("the other cluster's levels are cleared")
          .until(() -> wanted.stream().allMatch(rooms -> rooms.clears().containsValue(1L)));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));

      pauseMillis.set(0);
      Waiting.await("all is cleared").until(() -> levels.pendingClears().pending.isEmpty());
    }
  }

  @Test
  void clusterWithPendingClears_isClosedAtOnceWithItsThread_andGoesOnWhenItIsOpenAgain() {
    ClusterSettings settings = settings();
    SharedCluster first = SharedCluster.acquire(settings);
    assertThat(SharedCluster.acquire(settings)).isSameAs(first);
    release(first);
    assertThat(first.reference().current()).isSameAs(first);
    Namespace rooms = open(first, UUID.randomUUID().toString());
    OtherProcess.put(rooms, "101", "free");
    server.kill();
    rooms.clear();
    assertThat(threads()).isEqualTo(1);

    release(first);

    assertThat(threads()).isZero();
    assertThat(first.reference().current()).isNull();
    assertThat(LevelRegistry.OF_PROCESS.pendingClears().pendingOf(first)).hasSize(1);
    rooms.shard(0).markForClear(); // by an operation that goes on while the manager is closed
    assertThat(threads()).isZero();
    server.restart();
    SharedCluster second = SharedCluster.acquire(settings);
    assertThat(first.reference().current()).isSameAs(second);

    Waiting.await("it is cleared")
        .until(() -> LevelRegistry.OF_PROCESS.pendingClears().pendingOf(first).isEmpty());
    release(second);
    assertThat(threads()).isZero();
    assertThat(rooms.clears().values()).containsExactly(1L);
  }

  /** The next manager of the servers may have another timeout. */
  @Test
  void pendingClears_goOn_whenTheirServersAreOpenWithOtherTimeouts() {
    ClusterSettings settings = settings();
    SharedCluster first = SharedCluster.acquire(settings);
    Namespace rooms = open(first, UUID.randomUUID().toString());
    OtherProcess.put(rooms, "101", "free");
    server.kill();
    rooms.clear();
    release(first);
    server.restart();

    SharedCluster second =
        SharedCluster.acquire(
            new ClusterSettings(
                settings.servers(),
                settings.operationTimeout().plusMillis(1),
                settings.connectTimeout(),
                2));

    assertThat(first.reference().current()).isSameAs(second);
    Waiting.await("it is cleared")
        .until(() -> LevelRegistry.OF_PROCESS.pendingClears().pendingOf(first).isEmpty());
    release(second);
    assertThat(rooms.clears().values()).containsExactly(1L);
  }

  /** It is the application's, which may be gone. */
  @Test
  void pendingClears_ofAClosedCluster_keepNoResolver() {
    WeakReference<NameResolver> resolver = clearInVain();

    Waiting.await("nobody keeps it")
        .until(
            () -> {
              System.gc();
              return resolver.get() == null;
            });
  }

  private WeakReference<NameResolver> clearInVain() {
    InetAddress here = InetAddress.getLoopbackAddress();
    List<InetAddress> all = new ArrayList<>(List.of(here));
    NameResolver resolver = host -> all;
    SharedCluster cluster = SharedCluster.acquire(settings().withResolver(resolver));
    Namespace rooms = open(cluster, UUID.randomUUID().toString());
    server.kill();
    rooms.clear();
    assertThat(LevelRegistry.OF_PROCESS.pendingClears().pendingOf(cluster)).hasSize(1);
    release(cluster);
    return new WeakReference<>(resolver);
  }

  @Test
  void release_withPatience_waitsUntilAllIsCleared() throws Exception {
    SharedCluster cluster = SharedCluster.acquire(settings());
    Namespace rooms = open(cluster, UUID.randomUUID().toString());
    OtherProcess.put(rooms, "101", "free");
    server.kill();
    rooms.clear();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread closing =
        new Thread(() -> failure.set(catchThrowable(() -> cluster.release(PATIENCE))), "closing");
    closing.start();
    Waiting.await("closing waits").until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    assertThat(cluster.reference().current()).isSameAs(cluster);
    server.restart();

    closing.join(PATIENCE.toMillis());

    assertThat(closing.isAlive()).isFalse();
    assertThat(failure).hasNullValue();
    assertThat(rooms.clears().values()).containsExactly(1L);
    assertThat(cluster.reference().current()).isNull();
  }

  private static void release(SharedCluster cluster) {
    cluster.release(Duration.ZERO);
  }

  private ClusterSettings settings() {
    return new ClusterSettings(
        List.of(TestClusters.address(server)), Duration.ofSeconds(5), Duration.ofSeconds(1), 1);
  }

  private SharedCluster cluster(InstantSource clock) {
    return add(new SharedCluster(settings(), clock, levels));
  }

  private SharedCluster add(SharedCluster cluster) {
    clusters.add(cluster);
    return cluster;
  }

  private static Namespace open(SharedCluster cluster, String... path) {
    return cluster.open(PathKey.of(List.of(path)), MISS, new CacheMetrics());
  }

  private static Thread reader(Namespace namespace, AtomicReference<Throwable> failure) {
    Thread thread =
        new Thread(
            () -> failure.set(catchThrowable(() -> OtherProcess.get(namespace, "101"))), "reader");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static boolean isClearing() {
    return Thread.currentThread().getName().equals(THREAD);
  }

  /** Returns how many threads clear, without those that other tests left. */
  private long threads() {
    return clearingThreads().filter(thread -> !others.contains(thread)).count();
  }

  private static Stream<Thread> clearingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(THREAD));
  }
}
