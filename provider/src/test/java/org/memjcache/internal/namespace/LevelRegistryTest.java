// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.Waiting;

/** A level is one object while somebody uses it, and no memory when nobody does. */
class LevelRegistryTest {

  private static final ServerAddress SERVER = server("one");

  private final LevelRegistry registry = new LevelRegistry(0);

  @Test
  void level_askedTwice_isTheSame() {
    assertThat(level("a")).isSameAs(level("a")).isNotSameAs(level("b"));
    assertThat(registry.levels.size()).isEqualTo(2);
  }

  @Test
  void level_askedByManyThreads_isTheSame() {
    Set<Level> seen =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    IntStream.range(0, 10_000).parallel().forEach(i -> seen.add(level("name" + i % 10)));

    assertThat(seen).hasSize(10);
    assertThat(registry.levels.size()).isEqualTo(10);
  }

  @Test
  void level_nobodyUsesIt_isForgotten() {
    Level used = level("used");
    used.saw(7, System.nanoTime());
    for (int i = 0; i < 10_000; i++) {
      level("unused" + i);
    }

    Waiting.await("unused levels are forgotten")
        .until(
            () -> {
              System.gc();
              return remembered() == 1;
            });
    assertThat(level("used")).isSameAs(used);
    assertThat(level("unused0").highest()).isZero();
    Reference.reachabilityFence(used);
  }

  @Test
  void level_sameServer_isTheSame() {
    assertThat(registry.level(server("one"), "a", "a:version")).isSameAs(level("a"));
    assertThat(registry.level(server("two"), "a", "a:version")).isNotSameAs(level("a"));
  }

  @Test
  @Tag("slow")
  void level_clearIsPending_isNotForgotten() {
    SharedCluster shared =
        new SharedCluster(
            ClusterSettings.of(new ServerAddress("one", 1)), InstantSource.system(), registry);
    registry
        .pendingClears()
        .markForClear(new Level[] {level("pending")}, PathKey.of(List.of("pending")), null, shared);
    level("pending").saw(7, System.nanoTime());
    level("unused");

    Waiting.await("only the level with a pending clear is left")
        .until(
            () -> {
              System.gc();
              return remembered() == 1;
            });

    assertThat(level("pending").highest()).isEqualTo(7);
    registry.pendingClears().cleared(registry.pendingClears().pending.get(level("pending")), 1);
    shared.release(Duration.ZERO);
    Waiting.await("the level is forgotten")
        .until(
            () -> {
              System.gc();
              return remembered() == 0;
            });
  }

  private static ServerAddress server(String host) {
    return new ServerAddress(host, ServerAddress.DEFAULT_PORT);
  }

  /** Returns how many levels are left when one of other servers has been asked for. */
  private int remembered() {
    registry.level(server("other"), "any", "any:version");
    return registry.levels.size() - 1;
  }

  private Level level(String name) {
    return registry.level(SERVER, name, name + ":version");
  }
}
