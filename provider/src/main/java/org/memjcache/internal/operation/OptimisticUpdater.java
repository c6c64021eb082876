package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.envelope.Envelope;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.OpenedEnvelope;
import org.memjcache.internal.codec.envelope.UnreadableEnvelope;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Failures;
import org.memjcache.internal.entry.Reading;
import org.memjcache.internal.entry.RejectedValue;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.VersionedBatch;

/**
 * The read–decide–write machine: reads entries with their cas tokens, lets each step decide, makes
 * the changes conditionally, and does again those that something came in between of.
 *
 * <ul>
 *   <li>One round trip if nothing is to be changed, two if there is, however many steps.
 *   <li>A change is made only if the entry is still what its step saw: no update is lost, whoever
 *       made it.
 *   <li>If the namespace was cleared in between, the step decides again, over an empty namespace.
 *   <li>The code of users that steps call is called between round trips, never while the machine
 *       holds a lock.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class OptimisticUpdater<K, V> {

  /** How often steps decide: nobody loses so often against others who have a purpose. */
  static final int MOST_ROUNDS = 1_000;

  private final Namespace namespace;
  private final EnvelopeCodec envelopes;
  private final Expiry expiry;

  OptimisticUpdater(Namespace namespace, EnvelopeCodec envelopes, Expiry expiry) {
    this.namespace = namespace;
    this.envelopes = envelopes;
    this.expiry = expiry;
  }

  /**
   * Runs steps to their end.
   *
   * @throws CacheException if an entry was changed by others each time a step had decided on it
   */
  void run(String operation, List<? extends EntryUpdate<K, V>> steps) {
    Failures failures = new Failures();
    List<? extends EntryUpdate<K, V>> pending = steps;
    for (int rounds = 0; !pending.isEmpty(); rounds++) {
      if (rounds == MOST_ROUNDS) {
        throw new CacheException(
            operation
                + " on '"
                + namespace
                + "' was given up after "
                + rounds
                + " tries: the entry was changed each time, perhaps by the entry processor itself,"
                + " through the cache instead of the entry that it was given");
      }
      pending = change(operation, read(operation, pending), failures);
    }
    failures.throwIfAny();
  }

  /**
   * Lets the steps decide on what was read before, and makes their changes in one round trip. Those
   * that something came in between of are given up.
   */
  void runOnce(String operation, Reading<K, V> reading) {
    Failures failures = new Failures();
    change(operation, reading, failures);
    failures.throwIfAny();
  }

  /**
   * Reads what the steps want to see, for changes that may follow; in one round trip if the
   * versions hold.
   */
  Reading<K, V> read(String operation, List<? extends EntryUpdate<K, V>> steps) {
    return read(operation, steps, true);
  }

  /**
   * Reads what the steps want to see, in one round trip if the versions hold.
   *
   * @param withTokens false if no change will follow
   */
  Reading<K, V> read(
      String operation, List<? extends EntryUpdate<K, V>> steps, boolean withTokens) {
    VersionedBatch attempt = namespace.attempt(operation);
    while (true) {
      if (withTokens) {
        attempt.withTokens();
      }
      attempt.expecting(steps.size());
      List<ItemKey> keys = new ArrayList<>(steps.size());
      List<VersionedBatch.Read> reads = new ArrayList<>(steps.size());
      for (EntryUpdate<K, V> step : steps) {
        ItemKey key = attempt.prefix().itemKey(step.encodedKey());
        keys.add(key);
        reads.add(attempt.read(key.text()));
      }
      if (attempt.run()) {
        List<Snapshot<V>> entries = new ArrayList<>(steps.size());
        for (int i = 0; i < keys.size(); i++) {
          entries.add(snapshot(keys.get(i), attempt, reads.get(i)));
        }
        return new Reading<>(attempt.versions(), steps, entries);
      }
      attempt = attempt.again();
    }
  }

  /** Returns what is seen of an item that was read with its token. */
  Snapshot<V> snapshot(ItemKey key, VersionedBatch attempt, VersionedBatch.Read read) {
    Item item = attempt.item(read);
    if (item == null) {
      return new Snapshot<>(key, null, null, attempt.whyMissing(read));
    }
    OpenedEnvelope opened = envelopes.open(key, item.flags(), item.data());
    if (!(opened instanceof VerifiedEnvelope envelope)) {
      boolean forged = opened == UnreadableEnvelope.FORGED;
      return new Snapshot<>(
          key, item.token(), null, forged ? MissReason.FORGED : MissReason.DAMAGED);
    }
    boolean live = expiry.isAhead(envelope.deadline());
    return new Snapshot<>(key, item.token(), live ? envelope : null, MissReason.PAST_DEADLINE);
  }

  /** Returns the steps that are to be done again from the reading on. */
  private List<EntryUpdate<K, V>> change(
      String operation, Reading<K, V> reading, Failures failures) {
    VersionedBatch attempt = namespace.attemptUnder(reading.versions(), operation);
    List<Sent<K, V>> sent = new ArrayList<>(reading.steps().size());
    for (int i = 0; i < reading.steps().size(); i++) {
      EntryUpdate<K, V> step = reading.steps().get(i);
      Snapshot<V> entry = reading.entries().get(i);
      Change change = step.decide(entry);
      if (entry.isAway() && step.matters() && change.isOwed()) {
        namespace.owe();
      }
      Prepared prepared = entry.isAway() ? null : prepare(entry, change);
      if (prepared == null) {
        step.done(entry, change);
      } else {
        attempt.write(entry.itemKey().text(), prepared.request, step.matters() && change.isOwed());
        sent.add(new Sent<>(step, entry, change, prepared));
      }
    }
    if (sent.isEmpty()) {
      return List.of();
    }
    return outcome(operation, attempt, sent, failures);
  }

  private List<EntryUpdate<K, V>> outcome(
      String operation, VersionedBatch attempt, List<Sent<K, V>> sent, Failures failures) {
    boolean held = attempt.run();
    List<EntryUpdate<K, V>> again = new ArrayList<>(0);
    for (Sent<K, V> each : sent) {
      boolean lost = attempt.isLost(each.prepared.request);
      StoreRequest.Result refusal = held && !lost ? each.refusal() : null;
      if (refusal != null) {
        fail(each, refused(operation, each, refusal), failures);
      } else if ((held && (lost || each.succeeded())) || each.change instanceof Change.Touch) {
        each.step.done(each.entry, each.change);
      } else {
        if (held) {
          namespace.traffic().conflict();
        }
        again.add(each.step);
      }
    }
    return again;
  }

  private void fail(Sent<K, V> sent, CacheException failure, Failures failures) {
    try {
      sent.step.failed(failure);
    } catch (RuntimeException e) {
      failures.add(e);
    }
  }

  /** Returns what the change needs to be done in memcached, null if nothing. */
  private @Nullable Prepared prepare(Snapshot<V> entry, Change change) {
    if (change instanceof Change.Write write) {
      return write.inTime()
          ? storage(
              entry,
              envelopes.seal(entry.itemKey(), write.payload(), write.deadline()),
              write.deadline())
          : removal(entry);
    }
    if (change instanceof Change.Touch touch) {
      if (touch.deadline() == entry.deadline()) {
        return null;
      }
      return !expiry.isAhead(touch.deadline())
          ? removal(entry)
          : storage(
              entry,
              entry.envelope().resealed(entry.itemKey(), touch.deadline()),
              touch.deadline());
    }
    return change instanceof Change.Remove ? removal(entry) : null;
  }

  private @Nullable Prepared removal(Snapshot<V> entry) {
    CasToken token = entry.token();
    return token == null
        ? null
        : new Prepared(new CompareAndDeleteRequest(entry.itemKey().text(), token), 0);
  }

  private Prepared storage(Snapshot<V> entry, Envelope envelope, long deadline) {
    String key = entry.itemKey().text();
    int exptime = Exptime.of(deadline, expiry.now());
    CasToken token = entry.token();
    StoreRequest storage =
        token == null
            ? StoreRequest.add(key, envelope.flags(), exptime, envelope.bytes())
            : StoreRequest.cas(key, envelope.flags(), exptime, envelope.bytes(), token);
    return new Prepared(storage, envelope.bytes().length);
  }

  private CacheException refused(String operation, Sent<K, V> sent, StoreRequest.Result refusal) {
    Prepared older = removal(sent.entry); // no newer one that somebody else stored meanwhile
    return RejectedValue.of(
        namespace,
        operation,
        sent.entry.itemKey().text(),
        sent.prepared.size,
        refusal,
        older == null ? null : older.request);
  }

  /** A request, and how many bytes it stores. */
  private record Prepared(Request request, int size) {}

  private record Sent<K, V>(
      EntryUpdate<K, V> step, Snapshot<V> entry, Change change, Prepared prepared) {

    StoreRequest.@Nullable Result refusal() {
      if (prepared.request instanceof StoreRequest storage) {
        StoreRequest.Result result = storage.result();
        return RejectedValue.is(result) ? result : null;
      }
      return null;
    }

    boolean succeeded() {
      if (prepared.request instanceof StoreRequest storage) {
        return storage.result() == StoreRequest.Result.STORED;
      }
      return prepared.request instanceof CompareAndDeleteRequest deletion
          && deletion.result() == CompareAndDeleteRequest.Result.DELETED;
    }
  }
}
