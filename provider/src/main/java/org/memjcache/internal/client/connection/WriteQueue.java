package org.memjcache.internal.client.connection;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one session that wait to be written, and the number of those without a response.
 *
 * <p>Any thread may add; {@link #next} is for one thread at a time. A batch that its caller has
 * withdrawn is skipped; small batches behind each other come out as one message.
 */
final class WriteQueue {

  /** So many parts of the messages under way are worth a write of their own. */
  private static final int WRITES_UNDER_WAY = 3;

  private final Queue<Message> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();

  /** Those of {@link #inFlight} that {@link #next} has given out. */
  private final AtomicInteger written = new AtomicInteger();

  /** Adds a message. Returns whether no other one waits to be written or for its response. */
  boolean add(Message message) {
    boolean alone = inFlight.getAndIncrement() == 0;
    waiting.offer(message);
    return alone;
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

  /** Notes that a message has its responses. */
  void answered(Message message) {
    inFlight.addAndGet(-message.size());
    written.addAndGet(-message.size());
  }

  /** Takes any message away, of a session that has ended; null if none is left. */
  @Nullable Message drop() {
    return waiting.poll();
  }

  /** Returns a batch for which a thread waits, or null. */
  @Nullable ServerBatch awaited() {
    for (Message message : waiting) {
      ServerBatch batch = message.awaited();
      if (batch != null) {
        return batch;
      }
    }
    return null;
  }

  /** Takes the next message to write; null if none waits. */
  @Nullable Message next() {
    Message next = take();
    if (next != null) {
      written.addAndGet(next.size());
    }
    return next;
  }

  private @Nullable Message take() {
    while (true) {
      Message first = waiting.poll();
      if (!(first instanceof ServerBatch batch)) {
        return first;
      }
      if (claim(batch)) {
        CoalescedBatch coalesced = coalesce(batch);
        return coalesced == null ? batch : coalesced;
      }
    }
  }

  /** Returns one message for this batch and those behind it, or null if it has to go alone. */
  private @Nullable CoalescedBatch coalesce(ServerBatch first) {
    CoalescedBatch coalesced = null;
    while (waiting.peek() instanceof ServerBatch second
        && CoalescedBatch.isPossible(first, second)
        && (coalesced == null || coalesced.hasRoomFor(second))) {
      Message taken = waiting.poll();
      if (taken != second) {
        // Only when a session ends do other threads take messages away. Let them have this one too.
        if (taken != null) {
          waiting.offer(taken);
        }
        break;
      }
      if (claim(second)) {
        if (coalesced == null) {
          coalesced = new CoalescedBatch(first);
        }
        coalesced.add(second);
      }
    }
    return coalesced;
  }

  private boolean claim(ServerBatch batch) {
    boolean claimed = batch.claim();
    if (!claimed) {
      inFlight.decrementAndGet();
    }
    return claimed;
  }
}
