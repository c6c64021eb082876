// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.memjcache.support.Waiting.await;
import static org.memjcache.support.Waiting.awaitLatch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.NotAVersionException;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.FrontProxy;
import org.memjcache.support.FrontProxy.Manner;
import org.memjcache.support.OwnThread;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** A namespace of three levels on three servers, each with versions of its own. */
@Memcached(servers = 3)
@Tag("slow")
@Tag("any-jdk")
class ThreeServersTest {

  private static final List<String> KEYS = IntStream.range(0, 30).mapToObj(i -> "k" + i).toList();

  private final MemcachedCluster servers;
  private final OtherProcess process;
  private final OtherProcess other;
  private final String[] path = {"hotels", "Lisboa", "rooms"};
  private final Namespace namespace;

  ThreeServersTest(MemcachedCluster servers) {
    this.servers = servers;
    process = OtherProcess.on(servers);
    other = OtherProcess.on(servers);
    namespace = process.open(path);
    servers.flushAll();
  }

  @AfterEach
  void close() {
    process.close();
    other.close();
  }

  @Test
  void put_onAllServers_eachHasVersionsOfItsOwn() {
    fill();

    for (int level = 0; level < 3; level++) {
      Set<String> versions = new HashSet<>();
      for (int server = 0; server < 3; server++) {
        Level there = namespace.shard(server).levels()[level];
        List<String> answer = server(server).command("get " + there.versionKey());
        assertThat(answer).hasSize(3);
        assertThat(answer.get(1)).isEqualTo(Long.toString(there.highest()));
        versions.add(answer.get(1));
      }
      assertThat(versions).hasSize(3);
    }
  }

  @Test
  void clear_isOneIncrementOnEachServer() {
    fill();
    List<Long> before = increments();

    namespace.clear();

    assertThat(increments()).isEqualTo(before.stream().map(count -> count + 1).toList());
  }

  private List<Long> increments() {
    return IntStream.range(0, 3)
        .mapToObj(server -> Long.parseLong(server(server).stats().get("incr_hits")))
        .toList();
  }

