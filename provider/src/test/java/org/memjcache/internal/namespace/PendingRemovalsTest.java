// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** What one thread has settled, and stored since, another one that looked before leaves alone. */
@Memcached
class PendingRemovalsTest {

  private static final EntryKey ROOM = OtherProcess.key("101");

  private final OtherProcess process;
  private final Namespace rooms;

  PendingRemovalsTest(MemcachedCluster servers) {
    process = OtherProcess.on(servers);
    rooms = process.openTolerant("hotels", "rooms");
    OtherProcess.put(rooms, "101", "free");
  }

  @AfterEach
  void close() {
    process.close();
  }

  @Test
  void removalSettledMeanwhile_leavesWhatWasStoredSince() {
    rooms.shard(0).markForRemoval(ROOM, null);
    List<PendingRemoval> found = List.copyOf(removals().all());
    assertThat(rooms.shard(0).settle(new Operation("put"), Set.of(ROOM))).isEmpty();
    OtherProcess.put(rooms, "101", "taken");

    assertThat(removals().removeOnce(rooms.shard(0), new Operation("remove"), found)).isTrue();

    assertThat(OtherProcess.get(rooms, "101")).isEqualTo("taken");
  }

  @Test
  void lostWriteThatAClearHasSettled_clearsNothingAgain() {
    AtomicReference<LateResponse.State> late = new AtomicReference<>(LateResponse.State.AWAITED);
    rooms.shard(0).markForRemoval(ROOM, late::get);
    List<PendingRemoval> found = List.copyOf(removals().all());
    assertThat(found).hasSize(1);
    rooms.clear();
    OtherProcess.put(rooms, "101", "taken");
    late.set(LateResponse.State.LOST);

    assertThat(removals().removeOnce(rooms.shard(0), new Operation("remove"), found)).isTrue();

    assertThat(process.pendingClears().pending).isEmpty();
    assertThat(OtherProcess.get(rooms, "101")).isEqualTo("taken");
  }

  private PendingRemovals removals() {
    return process.pendingClears().removals();
  }
}
