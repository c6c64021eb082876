// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.NearLimit;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.SharedCluster;
import org.memjcache.internal.near.NearCopies;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** What becomes of reads that are on their way while the entry is changed. */
@Memcached
class NearEntryStoreTest {

  private static final Operation TEST = new Operation("test");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JavaSerializer serializer =
      new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes());
  private final SharedCluster cluster;
  private final Namespace namespace;
  private final ValueReader<String> values =
      new ValueReader<>(
          new EnvelopeCodec(new ValueCodec(serializer, CompressionRule.NOTHING)),
          String.class,
          false);
  private final EntryStore<String, String> inMemcached;

  /** Of another cache, which keeps nothing near. */
  private final EntryStore<String, String> plain;

  private final NearCopies<String> copies;
  private final EntryStore<String, String> near;
  private final EntryKey key;

  /** Runs once, when the next read has its response and its caller doesn't have it yet. */
  private Runnable afterNextRead = () -> {};

  NearEntryStoreTest(MemcachedServer server) {
    cluster =
        SharedCluster.acquire(
            new ClusterSettings(List.of(TestClusters.address(server)), PATIENCE, PATIENCE, 1));
    namespace =
        cluster.open(
            PathKey.of(List.of(UUID.randomUUID().toString(), "cache")),
            ConsistencyPolicy.of(Duration.ofHours(1), false),
            new CacheMetrics());
    inMemcached =
        new MemcachedEntryStore<>(
            namespace,
            new EntryKeyCodec(serializer),
            values,
            String.class,
            InstantSource.system(),
            false);
    plain = nearStore(inMemcached, null);
    copies = new NearCopies<>(namespace, NearLimit.ofEntries(10));
    near = nearStore(interrupted(), copies);
    key = near.encodeKey("k");
  }

  @AfterEach
  void close() {
    near.close();
    cluster.release(Duration.ZERO);
  }

  private EntryStore<String, String> nearStore(
      EntryStore<String, String> store, NearCopies<String> keeping) {
    return new NearEntryStore<>(store, namespace, values, keeping, InstantSource.system());
  }

  private EntryStore<String, String> interrupted() {
    return store(
        (proxy, method, arguments) -> {
          try {
            Object result = method.invoke(inMemcached, arguments);
            if (method.getName().startsWith("read")) {
              Runnable next = afterNextRead;
              afterNextRead = () -> {};
              next.run();
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static EntryStore<String, String> store(InvocationHandler handler) {
    return (EntryStore<String, String>)
        Proxy.newProxyInstance(
            NearEntryStoreTest.class.getClassLoader(), new Class<?>[] {EntryStore.class}, handler);
  }

  /** A change of the entry by another cache of the process. */
  private record Change(String name, Runner runner) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Runner {
    void run(EntryStore<String, String> store, EntryKey key);
  }

  static Stream<Change> changes() {
    return Stream.of(
        new Change("set", (store, key) -> set(store, "new")),
        new Change("delete", (store, key) -> store.delete(TEST, List.of(key))),
        new Change("clear", (store, key) -> store.clear(Duration.ZERO)),
        new Change(
            "change",
            (store, key) ->
                store.change(
                    TEST,
                    List.of(
                        new PlannedChange<>(
                            store.read(TEST, key, true),
                            org.memjcache.internal.entry.Change.Simple.REMOVE,
                            true)))),
        new Change(
            "removal of all",
            (store, key) ->
                store
                    .scanForRemoval(TEST)
                    .forEachRemaining(each -> store.delete(TEST, List.of(each.encodedKey())))));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void find_whileTheEntryIsChanged_keepsNothing(Change change) {
    set(plain, "old");
    afterNextRead = () -> change.runner.run(plain, key);
    assertThat(near.find(TEST, key, false).valueOrNull()).isEqualTo("old");

    assertThat(near.find(TEST, key, false).valueOrNull()).isNotEqualTo("old");
    assertThat(near.near("k")).isNotEqualTo("old");
  }

  @ParameterizedTest
  @MethodSource("changes")
  void findAll_whileTheEntryIsChanged_keepsNothing(Change change) {
    set(plain, "old");
    afterNextRead = () -> change.runner.run(plain, key);
    assertThat(near.findAll(TEST, List.of(key), false).get(0).valueOrNull()).isEqualTo("old");

    assertThat(near.findAll(TEST, List.of(key), false).get(0).valueOrNull()).isNotEqualTo("old");
  }

  /** A change whose outcome nobody knows may have been made. */
  @Test
  void find_whileAChangeFails_keepsNothing() {
    set(plain, "old");
    EntryStore<String, String> failing =
        nearStore(
            store(
                (proxy, method, arguments) -> {
                  set(inMemcached, "new");
                  throw new IllegalStateException("no response");
                }),
            null);
    afterNextRead =
        () -> {
          try {
            failing.delete(TEST, List.of(key));
          } catch (IllegalStateException e) {
            // as a caller would get it
          }
        };
    near.find(TEST, key, false);

    assertThat(near.find(TEST, key, false).valueOrNull()).isEqualTo("new");
  }

  /** Two reads of one entry may end in another order than they were sent in. */
  @Test
  void find_thatWasSentBeforeAnother_doesNotReplaceWhatThatOneRead() {
    set(inMemcached, "old");
    afterNextRead =
        () -> {
          set(inMemcached, "new"); // as another process does
          near.find(TEST, key, false);
        };
    assertThat(near.find(TEST, key, false).valueOrNull()).isEqualTo("old");

    assertThat(near.near("k")).isEqualTo("new");
  }

  @Test
  void find_afterReading_isNear() {
    set(plain, "old");
    near.find(TEST, key, false);

    Snapshot<String> found = near.find(TEST, key, false);

    assertThat(found.isNear()).isTrue();
    assertThat(found.valueOrNull()).isEqualTo("old");
    assertThat(near.near("k")).isEqualTo("old");
    assertThat(plain.find(TEST, key, false).isNear()).isFalse();
  }

  @Test
  void find_afterClosing_keepsNothing() {
    set(plain, "old");
    near.close();
    near.find(TEST, key, false);

    assertThat(near.find(TEST, key, false).isNear()).isFalse();
  }

  private static void set(EntryStore<String, String> store, String value) {
    store.set(
        TEST,
        List.of(new NewEntry<>("k", store.encodeKey("k"), value, store.encodeValue(value))),
        () -> Deadline.ETERNAL);
  }
}
