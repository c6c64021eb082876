// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.config.value.ServerAddress;

class KetamaRingTest {

  private static final int KEYS = 20_000;

  private static List<ServerAddress> servers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ServerAddress("cache-" + i + ".example.org", 11211))
        .toList();
  }

  private static String key(int i) {
    return "shop/tenant-" + i % 7 + "/orders:" + i;
  }

  @Test
  void serverOf_knownMapping_neverChanges() {
    KetamaRing ring =
        new KetamaRing(
            List.of(
                new ServerAddress("10.0.1.1", 11211),
                new ServerAddress("10.0.1.2", 11211),
                new ServerAddress("10.0.1.3", 11211)));
    int[] owners = IntStream.range(0, 16).map(i -> ring.serverOf("key-" + i)).toArray();
    // Computed by another program, from the definition.
    assertThat(owners).containsExactly(2, 2, 2, 2, 2, 2, 2, 0, 1, 1, 0, 2, 0, 0, 1, 2);
  }

  @Test
  void serverOf_singleServer_isThat() {
    KetamaRing ring = new KetamaRing(servers(1));
    assertThat(IntStream.range(0, 100).map(i -> ring.serverOf(key(i)))).containsOnly(0);
  }

  @Test
  void serverOf_manyKeys_areSpreadEvenly() {
    for (int count : new int[] {2, 3, 5, 20}) {
      KetamaRing ring = new KetamaRing(servers(count));
      int[] load = new int[count];
      for (int i = 0; i < KEYS; i++) {
        load[ring.serverOf(key(i))]++;
      }
      double fair = (double) KEYS / count;
      for (int ofServer : load) {
        assertThat(ofServer / fair).as("share of one of %d servers", count).isBetween(0.7, 1.3);
      }
    }
  }

  @Test
  void serverOf_serversInAnotherOrder_isTheSameServer() {
    List<ServerAddress> servers = servers(9);
    List<ServerAddress> shuffled = new ArrayList<>(servers);
    Collections.shuffle(shuffled, new Random(1));
    KetamaRing one = new KetamaRing(servers);
    KetamaRing other = new KetamaRing(shuffled);
    for (int i = 0; i < KEYS; i++) {
      assertThat(shuffled.get(other.serverOf(key(i)))).isEqualTo(servers.get(one.serverOf(key(i))));
    }
  }

  @Test
  void serverOf_oneServerLess_movesItsKeysOnly() {
    KetamaRing five = new KetamaRing(servers(5));
    KetamaRing four = new KetamaRing(servers(4));
    for (int i = 0; i < KEYS; i++) {
      int before = five.serverOf(key(i));
      if (before != 4) {
        assertThat(four.serverOf(key(i))).isEqualTo(before);
      }
    }
  }
}
