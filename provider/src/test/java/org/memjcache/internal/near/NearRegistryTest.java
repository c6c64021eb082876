// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.near;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.NearLimit;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.SharedCluster;

class NearRegistryTest {

  private static final EntryKey KEY = new EntryKey("Sk");

  private final SharedCluster cluster =
      SharedCluster.acquire(
          new ClusterSettings(
              List.of(new ServerAddress("localhost", 1)),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              1));

  private final Namespace namespace =
      cluster.open(
          PathKey.of(List.of(UUID.randomUUID().toString(), "cache")),
          ConsistencyPolicy.of(Duration.ofHours(1), false),
          new CacheMetrics());

  @AfterEach
  void close() {
    cluster.release(Duration.ZERO);
  }

  private NearCopies<String> open() {
    return new NearCopies<>(namespace, NearLimit.ofEntries(10));
  }

  @Test
  void outdate_isHeardByAllOfTheNamespace_untilTheyAreClosed() {
    NearCopies<String> one = open();
    NearCopies<String> other = open();
    long before = one.changes(KEY);

    NearRegistry.outdate(namespace.path(), KEY);
    assertThat(one.changes(KEY)).isGreaterThan(before);
    assertThat(other.changes(KEY)).isGreaterThan(before);

    one.close();
    before = other.changes(KEY);
    NearRegistry.outdate(namespace.path(), KEY);
    assertThat(other.changes(KEY)).isGreaterThan(before);

    other.close();
    before = other.changes(KEY);
    NearRegistry.outdate(namespace.path(), KEY);
    assertThat(other.changes(KEY)).isEqualTo(before);
  }

  /** An application may be dropped without closing its caches. */
  @Test
  void nearCachesThatAreDropped_areNotKept() {
    WeakReference<NearCopies<String>> dropped = new WeakReference<>(open());

    await("it is collected")
        .until(
            () -> {
              System.gc();
              return dropped.refersTo(null);
            });
  }
}
