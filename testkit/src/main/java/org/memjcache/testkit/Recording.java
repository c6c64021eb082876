// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** What went over the wire since the last reset, all connections together. Thread safe. */
final class Recording {

  private final ByteArrayOutputStream up = new ByteArrayOutputStream();
  private final ByteArrayOutputStream down = new ByteArrayOutputStream();
  private final List<String> requests = new ArrayList<>();
  private int roundTrips;
  private int connections;

  synchronized void connected() {
    connections++;
  }

  synchronized void sent(byte[] bytes, List<String> completed, boolean newRoundTrip) {
    up.writeBytes(bytes);
    requests.addAll(completed);
    if (newRoundTrip) {
      roundTrips++;
    }
  }

  synchronized void received(byte[] bytes, int length) {
    down.write(bytes, 0, length);
  }

  synchronized void reset() {
    up.reset();
    down.reset();
    requests.clear();
    roundTrips = 0;
    connections = 0;
  }

  synchronized byte[] up() {
    return up.toByteArray();
  }

  synchronized byte[] down() {
    return down.toByteArray();
  }

  synchronized long bytesUp() {
    return up.size();
  }

  synchronized long bytesDown() {
    return down.size();
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized int roundTrips() {
    return roundTrips;
  }

  synchronized int connections() {
    return connections;
  }
}
