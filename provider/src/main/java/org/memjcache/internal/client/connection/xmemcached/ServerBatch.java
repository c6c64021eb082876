package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.buffer.IoBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.binary.BinaryProtocol;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.config.value.Protocol;

/**
 * All requests of one trip to one server, as one command of xmemcached: written in one piece, its
 * answers read in order.
 *
 * <pre>
 * WAITING --claim--&gt; CLAIMED --the last response was read--&gt; ANSWERED
 *    |                  `------the connection ended----------&gt; LOST
 *    |--the connection ended--&gt; LOST_UNSENT
 *    `--withdraw--&gt; WITHDRAWN
 * </pre>
 *
 * <p>A batch that is lost may still be read, by a thread that had begun to: how far the reading is
 * says {@link #answered}, never the state.
 *
 * <p>Two threads meet here. The caller makes the command, hands it to a session and waits; the
 * session's threads write it, read the answers and wake the caller. Results of requests below
 * {@link #answered} may be read by the caller, those above belong to the reading thread, also after
 * the caller has given up: the stream has to stay in step.
 */
public final class ServerBatch extends Command {

  // The states of a batch. The last three are final, and the caller waits for the last two.
  private static final int WAITING = 0; // to be written
  private static final int CLAIMED = 1; // being written, or its responses are read
  private static final int WITHDRAWN = 2; // taken back by the caller before it was written
  private static final int ANSWERED = 3; // all responses were read
  private static final int LOST = 4; // the connection ended after it was claimed
  private static final int LOST_UNSENT = 5; // the connection ended before that

  private static final AtomicIntegerFieldUpdater<ServerBatch> PHASE =
      AtomicIntegerFieldUpdater.newUpdater(ServerBatch.class, "phase");

  private final Protocol protocol;
  private final List<Request> requests = new ArrayList<>(2);
  private List<? extends RequestEncoding> forms = List.of(); // of the requests, in the protocol
  private @Nullable RequestBuffer outgoing;
  private int writesFrom;
  private boolean mergeable;
  private @Nullable Thread waiter;

  private volatile int phase = WAITING;
  private volatile int answered;
  private @Nullable DisconnectReason loss; // written before LOST, read after

  /** Creates an empty command. The type is one that xmemcached never merges or rewrites. */
  public ServerBatch(Protocol protocol) {
    super(CommandType.GET_MANY);
    this.protocol = protocol;
  }

  /** Adds a request, before the command is handed to a session. */
  public void add(Request request) {
    requests.add(request);
  }

  public List<Request> requests() {
    return requests;
  }

  /** Returns the retrieval that this command begins with, or null. */
  @Nullable GetRequest retrieval() {
    return requests.get(0) instanceof GetRequest retrieval ? retrieval : null;
  }

  /**
   * Returns whether this is small enough to go with others in a {@link CoalescedBatch}, and has
   * only writes behind the retrieval that it may begin with. Only after {@link #prepare}.
   */
  boolean isMergeable() {
    return mergeable;
  }

  /** Returns how many bytes {@link #appendWrites} would append. */
  int writtenSize() {
    RequestBuffer out = outgoing;
    return out == null ? 0 : out.size() - writesFrom;
  }

  /** Appends what comes behind the retrieval. */
  void appendWrites(RequestBuffer target) {
    RequestBuffer out = outgoing;
    if (out != null) {
      target.append(out, writesFrom);
    }
  }

  /** Tells all requests over which connection they are about to be sent. */
  public void sendOver(int connection, int opened) {
    for (int i = 0; i < requests.size(); i++) {
      requests.get(i).sendOver(connection, opened);
    }
  }

