// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.walk;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a walk over all servers has found.
 *
 * @param levels those beneath the path that was asked for, in no order
 * @param unlisted levels for which there was no room, together; null if there are none
 * @param servers in the order of the list
 */
public record WalkResult(
    Collection<LevelUsage> levels, @Nullable LevelUsage unlisted, List<ServerUsage> servers) {

  /** Returns the servers that were walked to the end: the levels are of these, and no others. */
  public List<ServerUsage> walked() {
    return servers.stream().filter(ServerUsage::isWhole).toList();
  }

  /** Returns the memory in bytes of the servers that were walked to the end, as far as told. */
  public long memory() {
    return walked().stream()
        .map(ServerUsage::memory)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Returns whether the walk got to the end on all servers. */
  public boolean isWhole() {
    return servers.stream().allMatch(ServerUsage::isWhole);
  }
}
