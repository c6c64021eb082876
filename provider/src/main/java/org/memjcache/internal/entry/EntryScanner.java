package org.memjcache.internal.entry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RequestFailedException;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.envelope.OpenedEnvelope;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;
import org.memjcache.internal.operation.CacheContext;

/**
 * A walk over the live entries of a cache: a {@link KeyListing} of the keys of one server after the
 * other, filtered by the prefix of the namespace's present versions, and reads in batches as the
 * walk goes on. Its memory is bounded, however many entries there are.
 *
 * <p>It is a walk over a live store. An entry that is there all the time comes exactly once; one
 * that is written or removed meanwhile may or may not come. When the cache is cleared the walk
 * ends. What is no entry of the cache, or has a key that can't be read ({@link ListedKey}), is
 * skipped and counted: whoever can write to memcached must not end a walk. What it costs is
 * proportional to all items on the servers, whoever they belong to.
 *
 * <p>Used by one thread.
 */
public final class EntryScanner<K, V> implements Iterator<EntryScanner.Found<K, V>> {

  /** How many entries are read at a time, unless they are large. */
  private static final int BATCH = 200;

  /** The size of entries is not known before the first ones. */
  private static final int FIRST_BATCH = 20;

  /** How many bytes of values are read at a time, about. */
  private static final long BATCH_BYTES = Runtime.getRuntime().maxMemory() / 64;

  private final CacheContext<K, V> parts;
  private final String operation;
  private final Versions versions;
  private int nextServer;
  private Iterator<String> listed = Collections.emptyIterator();
  private int batch = FIRST_BATCH;
  private final Queue<Found<K, V>> fetched = new ArrayDeque<>();
  private @Nullable Found<K, V> next;

  public EntryScanner(CacheContext<K, V> parts, String operation) {
    this.parts = parts;
    this.operation = operation;
    this.versions = presentVersions();
  }

  /**
   * One entry of the walk.
   *
   * @param key its key
   * @param encodedKey its key, encoded
   * @param entry what was read; live when it was
   * @param versions the versions it was read under
   */
  public record Found<K, V>(K key, EntryKey encodedKey, Snapshot<V> entry, Versions versions) {}

  @Override
  public boolean hasNext() {
    while (next == null && advance()) {
      Found<K, V> candidate = fetched.remove();
      if (parts.expiry().isAhead(candidate.entry.deadline())) {
        next = candidate;
      }
    }
    return next != null;
  }

  @Override
  public Found<K, V> next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Found<K, V> found = next;
    next = null;
    return found;
  }

  private Versions presentVersions() {
    VersionedBatch attempt = parts.namespace().attempt(operation);
    while (!attempt.run()) {
      attempt = attempt.again();
    }
    return attempt.versions();
  }

  /** Makes sure that something is fetched, unless the walk is at its end. */
  private boolean advance() {
    while (fetched.isEmpty()) {
      if (listed.hasNext()) {
        fetch();
      } else if (nextServer < parts.namespace().cluster().servers().size()) {
        listed = list(nextServer++);
      } else {
        return false;
      }
    }
    return true;
  }

  private Iterator<String> list(int server) {
    Namespace namespace = parts.namespace();
    return new KeyListing(
        operation + " on '" + namespace + "' over " + namespace.cluster().servers().get(server),
        versions.prefix().text(),
        KeyListing.memory(),
        keys -> dump(server, keys));
  }

  /** Returns false if the server is away, and that is to be tolerated. */
  private boolean dump(int server, Consumer<String> keys) {
    Cluster cluster = parts.namespace().cluster();
    try {
      cluster.dump(
          server,
          versions.prefix().text(),
          key -> {
            if (cluster.serverOf(key) == server) { // else it was left by another list of servers
              keys.accept(key);
            }
          });
      return true;
    } catch (RequestFailedException e) {
      if (!parts.namespace().toleratesAway(e)) {
        throw parts.namespace().failure(operation, e);
      }
      return false;
    }
  }

  private void fetch() {
    VersionedBatch attempt = parts.namespace().attemptUnder(versions, operation).withTokens();
    List<String> itemKeys = new ArrayList<>(batch);
    List<VersionedBatch.Read> reads = new ArrayList<>(batch);
    while (itemKeys.size() < batch && listed.hasNext()) {
      String itemKey = listed.next();
      itemKeys.add(itemKey);
      reads.add(attempt.read(itemKey));
    }
    if (!attempt.run()) { // cleared: nothing of what was listed is there any more
      listed = Collections.emptyIterator();
      nextServer = parts.namespace().cluster().servers().size();
      return;
    }
    long bytes = 0;
    for (int i = 0; i < itemKeys.size(); i++) {
      Item item = attempt.item(reads.get(i));
      if (item != null) {
        bytes += item.data().length;
        Found<K, V> found = open(itemKeys.get(i), item);
        if (found != null) {
          fetched.add(found);
        }
      }
    }
    batch = (int) Math.min(BATCH, 1 + BATCH_BYTES * itemKeys.size() / Math.max(1, bytes));
  }

  private @Nullable Found<K, V> open(String itemKey, Item item) {
    OpenedEnvelope opened = parts.envelopes().openListed(itemKey, item.flags(), item.data());
    VerifiedEnvelope envelope = opened instanceof VerifiedEnvelope verified ? verified : null;
    ListedKey<K> listedKey =
        envelope == null ? null : ListedKey.read(parts, versions.prefix(), itemKey, envelope);
    if (envelope == null || listedKey == null) {
      if (parts.statistics().isEnabled()) {
        parts.misses().countSkipped();
      }
      return null;
    }
    return new Found<>(
        listedKey.key(),
        listedKey.encoded(),
        new Snapshot<>(
            versions.prefix().itemKey(listedKey.encoded()),
            item.token(),
            envelope,
            MissReason.COLD),
        versions);
  }
}
