package org.memjcache.operation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.memjcache.codec.EntryKey;
import org.memjcache.codec.Envelope;
import org.memjcache.codec.EnvelopeCodec;
import org.memjcache.codec.ItemKey;
import org.memjcache.codec.Payload;
import org.memjcache.namespace.Attempt;
import org.memjcache.namespace.Namespace;
import org.memjcache.store.Deletion;
import org.memjcache.store.Exptime;
import org.memjcache.store.Storage;

/**
 * The changes that need not know the old entry: one round trip, however many entries.
 *
 * <p>If a level was cleared meanwhile they are made again under the new versions: what a user puts
 * goes to the newest version. Thread-safe.
 */
final class Unconditional {

  /** How much is sent in one round trip, in bytes of values. */
  private static final int BYTES_PER_TRIP = 4 << 20;

  /** How many entries are written in one round trip. */
  private static final int ENTRIES_PER_TRIP = 5_000;

  private final Namespace namespace;
  private final EnvelopeCodec envelopes;
  private final Expiry expiry;

  Unconditional(Namespace namespace, EnvelopeCodec envelopes, Expiry expiry) {
    this.namespace = namespace;
    this.envelopes = envelopes;
    this.expiry = expiry;
  }

  /** A value on its way to its entry. */
  record Value(EntryKey key, Payload payload) {}

  /** Stores values until {@code deadline}, in milliseconds since 1970. */
  void set(String operation, List<Value> values, long deadline) {
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
    Attempt attempt = namespace.attempt(operation);
    while (true) {
      List<Sent> sent = new ArrayList<>(values.size());
      for (Value value : values) {
        ItemKey key = attempt.prefix().itemKey(value.key);
        Envelope envelope = envelopes.seal(key, value.payload, deadline);
        Storage set =
            Storage.set(
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
  boolean add(String operation, Value value, long deadline) {
    Attempt attempt = namespace.attempt(operation);
    while (true) {
      ItemKey key = attempt.prefix().itemKey(value.key);
      Envelope envelope = envelopes.seal(key, value.payload, deadline);
      Storage add =
          attempt.write(
              key.text(),
              Storage.add(
                  key.text(),
                  envelope.flags(),
                  Exptime.of(deadline, expiry.now()),
                  envelope.bytes()),
              true);
      if (attempt.run()) {
        return attempt.isLost(add) || add.result() == Storage.Result.STORED;
      }
      attempt = attempt.again();
    }
  }

  /**
   * Removes the items of entries.
   *
   * @return how many there were
   */
  int delete(String operation, Collection<EntryKey> keys) {
    Attempt attempt = namespace.attempt(operation);
    while (true) {
      List<Deletion> deletions = new ArrayList<>(keys.size());
      for (EntryKey key : keys) {
        String itemKey = attempt.prefix().itemKey(key).text();
        deletions.add(attempt.write(itemKey, new Deletion(itemKey), true));
      }
      if (attempt.run()) {
        int deleted = 0;
        for (Deletion deletion : deletions) {
          if (!attempt.isLost(deletion) && deletion.deleted()) {
            deleted++;
          }
        }
        return deleted;
      }
      attempt = attempt.again();
    }
  }

  private void refuse(String operation, Attempt attempt, List<Sent> sent) {
    Failures failures = new Failures();
    for (Sent each : sent) {
      if (attempt.isLost(each.request)) {
        continue;
      }
      Storage.Result result = each.request.result();
      if (Refusal.is(result)) {
        failures.add(
            Refusal.of(
                namespace,
                operation,
                each.key.text(),
                each.size,
                result,
                new Deletion(each.key.text())));
      }
    }
    failures.throwIfAny();
  }

  private record Sent(ItemKey key, int size, Storage request) {}
}
