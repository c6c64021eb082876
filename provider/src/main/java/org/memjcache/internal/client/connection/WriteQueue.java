// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one session that wait to be written, and the number of those without a response.
 *
 * <p>Any thread may add, withdraw and cancel; {@link #next} is for one thread at a time. Small
 * batches behind each other come out as one message.
 */
final class WriteQueue {

  /** So many parts of the messages under way are worth a write of their own. */
  private static final int WRITES_UNDER_WAY = 3;

  /** For how long requests travel alone after reading was refused. */
  private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Queue<Message> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();

  private volatile long inUseSince = System.nanoTime();

  /** Whether reading was refused lately. */
  private volatile boolean apart;

  /** When it was refused last. */
  private volatile long apartSince;

  /** Those of {@link #inFlight} that {@link #next} has given out. */
  private final AtomicInteger written = new AtomicInteger();

  /** What {@link #next} has taken and not yet handed over. If it fails, these can be ended. */
  private volatile @Nullable Message first;

  private volatile @Nullable Message following;
  private volatile @Nullable CoalescedBatch coalesced;

  void add(Message message) {
    if (inFlight.getAndIncrement() == 0) {
      inUseSince = System.nanoTime();
    }
    waiting.offer(message);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Returns whether a third of all messages wait, or any while no response is due. */
  boolean isEnough() {
    int due = written.get();
    int all = inFlight.get();
    return due == 0 || (all - due) * WRITES_UNDER_WAY >= all;
  }

  /** Returns whether responses are due, or messages wait to be written. */
  boolean isInUse() {
    return inFlight.get() > 0;
  }

  /** Returns whether that is so for a single one. */
  boolean isAlone() {
    return inFlight.get() == 1;
  }

  /** Returns since when that has been so without a break, by {@link System#nanoTime}. */
  long inUseSince() {
    return inUseSince;
  }

  /** Notes that a message has its responses. */
  void answered(Message message) {
    inFlight.addAndGet(-message.size());
    written.addAndGet(-message.size());
    if (message.isReadRefused()) {
      apartSince = System.nanoTime();
      apart = true;
    }
  }

  /** Takes a batch back, unless it was given out or has ended. */
  void withdraw(ServerBatch batch) {
    if (batch.withdraw()) {
      remove(batch);
    }
  }

  /** Ends all messages that were not given out. */
  void cancel(DisconnectReason reason) {
    Message message;
    while ((message = waiting.peek()) != null) {
      message.lose(reason); // first: should it fail, the next thread finds it
      remove(message);
    }
  }

  /** Lets go of a message with its values: for as long as the socket is full, nothing is taken. */
  private void remove(Message message) {
    if (waiting.remove(message)) {
      inFlight.addAndGet(-message.size());
    }
  }

  /** Ends all messages of a lost session. */
  void lose(DisconnectReason reason) {
    lose(first, reason);
    lose(following, reason);
    lose(coalesced, reason);
    cancel(reason);
  }

  private static void lose(@Nullable Message message, DisconnectReason reason) {
    if (message != null) {
      message.lose(reason);
    }
  }

  /** Returns a batch for which a thread waits, or null. */
  @Nullable ServerBatch awaited() {
    ServerBatch batch = awaited(coalesced);
    batch = batch == null ? awaited(first) : batch;
    batch = batch == null ? awaited(following) : batch;
    if (batch == null) {
      for (Message message : waiting) {
        batch = message.awaited();
        if (batch != null) {
          return batch;
        }
      }
    }
    return batch;
  }

  /** Passes on the batches that nobody has taken. */
  void forEachBatch(Consumer<ServerBatch> action) {
    waiting.forEach(message -> message.forEachBatch(action));
  }

  private static @Nullable ServerBatch awaited(@Nullable Message message) {
    return message == null ? null : message.awaited();
  }

  /** Tells that what {@link #next} returned is in other hands now. */
  void handedOver() {
    first = null;
    following = null;
    coalesced = null;
  }

  /** Takes the next message to write, until {@link #handedOver}; null if none waits. */
  @Nullable Message next() {
    Message next = take();
    if (next != null) {
      written.addAndGet(next.size());
    }
    return next;
  }

  private @Nullable Message take() {
    while (true) {
      Message next = waiting.peek();
      first = next; // before it is taken, so that it is always in one of both
      if (next != null && !waiting.remove(next)) {
        continue; // another thread has just taken it away
      }
      if (!(next instanceof ServerBatch batch)) {
        return next;
      }
      if (claim(batch)) {
        CoalescedBatch joined = coalesce(batch);
        return joined == null ? batch : joined;
      }
    }
  }

  /**
   * Returns whether batches go alone for now. An error does not say of which key it is: in a line
   * of several callers, one may be refused because a proxy can't reach the server of another one.
   */
  private boolean goApart() {
    if (apart && System.nanoTime() - apartSince >= APART_NANOS) {
      apart = false;
    }
    return apart;
  }

  /** Returns one message for this batch and those behind it, or null if it has to go alone. */
  private @Nullable CoalescedBatch coalesce(ServerBatch batch) {
    if (goApart()) {
      return null;
    }
    CoalescedBatch joined = null;
    try {
      while (waiting.peek() instanceof ServerBatch second
          && CoalescedBatch.isPossible(batch, second)
          && (joined == null || joined.hasRoomFor(second))) {
        following = second;
        if (!waiting.remove(second)) {
          continue; // another thread has just taken it away
        }
        if (claim(second)) {
          if (joined == null) {
            joined = new CoalescedBatch(batch);
          }
          joined.add(second);
        }
      }
      return joined;
    } finally {
      coalesced = joined; // no sooner: other threads may look at it
    }
  }

  private boolean claim(ServerBatch batch) {
    boolean claimed = batch.claim();
    if (!claimed) {
      inFlight.decrementAndGet();
    }
    return claimed;
  }
}
