// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.walk;

import java.util.Map;
import java.util.TreeMap;

/** What the servers have of a level and everything beneath it. Not thread-safe. */
public final class LevelUsage {

  private final String name;
  private final Map<Integer, Long> versions = new TreeMap<>();
  private long items;
  private long bytes;
  private long garbageItems;
  private long garbageBytes;
  private long oldest;

  LevelUsage(String name) {
    this.name = name;
  }

  void addEntries(boolean isLive, long count, long size, long oldestAge) {
    if (isLive) {
      items += count;
      bytes += size;
      oldest = Math.max(oldest, oldestAge);
    } else {
      garbageItems += count;
      garbageBytes += size;
    }
  }

  void hasVersion(int server, long version) {
    versions.put(server, version);
  }

  /** Returns the path, percent-encoded. */
  public String name() {
    return name;
  }

  /** Returns how many entries there are that a cache can read. */
  public long items() {
    return items;
  }

  /** Returns how many bytes these take, with their keys and headers. */
  public long bytes() {
    return bytes;
  }

  /** Returns how many items no cache asks for any more: of versions that were cleared or lost. */
  public long garbageItems() {
    return garbageItems;
  }

  /** Returns how many bytes these take until memcached needs the room. */
  public long garbageBytes() {
    return garbageBytes;
  }

  /** Returns for how many seconds no entry was stored or read, of that for which it is longest. */
  public long oldest() {
    return oldest;
  }

  /** Returns the version of the level by server, where it has one. */
  public Map<Integer, Long> versions() {
    return versions;
  }
}
