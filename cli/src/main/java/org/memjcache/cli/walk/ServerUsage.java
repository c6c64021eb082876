// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.walk;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.connection.Connection;

/** What one server has, and how far the walk over it got. Not thread-safe. */
public final class ServerUsage {

  private final String name;
  private final LevelUsage entries;
  private @Nullable Map<String, String> statistics;
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

  /** Returns whether the walk began: the server told its statistics. */
  public boolean hasBegun() {
    return statistics != null;
  }

  /**
   * Returns whether the walk got to the end. If it didn't, what was counted until then says nothing
   * of what the server has.
   */
  public boolean isWhole() {
    return failure == null;
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
    Long about = told("curr_items");
    return about == null ? 0 : about;
  }

  /** Returns the memory for items in bytes; null if the server doesn't tell. */
  public @Nullable Long memory() {
    return told("limit_maxbytes");
  }

  /** Returns how many bytes items take, of whichever program; null if the server doesn't tell. */
  public @Nullable Long used() {
    return told("bytes");
  }

  private @Nullable Long told(String statistic) {
    return statistics != null && statistics.containsKey(statistic)
        ? Connection.number(statistics, statistic)
        : null;
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
