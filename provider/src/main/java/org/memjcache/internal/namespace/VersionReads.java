// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.MissReason;

/** The reads of all versions of a {@link Shard} in a batch. Used by one thread. */
final class VersionReads {

  private final Shard shard;
  private final VersionedBatch.Read[] reads;

  /** Adds the reads to a batch, those of the outermost level first. */
  VersionReads(VersionedBatch batch) {
    this.shard = batch.shard();
    Level[] levels = shard.levels();
    this.reads = new VersionedBatch.Read[levels.length];
    for (int i = 0; i < reads.length; i++) {
      reads[i] = batch.read(levels[i].versionKey());
    }
  }

  /**
   * Compares what was read with what was expected, and makes the namespace know what is new.
   *
   * @return null if all versions are as expected, else why what was stored under those can't be
   *     reached
   * @throws RequestFailedException if one of them could not be read
   */
  @Nullable MissReason compare(Operation operation, Versions expected, long askedAt) {
    MissReason reason = null;
    List<Level> missing = List.of();
    Level[] levels = shard.levels();
    for (int i = 0; i < reads.length; i++) {
      Item item = reads[i].item();
      if (item == null) { // evicted, or its server came back empty
        missing = missing.isEmpty() ? new ArrayList<>(levels.length) : missing;
        missing.add(levels[i]);
        continue;
      }
      MissReason moved =
          shard.protocol().compare(operation, levels[i], expected.number(i), item, askedAt);
      reason = moved == null ? reason : moved;
    }
    if (!missing.isEmpty()) {
      shard.protocol().create(operation, missing);
      return MissReason.VERSION_LOST;
    }
    return reason;
  }

  /** Returns how many bytes of versions were read. */
  long bytes() {
    long bytes = 0;
    for (VersionedBatch.Read read : reads) {
      Item item = read.item();
      bytes += item == null ? 0 : item.data().length;
    }
    return bytes;
  }
}
