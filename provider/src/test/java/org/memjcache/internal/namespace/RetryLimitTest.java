// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.support.ScriptedServer;

/** Somebody changes versions between any two looks at them: nobody tries for ever. */
@Timeout(60)
class RetryLimitTest {

  /** Far above what a thousand attempts take on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private final AtomicLong version = new AtomicLong(1_800_000_000_000_000_000L);

  private void with(UnaryOperator<String> script, java.util.function.Consumer<Namespace> test) {
    try (ScriptedServer server = new ScriptedServer(script)) {
      SharedCluster cluster =
          new SharedCluster(
              new ClusterSettings(List.of(server.address()), PATIENCE, PATIENCE, 1),
              InstantSource.system(),
              new LevelRegistry(10));
      try {
        test.accept(
            cluster.open(
                PathKey.of(List.of("hotels")), ConsistencyPolicy.STRICT, new CacheMetrics()));
      } finally {
        cluster.release(Duration.ZERO);
      }
    }
  }

  private static String value(String keyword, long number) {
    return "VALUE hotels:version 0 19" + keyword + "\r\n" + number + "\r\nEND\r\n";
  }

  @Test
  void batch_versionIsAnotherEachTime_givesUp() {
    with(
        line -> line.startsWith("get ") ? value("", version.incrementAndGet()) : "",
        hotels -> {
          assertThatExceptionOfType(CacheException.class)
              .isThrownBy(() -> read(hotels))
              .withMessageContaining("get on 'hotels' gave up after 1000 attempts");
        });
    assertThat(version.get()).isEqualTo(1_800_000_000_000_000_000L + 1_001);
  }

  private static void read(Namespace hotels) {
    VersionedBatch batch = hotels.shard(0).newBatch(new Operation("get"), 1);
    batch.read(batch.prefix().listed("k"));
    while (!batch.run()) {
      batch = batch.retry();
      batch.read(batch.prefix().listed("k"));
    }
  }

  @Test
  void pushForward_neverSucceeds_givesUp() {
    with(
        line ->
            switch (line.split(" ")[0]) {
              case "get" -> value("", version.getAndSet(1_700_000_000_000_000_000L));
              case "gets" -> value(" 7", version.get());
              case "cas" -> "EXISTS\r\n";
              default -> "";
            },
        hotels ->
            assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> read(hotels))
                .withMessageContaining("'hotels' gave up after 1000 attempts"));
  }

  @Test
  void create_isNeitherThereNorTaken_givesUp() {
    with(
        line ->
            switch (line.split(" ")[0]) {
              case "get" -> "END\r\n";
              case "add" -> "NOT_STORED\r\n";
              default -> "";
            },
        hotels ->
            assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> read(hotels))
                .withMessageContaining("creating a version on 'hotels' gave up"));
  }
}
