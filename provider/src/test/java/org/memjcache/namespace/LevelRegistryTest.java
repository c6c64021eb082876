package org.memjcache.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A level is one object while somebody uses it, and no memory when nobody does. */
class LevelRegistryTest {

  private final LevelRegistry registry = new LevelRegistry();

  @Test
  void level_askedTwice_isTheSame() {
    assertThat(level("a")).isSameAs(level("a")).isNotSameAs(level("b"));
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void level_askedByManyThreads_isTheSame() {
    Set<Level> seen =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    IntStream.range(0, 10_000).parallel().forEach(i -> seen.add(level("name" + i % 10)));

    assertThat(seen).hasSize(10);
    assertThat(registry.size()).isEqualTo(10);
  }

  @Test
  void level_nobodyUsesIt_isForgotten() {
    Level used = level("used");
    used.saw(7);
    for (int i = 0; i < 10_000; i++) {
      level("unused" + i);
    }

    Poll.until(
        Duration.ofSeconds(20),
        () -> {
          System.gc();
          return registry.size() == 1;
        });
    assertThat(level("used")).isSameAs(used);
    assertThat(level("unused0").highest()).isZero();
    Reference.reachabilityFence(used);
  }

  private Level level(String name) {
    return registry.level(name, name + ":version", 0);
  }
}