  /**
   * Encodes the requests and names the thread to wake. To be called once, before {@link #bytes}. A
   * small retrieval is not encoded yet: mostly it goes with others, and only its keys are needed.
   */
  public void prepare(Thread caller) {
    waiter = caller;
    forms =
        protocol == Protocol.TEXT
            ? requests
            : requests.stream().map(BinaryProtocol::encodingOf).toList();
    if (protocol == Protocol.TEXT && requests.size() == 1 && isSmall(retrieval())) {
      mergeable = true;
      return;
    }
    RequestBuffer out = new RequestBuffer(encodedSize());
    boolean small = true;
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      forms.get(i).encode(out);
      if (request instanceof GetRequest retrieval) {
        small &= i == 0 && isSmall(retrieval);
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

  private static boolean isSmall(@Nullable GetRequest retrieval) {
    return retrieval != null && retrieval.keys().size() <= CoalescedBatch.MOST_KEYS;
  }

  private int encodedSize() {
    int size = 0;
    for (int i = 0; i < forms.size(); i++) {
      size += forms.get(i).encodedSize();
    }
    return size;
  }

  /** Returns what to send, or null if the command was taken back. */
  @Nullable RequestBuffer bytes() {
    RequestBuffer out = outgoing;
    if (out == null && phase != WITHDRAWN) {
      out = new RequestBuffer(encodedSize());
      for (int i = 0; i < forms.size(); i++) {
        forms.get(i).encode(out);
      }
    }
    return out;
  }

  /** Tells that the command is going to be written now. False if the caller has taken it back. */
  public boolean claim() {
    return PHASE.compareAndSet(this, WAITING, CLAIMED);
  }

  /** Takes the command back. False if it is being written already, or has been. */
  public boolean withdraw() {
    if (!PHASE.compareAndSet(this, WAITING, WITHDRAWN)) {
      return false;
    }
    outgoing = null;
    return true;
  }

  /** Returns whether all answers have come, or never will. */
  public boolean isFinished() {
    return phase >= ANSWERED;
  }

  /** Returns how many requests have their answer. */
  public int answered() {
    return answered;
  }

  /** Returns why not all answers came, or null if they did. Only after {@link #isFinished}. */
  public @Nullable DisconnectReason loss() {
    return phase == ANSWERED ? null : loss;
  }

  /** Returns whether not a byte of this command has been sent, nor ever will be. */
  public boolean wasNeverSent() {
    int now = phase;
    return now == WAITING || now == WITHDRAWN || now == LOST_UNSENT;
  }

  /**
   * Reads answers; true when all have been read, and then again. Runs on the thread of the session.
   */
  public boolean decode(ByteBuffer in) {
    int next = answered;
    while (next < forms.size()) {
      if (!forms.get(next).decode(in)) {
        return false;
      }
      answered = ++next;
    }
    finish(ANSWERED);
    return true;
  }

  /** Tells that the retrieval has its answer, which was read elsewhere. */
  void retrieved() {
    answered = 1;
    if (requests.size() == 1) {
      finish(ANSWERED);
    }
  }

  /** Ends the command because its connection is gone. Harmless when it has ended already. */
  public void lose(DisconnectReason reason) {
    if (phase < ANSWERED) {
      loss = reason;
      if (PHASE.compareAndSet(this, WAITING, LOST_UNSENT)) {
        LockSupport.unpark(waiter);
      } else {
        finish(LOST);
      }
    }
  }

  private void finish(int end) {
    if (PHASE.compareAndSet(this, CLAIMED, end)) {
      LockSupport.unpark(waiter);
    }
  }

  // What xmemcached wants of a command. It reaches a batch through the session only, which
  // overrides every place where these would be called on the way; they still do the right thing.

  @Override
  public void encode() {
    RequestBuffer out = bytes();
    setIoBuffer(IoBuffer.wrap(out == null ? new byte[0] : out.toByteArray()));
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    return decode(buffer);
  }

  @Override
  public void setException(Exception throwable) {
    lose(DisconnectReason.connection(String.valueOf(throwable.getMessage()), throwable));
  }

  /** Names no value: xmemcached would log the whole buffer. */
  @Override
  public String toString() {
    return "ServerBatch[" + answered + " of " + requests.size() + " requests answered]";
  }
}
