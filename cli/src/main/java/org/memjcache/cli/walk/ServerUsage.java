// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.walk;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.connection.Connection;

/** What one server has, and how far the walk over it got. Not thread-safe. */
public final class ServerUsage {

  private final String name;
  private final LevelUsage entries;
  private Map<String, String> statistics = Map.of();
  private long walked;
  private long versions;
  private long leases;
  private long others;
  private long otherBytes;
  private @Nullable String failure;

  ServerUsage(String name, String level) {
    this.name = name;
    this.entries = new LevelUsage(level);
  }

  void begins(Map<String, String> general) {
    statistics = general;
  }

  void fails(String why) {
    failure = why;
  }

  long walks() {
    return ++walked;
  }

  void addVersion() {
    versions++;
  }

  void addLease() {
    leases++;
  }

  void addOther(long count, long size) {
    others += count;
    otherBytes += size;
  }

  /** Returns the server as it is written in the list. */
  public String name() {
    return name;
  }

  /** Returns the entries of the level that was asked for, on this server. */
  public LevelUsage entries() {
    return entries;
  }

  /** Returns how many items were listed, of whichever program. */
  public long walked() {
    return walked;
  }

  /** Returns how many items the server had when the walk began; 0 if it doesn't tell. */
  public long about() {
    return Connection.number(statistics, "curr_items");
  }

  /** Returns the memory for items in bytes; 0 if the server doesn't tell. */
  public long memory() {
    return Connection.number(statistics, "limit_maxbytes");
  }

  /** Returns how many bytes items take, of whichever program. */
  public long used() {
    return Connection.number(statistics, "bytes");
  }

  /** Returns how many versions of levels there are, of the level asked for and beneath it. */
  public long versions() {
    return versions;
  }

  /** Returns how many leases there are. */
  public long leases() {
    return leases;
  }

  /** Returns how many items are of other levels or other programs. */
  public long others() {
    return others;
  }

  /** Returns how many bytes these take. */
  public long otherBytes() {
    return otherBytes;
  }

  /** Returns why the walk ended early, null if it didn't. */
  public @Nullable String failure() {
    return failure;
  }
}
