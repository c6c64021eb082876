// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.binary.BinaryProtocol;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.common.VirtualThreads;
import org.memjcache.internal.config.value.Protocol;

/**
 * All requests of one round trip to one server: written in one piece, their responses read in
 * order.
 *
 * <pre>
 * WAITING --claim--&gt; CLAIMED --the last response was read--&gt; ANSWERED
 *    |                  `------the connection ended----------&gt; LOST
 *    |--the connection ended--&gt; LOST_UNSENT
 *    `--withdraw--&gt; WITHDRAWN
 * </pre>
 *
 * <p>A batch that is lost may still be read, by a thread that had begun to. How many requests have
 * their response is told by {@link #answered}, never by the state.
 *
 * <p>Two threads meet here: the caller, and the one that writes and reads for it. Results of
 * requests below {@link #answered} may be read by the caller, those above belong to the reading
 * thread, also after the caller has given up: the stream has to stay in step.
 */
public final class ServerBatch implements Message {

  // The states of a batch. All but the first two are final.
  private static final int WAITING = 0; // to be written
  private static final int CLAIMED = 1; // being written, or its responses are read
  private static final int WITHDRAWN = 2; // taken back by the caller before it was written
  private static final int ANSWERED = 3; // all responses were read
  private static final int LOST = 4; // the connection ended after it was claimed
  private static final int LOST_UNSENT = 5; // the connection ended before that

  /**
   * How far it is. An object of its own, because who waits for a late response keeps it, for as
   * long as a server is away: not the requests, with values and exceptions of an application.
   */
  private static final class Progress {

    private static final AtomicIntegerFieldUpdater<Progress> PHASE =
        AtomicIntegerFieldUpdater.newUpdater(Progress.class, "phase");

    private volatile int phase = WAITING;
    private volatile int answered;

    boolean go(int from, int to) {
      return PHASE.compareAndSet(this, from, to);
    }

    LateResponse.State stateOf(int request) {
      boolean awaited = phase == CLAIMED; // first: the last response is counted before the end
      return answered > request
          ? LateResponse.State.CAME
          : awaited ? LateResponse.State.AWAITED : LateResponse.State.LOST;
    }
  }

  private final Protocol protocol;
  private final List<Request> requests = new ArrayList<>(2);
  private List<? extends RequestEncoding> forms = List.of(); // of the requests, in the protocol
  private @Nullable RequestBuffer outgoing;
  private int writesFrom;
  private boolean mergeable;

  private long waitsUntil; // written before the waiter, read after
  private volatile @Nullable Thread waiter;
  private final Progress progress = new Progress();
  private @Nullable DisconnectReason loss; // written before LOST, read after

  /** Creates an empty batch. */
  public ServerBatch(Protocol protocol) {
    this.protocol = protocol;
  }

  /**
   * Returns a batch of the same requests for another connection, after not a byte of it was sent.
   */
  public ServerBatch again() {
    ServerBatch again = new ServerBatch(protocol);
    again.requests.addAll(requests);
    return again;
  }

  /** Adds a request, before the batch is handed to a session. */
  public void add(Request request) {
    requests.add(request);
  }

  public List<Request> requests() {
    return requests;
  }

  /** Returns the get that this batch begins with, or null. */
  @Nullable GetRequest firstGet() {
    return requests.get(0) instanceof GetRequest get ? get : null;
  }

  /**
   * Returns whether this is small enough to go with others in a {@link CoalescedBatch}, and has
   * only writes behind the get that it may begin with. Only after {@link #prepare}.
   */
  boolean isMergeable() {
    return mergeable;
  }

  /** Returns how many bytes {@link #appendWrites} would append. */
  int writtenSize() {
    RequestBuffer out = outgoing;
    return out == null ? 0 : out.size() - writesFrom;
  }

  /** Appends what comes behind the get. */
  void appendWrites(RequestBuffer target) {
    RequestBuffer out = outgoing;
    if (out != null) {
      target.append(out, writesFrom);
    }
  }

  /** Tells all requests over which connection they are about to be sent. */
  public void sendOver(int life) {
    for (int i = 0; i < requests.size(); i++) {
      requests.get(i).sendOver(life);
    }
  }

