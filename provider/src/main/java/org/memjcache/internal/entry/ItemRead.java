package org.memjcache.internal.entry;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.namespace.VersionedBatch;

/**
 * The read of one entry, which is added to one batch after the other until the versions held.
 *
 * <p>Used by one thread.
 */
final class ItemRead implements Consumer<VersionedBatch> {
  private final EntryKey key;
  private final boolean withToken;
  private @Nullable ItemKey itemKey;
  private VersionedBatch.@Nullable Read read;

  ItemRead(EntryKey key, boolean withToken) {
    this.key = key;
    this.withToken = withToken;
  }

  @Override
  public void accept(VersionedBatch batch) {
    if (withToken) {
      batch.requestTokens();
    }
    ItemKey ofBatch = batch.prefix().itemKey(key);
    itemKey = ofBatch;
    read = batch.read(ofBatch.text());
  }

  ItemKey itemKey() {
    return requireAdded(itemKey);
  }

  VersionedBatch.Read read() {
    return requireAdded(read);
  }

  private static <T> T requireAdded(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the read is in no batch");
    }
    return part;
  }
}
