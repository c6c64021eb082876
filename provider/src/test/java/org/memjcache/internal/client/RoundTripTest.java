// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** What the requests do on a real server. */
@Memcached
@Timeout(60)
class RoundTripTest {

  private final MemcachedServer server;
  private Cluster cluster;

  RoundTripTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  void open() {
    server.flushAll();
    cluster = TestClusters.cluster(TestClusters.settings(5000, TestClusters.address(server)));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void set_thenGet_givesValueAndFlags() {
    TestClusters.run(cluster, StoreRequest.set("k", 0xCAFEBABE, 0, Wire.bytes("v")));
    Item item = TestClusters.run(cluster, new GetRequest(List.of("k"), false)).item(0);
    assertThat(item.flags()).isEqualTo(0xCAFEBABE);
    assertThat(item.data()).isEqualTo(Wire.bytes("v"));
    assertThat(server.command("get k")).containsExactly("VALUE k 3405691582 1", "v", "END");
  }

  @Test
  void get_absent_isNull() {
    assertThat(TestClusters.get(cluster, "absent")).isNull();
  }

  @Test
  void add_freeThenTaken() {
    assertThat(TestClusters.run(cluster, StoreRequest.add("k", 0, 0, Wire.bytes("1"))).result())
        .isEqualTo(StoreRequest.Result.STORED);
    assertThat(TestClusters.run(cluster, StoreRequest.add("k", 0, 0, Wire.bytes("2"))).result())
        .isEqualTo(StoreRequest.Result.NOT_STORED);
    assertThat(TestClusters.get(cluster, "k")).isEqualTo("1");
  }

  @Test
  void cas_unchangedChangedAbsent() {
    TestClusters.set(cluster, "k", "1");
    CasToken cas = TestClusters.gets(cluster, "k").token();
    assertThat(cas.unique()).isNotZero();
    assertThat(
            TestClusters.run(cluster, StoreRequest.cas("k", 0, 0, Wire.bytes("2"), cas)).result())
        .isEqualTo(StoreRequest.Result.STORED);
    assertThat(
            TestClusters.run(cluster, StoreRequest.cas("k", 0, 0, Wire.bytes("3"), cas)).result())
        .isEqualTo(StoreRequest.Result.EXISTS);
    assertThat(
            TestClusters.run(cluster, StoreRequest.cas("absent", 0, 0, Wire.bytes("3"), cas))
                .result())
        .isEqualTo(StoreRequest.Result.NOT_FOUND);
    assertThat(TestClusters.get(cluster, "k")).isEqualTo("2");
  }

  @Test
  void delete_presentThenAbsent() {
    TestClusters.set(cluster, "k", "1");
    assertThat(TestClusters.run(cluster, new DeleteRequest("k")).deleted()).isTrue();
    assertThat(TestClusters.run(cluster, new DeleteRequest("k")).deleted()).isFalse();
    assertThat(TestClusters.get(cluster, "k")).isNull();
  }

  @Test
  void compareAndDelete_unchanged_removesAtOnce() {
    TestClusters.set(cluster, "k", "1");
    CasToken cas = TestClusters.gets(cluster, "k").token();
    GetRequest after = new GetRequest(List.of("k"), false);
    CompareAndDeleteRequest deletion = new CompareAndDeleteRequest("k", cas);
    StoreRequest add = StoreRequest.add("k", 0, 0, Wire.bytes("2"));
    cluster.newRoundTrip(new Operation("test")).add(0, deletion).add(0, after).add(0, add).run();
    assertThat(deletion.result()).isEqualTo(CompareAndDeleteRequest.Result.DELETED);
    assertThat(after.item(0)).isNull();
    assertThat(add.result()).isEqualTo(StoreRequest.Result.STORED);
  }

  @Test
  void compareAndDelete_changed_leavesTheItem() {
    TestClusters.set(cluster, "k", "1");
    CasToken cas = TestClusters.gets(cluster, "k").token();
    TestClusters.set(cluster, "k", "2");
    assertThat(TestClusters.run(cluster, new CompareAndDeleteRequest("k", cas)).result())
        .isEqualTo(CompareAndDeleteRequest.Result.EXISTS);
    assertThat(TestClusters.get(cluster, "k")).isEqualTo("2");
  }

  @Test
  void compareAndDelete_absent_isNotFound() {
    assertThat(
            TestClusters.run(cluster, new CompareAndDeleteRequest("k", new CasToken(1, 1)))
                .result())
        .isEqualTo(CompareAndDeleteRequest.Result.NOT_FOUND);
  }

  @Test
  void increment_number_absent_andTooLarge() {
    TestClusters.set(cluster, "n", "1234567890123456789");
    assertThat(TestClusters.run(cluster, new IncrementRequest("n", 1)).value())
        .hasValue(1234567890123456790L);
    assertThat(TestClusters.run(cluster, new IncrementRequest("n", 0)).value())
        .hasValue(1234567890123456790L);
    assertThat(TestClusters.run(cluster, new IncrementRequest("absent", 1)).value()).isEmpty();
  }

  @Test
  void increment_notANumber_isRefused_andTheConnectionGoesOn() {
    TestClusters.set(cluster, "k", "abc");
    IncrementRequest increment = new IncrementRequest("k", 1);
    GetRequest behind = new GetRequest(List.of("k"), false);
    RoundTrip trip = cluster.newRoundTrip(new Operation("test")).add(0, increment).add(0, behind);
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(trip::run)
        .withMessageContaining(server.address())
        .withMessageContaining("cannot increment or decrement non-numeric value")
        .satisfies(
            e -> assertThat(e.kind()).isEqualTo(RequestFailedException.Kind.REFUSED_COMMAND));
    assertThatThrownBy(increment::value).isSameAs(increment.failure());
    assertThat(behind.item(0).data()).isEqualTo(Wire.bytes("abc"));
    assertThat(TestClusters.get(cluster, "k")).isEqualTo("abc");
  }

  @Test
  void increment_beyond63Bits_isUnsignedAndKeepsTheConnection() {
    TestClusters.set(cluster, "n", "9223372036854775807");
    GetRequest behind = new GetRequest(List.of("n"), false);
    IncrementRequest increment = new IncrementRequest("n", 1);
    cluster.newRoundTrip(new Operation("test")).add(0, increment).add(0, behind).run();

    assertThat(increment.value()).hasValue(Long.MIN_VALUE);
    assertThat(behind.item(0).data()).isEqualTo(Wire.bytes("9223372036854775808"));
  }

  @Test
  void storage_tooLarge_tellsSo_andTheStreamStaysInStep() {
    byte[] large = new byte[1024 * 1024 + 1];
    Arrays.fill(large, (byte) '\n');
    TestClusters.set(cluster, "k", "old");
    TestClusters.set(cluster, "added", "old");
    CasToken cas = TestClusters.gets(cluster, "added").token();
    StoreRequest set = StoreRequest.set("k", 0, 0, large);
    StoreRequest add = StoreRequest.add("new", 0, 0, large);
    StoreRequest compareAndSet = StoreRequest.cas("added", 0, 0, large, cas);
    GetRequest behind = new GetRequest(List.of("k", "new", "added"), false);
    cluster
        .newRoundTrip(new Operation("test"))
        .add(0, set)
        .add(0, add)
        .add(0, compareAndSet)
        .add(0, behind)
        .run();
    assertThat(set.result()).isEqualTo(StoreRequest.Result.TOO_LARGE);
    assertThat(add.result()).isEqualTo(StoreRequest.Result.TOO_LARGE);
    assertThat(compareAndSet.result()).isEqualTo(StoreRequest.Result.TOO_LARGE);
    assertThat(behind.item("k")).as("a refused set removes the older item").isNull();
    assertThat(behind.item("new")).isNull();
    assertThat(behind.item("added")).as("a refused cas leaves it").isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8191, 8192, 65_535, 65_536, 200_000, 1_000_000})
  void value_ofAnySize_comesBackAsItWas(int length) {
    byte[] value = new byte[length];
    new Random(length).nextBytes(value);
    StoreRequest set = StoreRequest.set("k", 0, 0, value);
    GetRequest get = new GetRequest(List.of("k", "k"), true);
    cluster.newRoundTrip(new Operation("test")).add(0, set).add(0, get).run();
    assertThat(set.result()).isEqualTo(StoreRequest.Result.STORED);
    assertThat(get.item(0).data()).isEqualTo(value);
    assertThat(get.item(1).data()).isEqualTo(value);
  }

