// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.discovery;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Which servers are in the list: those that the service names, and those that it has named less
 * than the grace ago. Used by one thread.
 */
final class NamedServers {

  private final long graceNanos;
  private final LongSupplier elapsed;

  /** When the service was first found not to name a server any more; null while it does. */
  private Map<ServerAddress, @Nullable Long> absentSince = new TreeMap<>(ServerAddress.BY_NAME);

  /**
   * Creates an empty list.
   *
   * @param elapsed nanoseconds, for differences only
   */
  NamedServers(Duration grace, LongSupplier elapsed) {
    this.graceNanos = grace.toNanos();
    this.elapsed = elapsed;
  }

  /**
   * Takes what the service names now.
   *
   * @return those that it has just ceased to name, and that keep their places for now
   */
  List<ServerAddress> update(List<ServerAddress> named) {
    long now = elapsed.getAsLong();
    Set<ServerAddress> present = new HashSet<>(named);
    Map<ServerAddress, @Nullable Long> updated = new TreeMap<>(ServerAddress.BY_NAME);
    absentSince.forEach(
        (server, since) -> {
          long absent = since == null ? now : since;
          if (now - absent < graceNanos) {
            updated.put(server, absent);
          }
        });
    List<ServerAddress> gone =
        updated.keySet().stream()
            .filter(server -> !present.contains(server) && absentSince.get(server) == null)
            .toList();
    present.forEach(server -> updated.put(server, null));
    absentSince = updated;
    return gone;
  }

  /** Returns all servers, in the order of their names. */
  List<ServerAddress> all() {
    return List.copyOf(absentSince.keySet());
  }

  /** Returns those of some servers that aren't among others. */
  static List<ServerAddress> without(List<ServerAddress> some, List<ServerAddress> others) {
    Stream<ServerAddress> left = some.stream().filter(each -> !others.contains(each));
    return left.toList();
  }
}
