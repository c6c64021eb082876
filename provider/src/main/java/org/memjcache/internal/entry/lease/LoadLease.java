// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry.lease;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.StoredKey;
import org.memjcache.internal.namespace.VersionedBatch;

/**
 * The item by which a process tells others that it is about to load an entry that is missing, or
 * that there was nothing to be loaded. It lies on the server of the entry, under the versions of
 * the miss, so that a clear ends it. While somebody loads it names the thread: what the loader or
 * the entry processor asks the cache for doesn't wait for itself.
 *
 * <p>It is advice, as a {@link Lease} is: one that is lost costs another load. Its key is like that
 * of a lease, with {@code ?} in place of {@code !}.
 */
public final class LoadLease extends LeasedRead {

  /**
   * Who is to load an entry that is missing.
   *
   * @param token of the lease of this operation
   */
  public record State(Holder holder, @Nullable CasToken token) {

    public enum Holder {
      NOBODY,
      THIS_OPERATION,
      /** An earlier operation, or one that this operation is part of. */
      THIS_THREAD,
      ANOTHER,
      /** Somebody has asked for it, and there is none. */
      NONE_EXISTS
    }

    public static final State FREE = new State(Holder.NOBODY, null);
    public static final State OWN = new State(Holder.THIS_THREAD, null);
    public static final State ELSEWHERE = new State(Holder.ANOTHER, null);
    public static final State NOTHING = new State(Holder.NONE_EXISTS, null);
  }

  private static final char MARK = StoredKey.LOAD_LEASE_MARK;

  private static final byte[] NOTHING = {'0'};

  private static final long PROCESS = new SecureRandom().nextLong();

  /**
   * Adds to a batch the request for the lease of an entry, and then the read of both.
   *
   * @param life how long the lease is, null if it is only to be read
   */
  public LoadLease(
      VersionedBatch batch, EntryKey key, @Nullable Duration life, InstantSource clock) {
    super(
        batch,
        key,
        MARK,
        life == null ? null : lease -> StoreRequest.add(lease, 0, exptime(life, clock), ofThread()),
        /* isLeaseRead= */ true);
  }

  /** Returns who is to load it. */
  public State state() {
    Item lease = lease();
    if (lease == null) {
      return State.FREE;
    }
    if (taken() == StoreRequest.Result.STORED) {
      return new State(State.Holder.THIS_OPERATION, lease.token());
    }
    if (Arrays.equals(lease.data(), NOTHING)) {
      return State.NOTHING;
    }
    return Arrays.equals(lease.data(), ofThread()) ? State.OWN : State.ELSEWHERE;
  }

  private static byte[] ofThread() {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(PROCESS)
        .putLong(Thread.currentThread().getId())
        .array();
  }

  /** Adds the request that ends the lease of an entry, or what is known of it. */
  public static void end(VersionedBatch batch, ItemKey entry) {
    batch.write(entry, new DeleteRequest(keyOf(entry)), /* matters= */ false);
  }

  /**
   * Adds the request that puts in place of a lease, if it is still there, that there is nothing.
   */
  public static void noteNothing(
      VersionedBatch batch, ItemKey entry, CasToken lease, Duration life, InstantSource clock) {
    StoreRequest note = StoreRequest.cas(keyOf(entry), 0, exptime(life, clock), NOTHING, lease);
    batch.write(entry, note, /* matters= */ false);
  }

  private static int exptime(Duration life, InstantSource clock) {
    long now = clock.millis();
    return Exptime.of(now + life.toMillis(), now);
  }

  private static String keyOf(ItemKey entry) {
    return keyOf(entry, MARK);
  }
}
