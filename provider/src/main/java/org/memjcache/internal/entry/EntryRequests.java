// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.LineRequest;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.envelope.Envelope;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;

/** Makes the requests that store, change and remove entries. Thread-safe. */
final class EntryRequests {

  private final EnvelopeCodec envelopes;
  private final InstantSource clock;

  EntryRequests(EnvelopeCodec envelopes, InstantSource clock) {
    this.envelopes = envelopes;
    this.clock = clock;
  }

  StoreRequest set(ItemKey key, EncodedValue value, long deadline) {
    Envelope envelope = envelopes.seal(key, value, deadline);
    return StoreRequest.set(key.text(), envelope.flags(), exptime(deadline), envelope.bytes());
  }

  StoreRequest add(ItemKey key, EncodedValue value, long deadline) {
    return add(key, envelopes.seal(key, value, deadline), deadline);
  }

  private StoreRequest add(ItemKey key, Envelope envelope, long deadline) {
    return StoreRequest.add(key.text(), envelope.flags(), exptime(deadline), envelope.bytes());
  }

  /** Returns what makes a change if the entry is still as it was seen; null if nothing is to do. */
  @Nullable LineRequest change(PlannedChange<?> planned) {
    Snapshot<?> before = planned.before();
    if (before.isAway()) {
      return null;
    }
    Change change = planned.change();
    if (change instanceof Change.Store store) {
      return store.inTime()
          ? storage(
              before,
              envelopes.seal(before.itemKey(), store.value(), store.deadline()),
              store.deadline())
          : removal(before);
    }
    if (change instanceof Change.Touch touch) {
      return touch.deadline() == before.deadline() ? null : touch(before, touch.deadline());
    }
    return change == Change.Simple.REMOVE ? removal(before) : null;
  }

  /** What has expired since it was read stays so. */
  private @Nullable LineRequest touch(Snapshot<?> before, long deadline) {
    return Deadline.isAhead(before.deadline(), clock) && Deadline.isAhead(deadline, clock)
        ? storage(before, before.envelope().resealed(before.itemKey(), deadline), deadline)
        : removal(before);
  }

  /** Returns what removes an entry if it is still as it was seen; null if there was none. */
  static @Nullable LineRequest removal(Snapshot<?> before) {
    CasToken token = before.token();
    return token == null ? null : new CompareAndDeleteRequest(before.itemKey().text(), token);
  }

  private StoreRequest storage(Snapshot<?> before, Envelope envelope, long deadline) {
    ItemKey key = before.itemKey();
    CasToken token = before.token();
    return token == null
        ? add(key, envelope, deadline)
        : StoreRequest.cas(
            key.text(), envelope.flags(), exptime(deadline), envelope.bytes(), token);
  }

  private int exptime(long deadline) {
    return Exptime.of(deadline, clock.millis());
  }
}
