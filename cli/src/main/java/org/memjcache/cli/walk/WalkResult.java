// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.walk;

import java.util.Collection;
import java.util.List;
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

  /** Returns the memory of all servers in bytes. */
  public long memory() {
    return servers.stream().mapToLong(ServerUsage::memory).sum();
  }

  /** Returns whether the walk got to the end on all servers. */
  public boolean isWhole() {
    return servers.stream().allMatch(server -> server.failure() == null);
  }
}
