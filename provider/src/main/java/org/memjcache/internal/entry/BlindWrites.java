package org.memjcache.internal.entry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.envelope.Envelope;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.operation.Expiry;

/**
 * The changes that need not know the old entry: one round trip, however many entries.
 *
 * <p>If a level was cleared meanwhile they are made again under the new versions: what a user puts
 * goes to the newest version. Thread-safe.
 */
public final class BlindWrites {

  /** How much is sent in one round trip, in bytes of values. */
  private static final int BYTES_PER_TRIP = 4 << 20;

  /** How many entries are written in one round trip. */
  private static final int ENTRIES_PER_TRIP = 5_000;

  private final Namespace namespace;
  private final EnvelopeCodec envelopes;
  private final Expiry expiry;

  public BlindWrites(Namespace namespace, EnvelopeCodec envelopes, Expiry expiry) {
    this.namespace = namespace;
    this.envelopes = envelopes;
    this.expiry = expiry;
  }

  /** A value on its way to its entry. */
  public record Value(EntryKey key, EncodedValue payload) {}

  /** Stores values until {@code deadline}, in milliseconds since 1970. */
  public void set(String operation, List<Value> values, long deadline) {
    int from = 0;
    while (from < values.size()) {
      int to = from;
      long bytes = 0;
      while (to < values.size() && to - from < ENTRIES_PER_TRIP && bytes < BYTES_PER_TRIP) {
        bytes += values.get(to++).payload().size();
      }
      setInOneTrip(operation, values.subList(from, to), deadline);
      from = to;
    }
  }

  private void setInOneTrip(String operation, List<Value> values, long deadline) {
    VersionedBatch attempt = namespace.attempt(operation);
    while (true) {
      List<Sent> sent = new ArrayList<>(values.size());
      for (Value value : values) {
        ItemKey key = attempt.prefix().itemKey(value.key);
        Envelope envelope = envelopes.seal(key, value.payload, deadline);
        StoreRequest set =
            StoreRequest.set(
                key.text(), envelope.flags(), Exptime.of(deadline, expiry.now()), envelope.bytes());
        sent.add(new Sent(key, envelope.bytes().length, attempt.write(key.text(), set, true)));
      }
      if (attempt.run()) {
        refuse(operation, attempt, sent);
        return;
      }
      attempt = attempt.again();
    }
  }

  /**
   * Stores a value if no item is there.
   *
   * @return false if an item is there, live or dead, or if the server would not take the value:
   *     memcached says that first, whether or not an item is there
   */
  public boolean add(String operation, Value value, long deadline) {
    VersionedBatch attempt = namespace.attempt(operation);
    while (true) {
      ItemKey key = attempt.prefix().itemKey(value.key);
      Envelope envelope = envelopes.seal(key, value.payload, deadline);
      StoreRequest add =
          attempt.write(
              key.text(),
              StoreRequest.add(
                  key.text(),
                  envelope.flags(),
                  Exptime.of(deadline, expiry.now()),
                  envelope.bytes()),
              true);
      if (attempt.run()) {
        return attempt.isLost(add) || add.result() == StoreRequest.Result.STORED;
      }
      attempt = attempt.again();
    }
  }

  /**
   * Removes the items of entries.
   *
   * @return how many there were
   */
  public int delete(String operation, Collection<EntryKey> keys) {
    VersionedBatch attempt = namespace.attempt(operation);
    while (true) {
      List<DeleteRequest> deletions = new ArrayList<>(keys.size());
      for (EntryKey key : keys) {
        String itemKey = attempt.prefix().itemKey(key).text();
        deletions.add(attempt.write(itemKey, new DeleteRequest(itemKey), true));
      }
      if (attempt.run()) {
        int deleted = 0;
        for (DeleteRequest deletion : deletions) {
          if (!attempt.isLost(deletion) && deletion.deleted()) {
            deleted++;
          }
        }
        return deleted;
      }
      attempt = attempt.again();
    }
  }

  private void refuse(String operation, VersionedBatch attempt, List<Sent> sent) {
    Failures failures = new Failures();
    for (Sent each : sent) {
      if (attempt.isLost(each.request)) {
        continue;
      }
      StoreRequest.Result result = each.request.result();
      if (RejectedValue.is(result)) {
        failures.add(
            RejectedValue.of(
                namespace,
                operation,
                each.key.text(),
                each.size,
                result,
                new DeleteRequest(each.key.text())));
      }
    }
    failures.throwIfAny();
  }

  private record Sent(ItemKey key, int size, StoreRequest request) {}
}
