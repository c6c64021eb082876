// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The caches that all processes work on, and their keys. */
final class SharedCaches {

  static final String APPLICATION = "chaos";
  static final List<String> TENANTS = List.of("Lisboa", "Porto", "Faro");

  /** The cache whose entries live for {@link #SHORT_LIFE} from their creation on. */
  static final String SHORT = "short";

  /** The cache that listeners listen to. */
  static final String HEARD = "guests";

  static final List<String> CACHES = List.of("rooms", HEARD, SHORT);
  static final Duration SHORT_LIFE = Duration.ofMillis(200);
  static final Map<String, Duration> LIFETIMES = Map.of(SHORT, SHORT_LIFE);
  static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4");
  static final List<String> COUNTERS = List.of("n0", "n1");

  private SharedCaches() {}

  static String tenant(String tenant) {
    return APPLICATION + "/" + tenant;
  }

  static String cache(String tenant, String cache) {
    return tenant(tenant) + "/" + cache;
  }

  /** Returns all levels of all caches, each once. */
  static List<String> levels() {
    List<String> levels = new ArrayList<>(List.of(APPLICATION));
    for (String tenant : TENANTS) {
      levels.add(tenant(tenant));
      for (String cache : CACHES) {
        levels.add(cache(tenant, cache));
      }
    }
    return levels;
  }
}
