// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.namespace.version.Grace;

/**
 * The older versions of a shard under which entries may be looked for that were cleared softly, as
 * read along with them.
 *
 * <p>What a process knows of that is not enough to serve them. Memcached may have evicted the
 * {@link Grace} since, and then another process that changes an entry doesn't know that there is an
 * older one to be removed. So it is read again, and before the entries.
 *
 * <p>Used by one thread.
 */
public final class OlderVersions {

  /** Under how many versions an entry is looked for. */
  private static final int MOST = 8;

  private final VersionedBatch batch;
  private final List<VersionedBatch.@Nullable Read> reads;

  /** Adds the reads of what may be served to a batch, to which those of entries follow. */
  OlderVersions(VersionedBatch batch) {
    this.batch = batch;
    Level[] levels = batch.shard().levels();
    this.reads = new ArrayList<>(levels.length);
    for (int i = 0; i < levels.length; i++) {
      long version = batch.versions().number(i);
      Grace known = levels[i].graceOf(version);
      boolean isNone = known != null && known.older().isEmpty();
      reads.add(isNone ? null : batch.read(levels[i].graceKey(version)));
    }
  }

  /**
   * Returns them, after the batch has run; none if they could not be read.
   *
   * @param now in milliseconds since 1970
   */
  public List<Versions> all(long now) {
    Level[] levels = batch.shard().levels();
    for (int i = 0; i < levels.length; i++) {
      VersionedBatch.Read read = reads.get(i);
      if (read != null) {
        if (batch.isAway(read)) {
          return List.of();
        }
        levels[i].learnGrace(batch.versions().number(i), Grace.decode(batch.item(read)));
      }
    }
    return known(batch.shard(), batch.versions(), now);
  }

  /** A soft clear of one level. */
  private record Clear(int level, Grace.Older replaced) {}

  /**
   * Returns what this process knows of them: what was in force before the last soft clear of any
   * level, before the one before that, and so on.
   */
  static List<Versions> known(Shard shard, Versions current, long now) {
    Level[] levels = shard.levels();
    List<Clear> clears = new ArrayList<>(0);
    for (int i = 0; i < levels.length; i++) {
      Grace grace = levels[i].graceOf(current.number(i));
      if (grace != null) {
        for (Grace.Older older : grace.older()) {
          clears.add(new Clear(i, older));
        }
      }
    }
    if (clears.isEmpty()) {
      return List.of();
    }
    clears.sort(Comparator.comparingLong(clear -> -clear.replaced.clearedAt()));
    List<Versions> all = new ArrayList<>(clears.size());
    long[] numbers = current.numbers(levels.length);
    for (Clear clear : clears.subList(0, Math.min(clears.size(), MOST))) {
      Grace.Older replaced = clear.replaced;
      if (now >= replaced.deadline() || replaced.version() < levels[clear.level].floor()) {
        break; // nor may anything from before
      }
      numbers[clear.level] = replaced.version();
      all.add(Versions.of(current.server(), numbers, shard.namespace().path()));
    }
    return all;
  }
}
