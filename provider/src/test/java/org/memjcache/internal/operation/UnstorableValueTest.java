// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.InMemoryEntryStore;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.TurnableClock;

/**
 * A value takes the place of an item that this process can't read, and can't be stored: the item
 * goes, as other processes may be able to read it.
 */
class UnstorableValueTest {

  private final TurnableClock clock = new TurnableClock();
  private final InMemoryEntryStore<String, Object> store =
      new InMemoryEntryStore<>(String.class, Object.class, clock);
  private final CacheContext<String, Object> context =
      MemoryCache.contextOf(
          store,
          Object.class,
          clock,
          Loader.of(() -> new FunctionLoader<String, Object>(key -> new Object())));

  @Test
  void invoke_setsIt() {
    store.damage(store.encodeKey("k"));

    new Processors<>(context)
        .invoke(
            "k",
            (entry, arguments) -> {
              entry.setValue(new Object());
              return null;
            });

    assertThat(missing()).isEqualTo(MissReason.COLD);
  }

  @Test
  void loadAll_replacesByIt() {
    store.damage(store.encodeKey("k"));

    CompletionListenerFuture done = new CompletionListenerFuture();
    new Loads<>(context).loadAll(Set.of("k"), true, done);
    assertThatThrownBy(done::get).hasStackTraceContaining("can't be");

    assertThat(missing()).isEqualTo(MissReason.COLD);
  }

  /** It is no newer than what others may read. */
  @Test
  void get_loadsIt_leavesTheItem() {
    store.damage(store.encodeKey("k"));

    assertThat(new Reads<>(context, null).get("k")).isNotNull();

    assertThat(missing()).isEqualTo(MissReason.DAMAGED);
  }

  private MissReason missing() {
    return store.read(new Operation("test"), store.encodeKey("k"), false).missing();
  }
}