  @Test
  void get_ofThousandsOfLongKeys_isOneTrip() {
    List<String> keys = IntStream.range(0, 5000).mapToObj(i -> i + "-" + "k".repeat(200)).toList();
    RoundTrip trip = cluster.newRoundTrip(new Operation("test"));
    keys.forEach(key -> trip.add(0, StoreRequest.set(key, 0, 0, Wire.bytes(key))));
    trip.run();
    GetRequest all = TestClusters.run(cluster, new GetRequest(keys, false));
    for (int i = 0; i < keys.size(); i++) {
      assertThat(all.item(i).data()).isEqualTo(Wire.bytes(keys.get(i)));
    }
  }

  @Test
  void trip_ofMixedRequests_isCarriedOutInOrderInOneRoundTrip() {
    try (RecordingProxy proxy = RecordingProxy.start(server);
        Cluster proxied =
            TestClusters.cluster(
                TestClusters.settings(5000, new ServerAddress(proxy.host(), proxy.port())))) {
      TestClusters.get(proxied, "connect");
      proxy.reset();
      StoreRequest add = StoreRequest.add("n", 0, 0, Wire.bytes("41"));
      IncrementRequest increment = new IncrementRequest("n", 1);
      GetRequest get = new GetRequest(List.of("absent", "n"), true);
      DeleteRequest delete = new DeleteRequest("n");
      GetRequest gone = new GetRequest(List.of("n"), false);
      proxied
          .newRoundTrip(new Operation("test"))
          .add(0, add)
          .add(0, increment)
          .add(0, get)
          .add(0, delete)
          .add(0, gone)
          .run();
      assertThat(add.result()).isEqualTo(StoreRequest.Result.STORED);
      assertThat(increment.value()).hasValue(42);
      assertThat(get.item("n").data()).isEqualTo(Wire.bytes("42"));
      assertThat(delete.deleted()).isTrue();
      assertThat(gone.item(0)).isNull();
      assertThat(proxy.requests())
          .containsExactly("add n 0 0 2", "incr n 1", "gets absent n", "delete n", "get n");
      assertThat(proxy.roundTrips()).isEqualTo(1);
    }
  }