  /**
   * Encodes the requests, once, before they are submitted. A small get is not encoded yet: mostly
   * it goes with others, and only its keys are needed.
   */
  public void prepare() {
    forms =
        protocol == Protocol.TEXT
            ? requests
            : requests.stream().map(BinaryProtocol::encodingOf).toList();
    if (protocol == Protocol.TEXT && requests.size() == 1 && isSmall(firstGet())) {
      mergeable = true;
      return;
    }
    RequestBuffer out = new RequestBuffer(encodedSize());
    boolean small = true;
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      forms.get(i).encode(out);
      out.endRequest();
      if (request instanceof GetRequest get) {
        small &= i == 0 && isSmall(get);
        writesFrom = out.size();
      }
    }
    mergeable =
        protocol == Protocol.TEXT // the other one has no lines to share
            && small
            && out.segmentCount() == 1
            && out.size() - writesFrom <= CoalescedBatch.MOST_WRITTEN;
    outgoing = out;
  }

  private static boolean isSmall(@Nullable GetRequest get) {
    return get != null && get.keys().size() <= CoalescedBatch.MOST_KEYS;
  }

  private int encodedSize() {
    int size = 0;
    for (int i = 0; i < forms.size(); i++) {
      size += forms.get(i).encodedSize();
    }
    return size;
  }

  @Override
  public RequestBuffer bytes() {
    RequestBuffer out = outgoing;
    if (out == null) {
      out = new RequestBuffer(encodedSize());
      for (int i = 0; i < forms.size(); i++) {
        forms.get(i).encode(out);
      }
    }
    return out;
  }

  /** Tells that the batch is going to be written now. False if the caller has taken it back. */
  public boolean claim() {
    return progress.go(WAITING, CLAIMED);
  }

  /** Takes the batch back. False if it is being written already, or has been. */
  boolean withdraw() {
    return progress.go(WAITING, WITHDRAWN);
  }

  /** Returns whether all answers have come, or never will. */
  public boolean isFinished() {
    return progress.phase >= ANSWERED;
  }

  /** Returns how many requests have their answer. */
  public int answered() {
    return progress.answered;
  }

  /** Returns what becomes of the request at this place, which was sent and has no response yet. */
  public LateResponse lateResponse(int request) {
    Progress own = progress;
    return () -> own.stateOf(request);
  }

  /** Returns why not all answers came, or null if they did. Only after {@link #isFinished}. */
  public @Nullable DisconnectReason loss() {
    return progress.phase == ANSWERED ? null : loss;
  }

  /** Returns whether not a byte of this batch has been sent, nor ever will be. */
  public boolean wasNeverSent() {
    int now = progress.phase;
    return now == WAITING || now == WITHDRAWN || now == LOST_UNSENT;
  }

  @Override
  public boolean decode(ByteBuffer in) {
    int next = progress.answered;
    while (next < forms.size()) {
      if (!forms.get(next).decode(in)) {
        return false;
      }
      progress.answered = ++next;
    }
    finish(ANSWERED);
    return true;
  }

  /** Tells that the get has its answer, which was read elsewhere. */
  void finishGet() {
    progress.answered = 1;
    if (requests.size() == 1) {
      finish(ANSWERED);
    }
  }

  @Override
  public void lose(DisconnectReason reason) {
    if (progress.phase < ANSWERED) {
      loss = reason;
      if (progress.go(WAITING, LOST_UNSENT)) {
        wake();
      } else {
        finish(LOST);
      }
    }
  }

  private void finish(int end) {
    if (progress.go(CLAIMED, end)) {
      wake();
    }
  }

  /**
   * Names the calling thread as the one that waits for this batch.
   *
   * @param deadline until when, by {@link System#nanoTime}
   */
  void beginWait(long deadline) {
    waitsUntil = deadline;
    waiter = Thread.currentThread();
  }

  /** Tells that no thread waits for this batch any more. */
  void endWait() {
    waiter = null;
  }

  /** Returns until when a thread waits, or did last. */
  long waitsUntil() {
    return waitsUntil;
  }

  /** Returns whether a thread waits that another one has to lead for. */
  boolean waitsVirtually() {
    Thread thread = waiter;
    return thread != null && VirtualThreads.isVirtual(thread);
  }

  /** Wakes the thread that waits for this batch, if one does. */
  void wake() {
    LockSupport.unpark(waiter);
  }

  /** Wakes the thread that waits for this batch, and waits no more. */
  void dismiss() {
    Thread thread = waiter;
    waiter = null;
    LockSupport.unpark(thread);
  }

  @Override
  public boolean isReadRefused() {
    GetRequest get = firstGet();
    return get != null && get.refusal() != null;
  }

  @Override
  public void forEachBatch(Consumer<ServerBatch> action) {
    action.accept(this);
  }

  @Override
  public @Nullable ServerBatch awaited() {
    return waiter != null && !isFinished() ? this : null;
  }
}