  @Test
  void put_entriesOnAllServers_areReadByAnotherPeer() {
    fill();

    requireAll(other.open(path), true);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void clear_oneLevel_hidesTheEntriesOnAllServers(int level) {
    fill();
    requireAll(other.open(path), true);

    other.clear(List.of(path).subList(0, level + 1).toArray(String[]::new));

    requireAll(namespace, false);
    requireAll(other.open(path), false);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void restartEmpty_oneServer_takesNoEntryOfTheOthers(int restarted) {
    assumeThat(server(restarted).isManaged()).isTrue();
    fill();
    Namespace theirs = other.open(path);
    requireAll(theirs, true);

    server(restarted).restart();
    awaitAllServers(namespace);
    awaitAllServers(theirs);

    for (String key : KEYS) {
      String expected = serverOf(key) == restarted ? null : key;
      assertThat(OtherProcess.get(namespace, key)).as(key).isEqualTo(expected);
      assertThat(OtherProcess.get(theirs, key)).as(key).isEqualTo(expected);
    }
    fill();
    requireAll(theirs, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void oneServerIsAway_itsEntriesFail_theOthersAreServedAndCleared(int away) {
    assumeThat(server(away).isManaged()).isTrue();
    fill();
    server(away).kill();
    String gone = server(away).address();

    try {
      for (String key : KEYS) {
        if (serverOf(key) == away) {
          assertThatExceptionOfType(CacheException.class)
              .isThrownBy(() -> OtherProcess.get(namespace, key))
              .withMessageStartingWith("get on '" + namespace + "' failed after ")
              .withMessageContaining(gone);
          assertThatExceptionOfType(CacheException.class)
              .isThrownBy(() -> OtherProcess.put(other.open(path), key, "stored under a guess"))
              .withMessageContaining(gone);
        } else {
          assertThat(OtherProcess.get(namespace, key)).isEqualTo(key);
        }
      }
      for (int names = 1; names <= 3; names++) {
        List<String> cleared = List.of(path).subList(0, names);
        assertThatExceptionOfType(CacheException.class)
            .isThrownBy(() -> process.clear(cleared.toArray(String[]::new)))
            .withMessageContaining(gone);
        for (String key : KEYS) {
          if (serverOf(key) != away) {
            assertThat(OtherProcess.get(other.open(path), key)).isNull();
            OtherProcess.put(namespace, key, key);
          }
        }
      }
    } finally {
      server(away).restart();
    }
    awaitAllServers(namespace);
    process.clear(path);
    requireAll(namespace, false);
  }

  /** Returns the servers in the order of the cluster's settings. */
  private MemcachedServer server(int index) {
    ServerAddress address = process.cluster().address(index);
    return servers.servers().stream()
        .filter(server -> server.port() == address.port())
        .findFirst()
        .orElseThrow();
  }

  private int serverOf(String key) {
    return namespace.shardOf(OtherProcess.key(key)).server();
  }

  private void fill() {
    for (String key : KEYS) {
      OtherProcess.put(namespace, key, key);
    }
    assertThat(KEYS).extracting(this::serverOf).contains(0, 1, 2);
  }

  private static void requireAll(Namespace namespace, boolean there) {
    for (String key : KEYS) {
      assertThat(OtherProcess.get(namespace, key)).as(key).isEqualTo(there ? key : null);
    }
  }

  private static void awaitAllServers(Namespace namespace) {
    await("all servers are used again")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              try {
                KEYS.forEach(key -> OtherProcess.get(namespace, key));
                return true;
              } catch (CacheException e) {
                return false;
              }
            });
  }

  @Test
  void clear_ownServerTakesAllItsTime_stillReachesTheServerOfAnotherList() {
    assumeThat(server(0).isManaged()).isTrue();
    Namespace porto = other.open("hotels", "Porto", "rooms");
    Namespace lisboa = other.open(path);
    for (String key : KEYS) {
      OtherProcess.put(lisboa, key, "free");
      OtherProcess.put(porto, key, "free");
    }
    try (OtherProcess shorter =
        OtherProcess.on(new ServerAddress[] {address(0), address(1)}, InstantSource.system())) {
      Namespace tolerant = shorter.openTolerant(path);
      awaitThirdServerIsKnown(shorter);
      server(0).pause();
      try {
        tolerant.clear();
      } finally {
        server(0).resume();
      }
      assertThat(keysOnThirdServer(lisboa))
          .allSatisfy(key -> assertThat(OtherProcess.get(lisboa, key)).isNull());
      assertThat(keysOnThirdServer(porto))
          .allSatisfy(key -> assertThat(OtherProcess.get(porto, key)).isNotNull());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT1M"})
  void clear_oneServersVersionIsNone_clearsTheOthersAllTheSame(Duration grace) {
    fill();
    long[] before = new long[3];
    for (int server = 0; server < 3; server++) {
      before[server] = cacheOn(server).highest();
    }
    server(0).command("set " + cacheOn(0).versionKey() + " 0 0 7\r\ngarbage");

    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> namespace.clear(grace))
        .withMessageContaining(cacheOn(0).versionKey());

    for (int server = 1; server < 3; server++) {
      assertThat(cacheOn(server).highest()).isGreaterThan(before[server]);
      assertThat(versionOn(server)).isEqualTo(cacheOn(server).highest());
    }
  }

  @Test
  void clear_ownServersVersionIsNone_stillReachesTheServerOfAnotherList() {
    Namespace lisboa = other.open(path);
    KEYS.forEach(key -> OtherProcess.put(lisboa, key, "free"));
    try (OtherProcess shorter =
        OtherProcess.on(new ServerAddress[] {address(0), address(1)}, InstantSource.system())) {
      Namespace here = shorter.open(path);
      awaitThirdServerIsKnown(shorter);
      server(0).command("set " + cacheOn(0).versionKey() + " 0 0 7\r\ngarbage");

      assertThatExceptionOfType(NotAVersionException.class).isThrownBy(here::clear);

      assertThat(keysOnThirdServer(lisboa))
          .allSatisfy(key -> assertThat(OtherProcess.get(lisboa, key)).isNull());
    }
  }

  /** Each says nothing when it is asked which servers are used, before the other one is asked. */
  @Test
  void clear_serverOfAnotherListIsDown_asksAllOthersAtOnceToNoteThat() {
    assumeThat(server(2).isManaged()).isTrue();
    KEYS.forEach(key -> OtherProcess.put(namespace, key, "free")); // all three are used
    CyclicBarrier bothAreAsked = new CyclicBarrier(2);
    AtomicBoolean waits = new AtomicBoolean();
    ToIntFunction<String> gate =
        key -> {
          if (waits.get() && key.equals("memjcache:identity")) {
            awaitBarrier(bothAreAsked);
          }
          return 0;
        };
    try (FrontProxy first = new FrontProxy(Manner.MEMCACHED, List.of(server(0)), gate);
        FrontProxy second = new FrontProxy(Manner.MEMCACHED, List.of(server(1)), gate);
        OtherProcess shorter =
            OtherProcess.on(
                new ServerAddress[] {first.address(), second.address()}, Duration.ofSeconds(20))) {
      Namespace here = shorter.open(path);
      awaitThirdServerIsKnown(shorter);
      server(2).kill();
      waits.set(true);
      try {
        here.clear();
      } finally {
        waits.set(false);
        bothAreAsked.reset();
        server(2).restart();
      }
    }

    for (int server = 0; server < 2; server++) {
      assertThat(String.join("\n", server(server).command("get memjcache:servers")))
          .as("what server %d keeps", server)
          .containsPattern(" " + address(2) + " [0-9 ]+ left\n");
    }
  }

  /** The clear has failed then, for whom a server that is away is no failure as well. */
  @Test
  void clear_interruptedWhileOthersNoteWhatItMissed_saysSo() {
    assumeThat(server(2).isManaged()).isTrue();
    KEYS.forEach(key -> OtherProcess.put(namespace, key, "free")); // all three are used
    Thread clearing = Thread.currentThread();
    CountDownLatch mayAnswer = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger(Integer.MIN_VALUE);
    ToIntFunction<String> gate =
        key -> {
          if (key.equals("memjcache:identity") && asked.incrementAndGet() == 2) {
            clearing.interrupt();
            awaitLatch(mayAnswer);
          }
          return 0;
        };
    try (FrontProxy first = new FrontProxy(Manner.MEMCACHED, List.of(server(0)), gate);
        OtherProcess shorter =
            OtherProcess.on(new ServerAddress[] {first.address()}, Duration.ofSeconds(20))) {
      Namespace here = shorter.openTolerant(path);
      awaitThirdServerIsKnown(shorter);
      server(2).kill();
      asked.set(0); // the clear asks, and then those that take note of what it missed

      Throwable failure = catchThrowable(here::clear);
      boolean isInterrupted = Thread.interrupted();
      mayAnswer.countDown();
      server(2).restart();

      assertThat(failure)
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("Interrupted")
          .hasMessageContaining("took note of that");
      assertThat(isInterrupted).isTrue();
    }
  }

  /** Otherwise its next operation would be served by a server that a clear has missed meanwhile. */
  @Test
  void idleProcess_looksWhichServersAreUsedAllTheSame() {
    AtomicInteger looks = new AtomicInteger();
    ToIntFunction<String> counting =
        key -> {
          if (key.equals("memjcache:servers")) {
            looks.incrementAndGet();
          }
          return 0;
        };
    try (FrontProxy first = new FrontProxy(Manner.MEMCACHED, List.of(server(0)), counting);
        OtherProcess idle =
            OtherProcess.on(
                new ServerAddress[] {first.address(), address(1)}, Duration.ofSeconds(20))) {
      Namespace rooms = idle.open(path);
      KEYS.forEach(key -> OtherProcess.put(rooms, key, "v")); // both are connected to
      int before = looks.get();

      await("it has looked twice").until(() -> looks.get() >= before + 2);
    }
  }

  /** Its connection was begun before it was listed, so it isn't joined by that. */
  @Test
  void use_serverThatIsBeingConnectedTo_isUsedOnlyAfterItHasSaidWhatItMissed() {
    assumeThat(server(1).isManaged()).isTrue();
    CountDownLatch isAsked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    AtomicBoolean waits = new AtomicBoolean();
    ToIntFunction<String> gate =
        key -> {
          if (waits.get() && key.equals("memjcache:identity")) {
            isAsked.countDown();
            awaitLatch(mayAnswer);
          }
          return 0;
        };
    ServerAddress[] one = {address(0)};
    try (FrontProxy second = new FrontProxy(Manner.MEMCACHED, List.of(server(1)), gate);
        OtherProcess late = OtherProcess.on(one, Duration.ofSeconds(20))) {
      List<ServerAddress> both = List.of(address(0), second.address());
      try (OtherProcess first = OtherProcess.on(one, Duration.ofSeconds(20))) {
        Namespace rooms = first.open(path);
        first.cluster().use(both);
        KEYS.forEach(key -> OtherProcess.put(rooms, key, "cleared"));
        first.cluster().use(List.of(one));
        server(1).pause(); // so the clear misses it
        first.openTolerant(path).clear();
        server(1).resume();
        first.cluster().use(both);
        awaitAllServers(rooms); // it has a floor now
      } // which would ask the servers from time to time
      Namespace lateRooms = late.open(path);
      OtherProcess.put(lateRooms, "any", "thing");
      await("it is known").until(() -> !late.cluster().used().outside().isEmpty());
      waits.set(true);

      CompletableFuture<Void> clear =
          OwnThread.supply(
              () -> {
                late.openTolerant("hotels", "Porto", "rooms").clear(); // which goes there, too
                return null;
              });
      awaitLatch(isAsked);
      CompletableFuture<Void> listing =
          OwnThread.supply(
              () -> {
                late.cluster().use(both);
                return null;
              });
      assertThatExceptionOfType(TimeoutException.class)
          .as("it can't be listed before it has said that")
          .isThrownBy(() -> listing.get(300, TimeUnit.MILLISECONDS));
      waits.set(false);
      mayAnswer.countDown();
      listing.join();

      assertThat(KEYS)
          .allSatisfy(key -> assertThat(OtherProcess.get(lateRooms, key)).isNotEqualTo("cleared"));
      clear.join();
    }
  }

  private static void awaitBarrier(CyclicBarrier barrier) {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> keysOnThirdServer(Namespace namespace) {
    List<String> keys =
        KEYS.stream()
            .filter(key -> namespace.shardOf(OtherProcess.key(key)).server() == 2)
            .toList();
    assertThat(keys).isNotEmpty();
    return keys;
  }

  /** Has a process whose list lacks the third server learn of it from the others. */
  private void awaitThirdServerIsKnown(OtherProcess shorter) {
    Namespace any = shorter.open(path);
    KEYS.forEach(key -> OtherProcess.get(any, key));
    await("the third server is known").until(() -> !shorter.cluster().used().outside().isEmpty());
  }

  private Level cacheOn(int server) {
    return namespace.shard(server).levels()[2];
  }

  /** Returns the version that a server keeps. */
  private long versionOn(int server) {
    return Long.parseLong(server(server).command("get " + cacheOn(server).versionKey()).get(1));
  }

  private ServerAddress address(int index) {
    return TestClusters.address(server(index));
  }
}