  @Test
  void exptime_atOnce_isGone() {
    TestClusters.run(cluster, StoreRequest.set("k", 0, Exptime.AT_ONCE, Wire.bytes("v")));
    assertThat(TestClusters.get(cluster, "k")).isNull();
    TestClusters.run(cluster, StoreRequest.set("k", 0, 2_592_000, Wire.bytes("v")));
    assertThat(TestClusters.get(cluster, "k")).isEqualTo("v");
    TestClusters.run(cluster, StoreRequest.set("k", 0, Integer.MAX_VALUE, Wire.bytes("v")));
    assertThat(TestClusters.get(cluster, "k")).isEqualTo("v");
  }

  @Test
  void run_threadsAtOnce_getTheirOwnAnswers() throws Exception {
    inThreads(8, id -> writeAndRead("thread-" + id, new Random(id), 300));
  }

  private void writeAndRead(String key, Random random, int rounds) {
    for (int i = 0; i < rounds; i++) {
      byte[] value = new byte[i % 50 == 0 ? random.nextInt(300_000) : random.nextInt(200)];
      random.nextBytes(value);
      StoreRequest set = StoreRequest.set(key, i, 0, value);
      GetRequest get = new GetRequest(List.of("absent", key), true);
      cluster.newRoundTrip(new Operation("test")).add(0, set).add(0, get).run();
      Item item = get.item(1);
      assertThat(item.flags()).isEqualTo(i);
      assertThat(item.data()).isEqualTo(value);
    }
  }

  @Test
  void run_threadsThatReadAtOnce_shareLinesAndGetTheirOwnItems() throws Exception {
    byte[] large = new byte[200_000];
    new Random(1).nextBytes(large);
    TestClusters.run(cluster, StoreRequest.set("large", 0, 0, large));
    TestClusters.set(cluster, "version", "1234567890123456789");
    for (int i = 0; i < 100; i++) {
      TestClusters.set(cluster, "item-" + i, "value-" + i);
    }
    int rounds = 1000;
    long before = Long.parseLong(server.stats().get("cmd_get"));
    inThreads(8, id -> readOnly(new Random(id), rounds, large));
    long keysRead = Long.parseLong(server.stats().get("cmd_get")) - before;
    assertThat(keysRead).as("keys looked up").isLessThanOrEqualTo(8 * rounds * 3);
  }

