// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void reserve_manyTimes_allDifferentAndFree() throws Exception {
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        ports.add(Ports.reserve());
      }
      assertThat(ports).doesNotHaveDuplicates();
      for (int port : ports.subList(0, 20)) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
          assertThat(socket.isBound()).isTrue();
        }
      }
    } finally {
      ports.forEach(Ports::release);
    }
  }

  @Test
  void reserve_always_belowThePortsOfOutgoingConnections() {
    int port = Ports.reserve();
    Ports.release(port);
    assertThat(port).isBetween(20_000, 32_767);
  }
}
