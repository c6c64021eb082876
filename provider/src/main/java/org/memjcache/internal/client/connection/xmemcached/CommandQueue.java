package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.core.WriteMessage;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import net.rubyeye.xmemcached.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one session that wait to be written, and the number of those without an answer.
 *
 * <p>Any thread may add; {@link #next} is for one thread at a time. A command that its caller has
 * taken back is skipped; small commands behind each other come out as one.
 */
final class CommandQueue {

  /** So many parts of the commands under way are worth a write of their own. */
  private static final int WRITES_UNDER_WAY = 3;

  private final Queue<WriteMessage> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();

  /** Those of {@link #inFlight} that {@link #next} has given out. */
  private final AtomicInteger written = new AtomicInteger();

  /** Returns the queue itself, as xmemcached wants to have it. */
  Queue<WriteMessage> asQueue() {
    return waiting;
  }

  /** Adds a command; true if no other one waited to be written or for its answer. */
  boolean add(Command command) {
    boolean alone = inFlight.getAndIncrement() == 0;
    waiting.offer(command);
    return alone;
  }

  /** Returns whether nothing waits to be written. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Returns whether so many commands wait that they should be written: a third of all, or any if no
   * answer is due. If not, whoever reads the next answer has to look again, which is sure to find
   * what the caller of this has added.
   */
  boolean isEnough() {
    int due = written.get();
    int all = inFlight.get();
    return due == 0 || (all - due) * WRITES_UNDER_WAY >= all;
  }

  /** Returns whether answers are due, or commands wait to be written. */
  boolean isInUse() {
    return inFlight.get() > 0;
  }

  /** Notes that a command was answered. */
  void answered(Command command) {
    int count = count(command);
    inFlight.addAndGet(-count);
    written.addAndGet(-count);
  }

  private static int count(Command command) {
    return command instanceof CoalescedBatch merged ? merged.parts().size() : 1;
  }

  /** Takes any command away, of a session that has ended; null if none is left. */
  @Nullable Command drop() {
    return (Command) waiting.poll();
  }

  /** Takes the next command to write; null if none waits. */
  @Nullable Command next() {
    Command next = take();
    if (next != null) {
      written.addAndGet(count(next));
    }
    return next;
  }

  private @Nullable Command take() {
    while (true) {
      WriteMessage first = waiting.poll();
      if (!(first instanceof ServerBatch trip)) {
        return (Command) first;
      }
      if (claim(trip)) {
        CoalescedBatch merged = merge(trip);
        return merged == null ? trip : merged;
      }
    }
  }

  /** Returns one command for this one and those behind it, or null if it has to go alone. */
  private @Nullable CoalescedBatch merge(ServerBatch first) {
    CoalescedBatch merged = null;
    while (waiting.peek() instanceof ServerBatch second
        && CoalescedBatch.isPossible(first, second)
        && (merged == null || merged.hasRoomFor(second))) {
      WriteMessage taken = waiting.poll();
      if (taken != second) {
        // Only when a session ends do others take commands away. Let them have this one too.
        if (taken != null) {
          waiting.offer(taken);
        }
        break;
      }
      if (claim(second)) {
        if (merged == null) {
          merged = new CoalescedBatch(first);
        }
        merged.add(second);
      }
    }
    return merged;
  }

  private boolean claim(ServerBatch command) {
    boolean claimed = command.claim();
    if (!claimed) {
      inFlight.decrementAndGet();
    }
    return claimed;
  }
}
