// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;

/**
 * A request of a batch that writes or removes an item.
 *
 * @param matters whether an older value would be wrong, if the request is lost
 * @param pendingEntry the entry, if its removal was pending
 */
record BatchWrite(ItemKey key, Request request, boolean matters, @Nullable EntryKey pendingEntry) {

  /**
   * Returns what becomes of a request that may put a value in the place of what is there when it is
   * carried out late; null if it doesn't do that.
   */
  @Nullable LateResponse lateStore() {
    return request instanceof StoreRequest store
            && !store.isConditional()
            && store.key().equals(key.text()) // and not a lease on the entry
        ? store.lateResponse()
        : null;
  }
}