  private void readOnly(Random random, int rounds, byte[] large) {
    for (int i = 0; i < rounds; i++) {
      String key = i % 100 == 50 ? "large" : "item-" + random.nextInt(100);
      GetRequest get = new GetRequest(List.of("version", "absent", key), i % 7 == 0);
      cluster.newRoundTrip(new Operation("test")).add(0, get).run();
      assertThat(Wire.text(get.item(0).data())).isEqualTo("1234567890123456789");
      assertThat(get.item(1)).isNull();
      assertThat(get.item(2).key()).isEqualTo(key);
      assertThat(get.item(2).data())
          .isEqualTo(key.equals("large") ? large : Wire.bytes(key.replace("item", "value")));
    }
  }

  private static void inThreads(int threads, IntConsumer task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int id = t;
        all.add(pool.submit(() -> task.accept(id)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void run_severalConnections_allWork() throws Exception {
    ClusterSettings one = cluster.settings();
    ClusterSettings four =
        new ClusterSettings(one.servers(), one.operationTimeout(), one.connectTimeout(), 4);
    try (Cluster pooled = TestClusters.cluster(four)) {
      TestClusters.await(
          Duration.ofSeconds(5),
          () -> {
            TestClusters.get(pooled, "k");
            return Integer.parseInt(server.stats().get("curr_connections")) >= 5;
          });
      inThreads(
          8,
          id -> {
            TestClusters.set(pooled, "k" + id, "v" + id);
            assertThat(TestClusters.get(pooled, "k" + id)).isEqualTo("v" + id);
          });
    }
  }

  /** With failure=miss, operations go on without a server, but not without an answer of another. */
  @Test
  void run_oneServerIsAwayAndAnotherRefuses_refusalGoesFirst() {
    ServerAddress away = new ServerAddress("127.0.0.1", 1);
    ClusterSettings both = TestClusters.settings(5000, away, TestClusters.address(server));
    TestClusters.set(cluster, "k", "no number");
    try (Cluster two = TestClusters.cluster(both)) {
      RoundTrip trip =
          two.newRoundTrip(new Operation("test"))
              .add(two.indexOf(away), new DeleteRequest("k"))
              .add(1 - two.indexOf(away), new IncrementRequest("k", 1));

      assertThat(TestClusters.failure(trip::run).kind())
          .isEqualTo(RequestFailedException.Kind.REFUSED_COMMAND);
    }
  }

  @Test
  void run_empty_doesNothing() {
    cluster.newRoundTrip(new Operation("test")).run();
  }

  @Test
  void run_twice_isAMistake() {
    RoundTrip trip = cluster.newRoundTrip(new Operation("test")).add(0, new DeleteRequest("k"));
    trip.run();
    assertThatIllegalStateException().isThrownBy(trip::run);
    assertThatIllegalStateException().isThrownBy(() -> trip.add(0, new DeleteRequest("k")));
  }

  @Test
  void add_requestOfAnotherTrip_isAMistake() {
    DeleteRequest deletion = new DeleteRequest("k");
    cluster.newRoundTrip(new Operation("test")).add(0, deletion).run();
    assertThatIllegalStateException()
        .isThrownBy(() -> cluster.newRoundTrip(new Operation("test")).add(0, deletion));
  }

  @Test
  void run_interruptedBefore_sendsNothing_andKeepsTheFlag() {
    TestClusters.set(cluster, "k", "old");
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> TestClusters.set(cluster, "k", "new"))
          .withMessageContaining("not sent")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(RequestFailedException.Kind.INTERRUPTED));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(TestClusters.get(cluster, "k")).isEqualTo("old");
  }

  @Test
  void itemSizeLimit_isTheServersOption() {
    assertThat(cluster.admin(0).itemSizeLimit(Duration.ofSeconds(5))).isEqualTo(1024 * 1024);
  }
}
