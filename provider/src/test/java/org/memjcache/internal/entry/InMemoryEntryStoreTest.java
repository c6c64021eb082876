// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.Duration;
import org.memjcache.internal.codec.key.EntryKey;

/** The store that unit tests of operations work on. */
class InMemoryEntryStoreTest extends EntryStoreContractTest {

  private final InMemoryEntryStore<String, String> store =
      new InMemoryEntryStore<>(String.class, String.class, clock);

  @Override
  EntryStore<String, String> store() {
    return store;
  }

  @Override
  void damage(EntryKey entry) {
    store.damage(entry);
  }

  @Override
  void clearElsewhere() {
    store.clear(Duration.ZERO);
  }

  @Override
  void goAway() {
    store.setAway(true);
  }

  @Override
  void comeBack() {
    store.setAway(false);
  }
}
