package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import com.google.code.yanf4j.nio.impl.SelectorManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.ResponseLines;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.config.value.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one server: xmemcached's session with its own way of writing, reading and
 * ending.
 *
 * <ul>
 *   <li>Writing: when nothing is under way, the calling thread writes its command itself, which
 *       saves it the hand-over to the reactor thread. Otherwise the reactor thread takes all
 *       commands that wait along in one write, small ones as one {@link CoalescedBatch}. While the
 *       server answers quickly, a small command waits until a third of all that is under way waits
 *       with it, or an answer comes: memcached sends the answer to each line by a system call of
 *       its own, which takes longer than the wait.
 *   <li>Reading: the reactor thread reads once for each event and decodes; bytes that nobody asked
 *       for close the connection, where xmemcached would block the reactor thread for ever.
 *   <li>Ending: every command that waits, written or not, is woken at once and never left to its
 *       timeout.
 * </ul>
 *
 * <p>Its life and its writing side are two machines:
 *
 * <pre>
 * OPEN --lose, or an Error in a calling thread--&gt; LOST --all commands woken, closing begun--&gt; ENDED
 *
 *      write              write              looks again
 * IDLE -----&gt; WRITING -----&gt; WRITING_MORE -----------&gt; WRITING
 *   ^            |  |
 *   `-nothing----'  `-socket full-&gt; BLOCKED -socket takes bytes-&gt; WRITING
 *     waits
 * </pre>
 *
 * <p>A session on which an {@code Error} was thrown is LOST, whatever was left half done: nobody
 * gets another's response. Its thread may have no stack left to end it, so any thread that looks at
 * a LOST session goes through the steps to ENDED, each of which may be done twice.
 *
 * <p>Thread-safe.
 */
public final class ServerSession extends MemcachedTCPSession {

  private static final Logger LOG = LoggerFactory.getLogger(ServerSession.class);

  private static final AtomicReferenceFieldUpdater<ServerSession, @Nullable DisconnectReason> LOSS =
      AtomicReferenceFieldUpdater.newUpdater(ServerSession.class, DisconnectReason.class, "loss");

  private static final DisconnectReason EXHAUSTED =
      DisconnectReason.connection("a thread ran out of stack or memory while it wrote", null);

  private static final int BUFFER_SIZE = 64 * 1024;

  /** So many buffers one caller writes on behalf of others before the reactor takes over. */
  private static final int MAX_WRITES = 16;

  /** So many buffers are read from one connection before another one has its turn. */
  private static final int MAX_READS = 16;

  private final CommandQueue waiting;
  private final SocketChannel channel;
  private final Server server;
  private final Protocol protocol;

  /** What the writing side does. The thread that sets WRITING owns it. */
  private enum Writer {
    /** No thread writes. */
    IDLE,
    /** A thread writes. */
    WRITING,
    /** A thread writes, and has been asked to look once more for what waits. */
    WRITING_MORE,
    /** The socket is full; the reactor goes on when it takes bytes again. */
    BLOCKED
  }

  private final AtomicReference<Writer> writer = new AtomicReference<>(Writer.IDLE);

  /** The reactor has been asked to write what waits, whoever owns the writing side. */
  private final AtomicBoolean writeScheduled = new AtomicBoolean();

  /** Why this session is LOST or ENDED; null while it is OPEN. */
  private volatile @Nullable DisconnectReason loss;

  /** This session is ENDED. */
  private volatile boolean ended;

  private final LatencyEstimate answerTime = new LatencyEstimate(System::nanoTime);

  /** Touched by the owner of the writing side only. */
  private final WriteBuffer out = new WriteBuffer(BUFFER_SIZE);

  /** Touched by the reactor thread only. */
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_SIZE);

  /** Written before any caller gets this session. */
  private int number;

  private volatile long lastRead = System.nanoTime();
  private volatile long owedSince = lastRead;

  /**
   * Creates a session for a connected channel.
   *
   * @param waiting where commands wait to be written, its inside is in {@code config}
   * @param protocol what is spoken there
   */
  ServerSession(
      NioSessionConfig config,
      CommandQueue waiting,
      SocketChannel channel,
      Server server,
      Protocol protocol,
      CommandFactory commandFactory) {
    // xmemcached's own read buffer, optimizer and read threads are never used.
    super(config, 1, null, 0, commandFactory);
    this.waiting = waiting;
    this.channel = channel;
    this.server = server;
    this.protocol = protocol;
    // No entry in xmemcached's list of connections to restore: the server does that.
    setAllowReconnect(false);
  }

  public Server server() {
    return server;
  }

  /** Returns the number of this session among those of its server, from 1 in the order opened. */
  public int number() {
    return number;
  }

  public void setNumber(int number) {
    this.number = number;
  }

  /** Returns why this session ended or is ending, null while it works. */
  public @Nullable DisconnectReason loss() {
    DisconnectReason reason = loss;
    if (reason != null && !ended) {
      end(reason);
    }
    return reason;
  }

  /** Sends a command. If the session has ended, the command is lost at once. */
  public void submit(Command command) {
    try {
      add(command);
    } catch (Error e) {
      if (loss == null) {
        loss = EXHAUSTED; // without a call: there may be no stack for it; loss() does the rest
      }
      throw e;
    }
  }

  private void add(Command command) {
    boolean alone = waiting.add(command);
    if (alone) {
      owedSince = System.nanoTime();
    }
    DisconnectReason reason = loss();
    if (reason != null) {
      loseCommands();
    } else if (alone) {
      write();
    } else if (mayWait(command)) {
      if (waiting.isEnough()) {
        write();
      } // or else the reactor does, when it has read the next answer
    } else if (writeScheduled.compareAndSet(false, true)) {
      selectorManager.registerSession(this, EventType.WRITEABLE);
    }
  }

  private boolean mayWait(Command command) {
    return command instanceof ServerBatch trip && trip.isMergeable() && answerTime.isShort();
  }

  /**
   * Reminds the reactor of this session. Its wake-up can get lost when it is just about to wait,
   * and then it sleeps for up to a second. Commands wait no longer for an answer that is late.
   */
  public void nudge() {
    try {
      if (writer.get() == Writer.BLOCKED) {
        selectorManager.registerSession(this, EventType.ENABLE_WRITE);
      } else {
        selectorManager.registerSession(this, EventType.ENABLE_READ);
        if (!waiting.isEmpty()) {
          write();
        }
      }
    } catch (Error e) {
      if (loss == null) {
        loss = EXHAUSTED; // as in submit
      }
      throw e;
    }
  }

  /** Returns whether the reactor listens to this session by now. */
  boolean isRegistered() {
    return getAttribute(SelectorManager.REACTOR_ATTRIBUTE) instanceof Reactor reactor
        && channel.keyFor(reactor.getSelector()) != null;
  }

  /**
   * Returns for how long the server has owed an answer without sending a single byte, in
   * nanoseconds; 0 if it owes none.
   */
  public long silence(long now) {
    return waiting.isInUse() ? Math.min(now - owedSince, now - lastRead) : 0;
  }

  /**
   * Ends this session: no trip gets it any more, all its commands are woken, and the connection is
   * closed on another thread. Only the first reason counts.
   */
  public void lose(DisconnectReason reason) {
    LOSS.compareAndSet(this, null, reason);
    if (!ended) {
      end(Objects.requireNonNull(loss));
    }
  }

  /** Goes from LOST to ENDED. Each step may be done twice, by a thread that failed on its way. */
  private void end(DisconnectReason reason) {
    server.lost(this, reason);
    loseCommands();
    server.background(this::closeNow);
    ended = true;
  }

  /** Closes the connection on this thread. */
  void closeNow() {
    LOSS.compareAndSet(this, null, DisconnectReason.CLOSED);
    try {
      // Or else the superclass waits up to three seconds until the socket takes bytes.
      channel.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("Shutting down the output of {} failed", server.address(), e);
    }
    super.close(); // once only, the superclass sees to that
  }

  /** Called by xmemcached, mostly when several heartbeats got no answer. */
  @Override
  public void close() {
    lose(DisconnectReason.connection("it was idle and did not answer heartbeats", null));
  }

  private void loseCommands() {
    DisconnectReason reason = loss;
    if (reason == null) {
      return;
    }
    lose(getCurrentCommand(), reason);
    Command sent;
    while ((sent = commandAlreadySent.poll()) != null) {
      lose(sent, unansweredBecause(reason));
    }
    Command unsent;
    while ((unsent = waiting.drop()) != null) {
      lose(unsent, unansweredBecause(reason));
    }
  }

  /** Only the command whose answer was wrong failed by protocol, the others by the closing. */
  private static DisconnectReason unansweredBecause(DisconnectReason reason) {
    return reason.kind() == RequestFailedException.Kind.PROTOCOL
        ? DisconnectReason.connection(reason.reason(), reason.cause())
        : reason;
  }

  private static void lose(@Nullable Command command, DisconnectReason reason) {
    if (command instanceof ServerBatch trip) {
      trip.lose(reason);
    } else if (command instanceof CoalescedBatch merged) {
      merged.parts().forEach(part -> part.lose(reason));
    } else if (command != null) {
      command.countDownLatch();
    }
  }

  // ---------------------------------------------------------------------------------- writing

  /** Where commands of xmemcached itself, the heartbeats, come in. */
  @Override
  public void writeFromUserCode(WriteMessage message) {
    Command heartbeat = (Command) message;
    submit(protocol == Protocol.BINARY ? new BinaryHeartbeat(heartbeat) : heartbeat);
  }

  /** The reactor's turn to write: it was asked to, or the socket takes bytes again. */
  @Override
  protected void onWrite(@Nullable SelectionKey key) {
    writeScheduled.set(false);
    if (writer.compareAndSet(Writer.BLOCKED, Writer.WRITING)) {
      writeWaiting(); // as the owner of the writing side, which it has been since it was blocked
    } else {
      write();
    }
  }

  /** Writes what waits, unless another thread is at it, which then goes on for this one. */
  private void write() {
    while (true) {
      Writer now = writer.get();
      if (now == Writer.IDLE) {
        if (writer.compareAndSet(Writer.IDLE, Writer.WRITING)) {
          writeWaiting();
          return;
        }
      } else if (now != Writer.WRITING
          || writer.compareAndSet(Writer.WRITING, Writer.WRITING_MORE)) {
        return; // who goes on from there takes all that waits
      }
    }
  }

  /**
   * Writes until nothing waits. The caller owns the writing side and gives it up here: to nobody
   * when all is written, to the reactor when the socket is full.
   */
  private void writeWaiting() {
    try {
      for (int writes = 0; ; writes++) {
        collect();
        if (loss != null) {
          loseCommands();
          return; // and stay the owner: nothing will be written any more
        }
        if (out.isEmpty()) {
          if (writer.compareAndSet(Writer.WRITING, Writer.IDLE)) {
            return;
          }
          writer.set(Writer.WRITING);
        } else if (!out.writeTo(channel) || writes >= MAX_WRITES) {
          writer.set(Writer.BLOCKED);
          selectorManager.registerSession(this, EventType.ENABLE_WRITE);
          return;
        }
      }
    } catch (IOException e) {
      lose(DisconnectReason.connection("writing failed: " + e.getMessage(), e));
    } catch (RuntimeException | Error e) {
      lose(DisconnectReason.connection("writing failed: " + e, e));
    }
  }

  /** Moves waiting commands into the buffer, as many as fit. */
  private void collect() {
    while (out.isOpen()) {
      Command next = waiting.next();
      if (next == null) {
        return;
      }
      // Before the first byte is written, or the answer could come first.
      answerTime.writing(next);
      addCommand(next);
      out.put(bytes(next));
    }
  }

  private static RequestBuffer bytes(Command command) {
    if (command instanceof ServerBatch trip) {
      return Objects.requireNonNull(trip.bytes());
    }
    if (command instanceof CoalescedBatch merged) {
      return merged.bytes();
    }
    // A heartbeat.
    ByteBuffer buffer = command.getIoBuffer().buf().duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return new RequestBuffer(bytes.length).value(bytes);
  }

  // ---------------------------------------------------------------------------------- reading

  @Override
  protected void onRead(SelectionKey key) {
    if (loss != null) {
      return;
    }
    try {
      if (!read()) {
        lose(DisconnectReason.connection("the server closed it", null));
        return;
      }
      if (!waiting.isEmpty()) {
        write();
      }
      key.interestOps(key.interestOps() | SelectionKey.OP_READ);
    } catch (ProtocolException e) {
      lose(DisconnectReason.protocol(e));
    } catch (IOException | CancelledKeyException e) {
      lose(DisconnectReason.connection("reading failed: " + e.getMessage(), e));
    } catch (RuntimeException | Error e) {
      // Such as no memory for a value. The reactor thread must live on for the other connections.
      lose(DisconnectReason.connection("reading an answer failed: " + e, e));
    }
  }

  /** Reads and decodes what has arrived; false at the end of the stream. */
  private boolean read() throws IOException {
    for (int reads = 0; reads < MAX_READS; reads++) {
      int count = channel.read(in);
      if (count <= 0) {
        return count == 0;
      }
      lastRead = System.nanoTime();
      updateTimeStamp();
      boolean full = !in.hasRemaining();
      in.flip();
      decodeAll();
      in.compact();
      if (!full) {
        return true;
      }
    }
    return true;
  }

  private void decodeAll() {
    while (in.hasRemaining()) {
      Command command = getCurrentCommand();
      if (command == null) {
        command = commandAlreadySent.poll();
        if (command == null) {
          throw new ProtocolException(
              "something that was not asked for: " + ResponseLines.excerpt(in, in.limit()));
        }
        setCurrentCommand(command);
        if (loss != null) {
          loseCommands(); // which may have missed this one, between the queue and here
          return;
        }
      }
      if (!command.decode(this, in)) {
        return;
      }
      setCurrentCommand(null);
      waiting.answered(command);
      answerTime.answered(command, lastRead);
    }
  }

  // -------------------------------------------------------------- what xmemcached does on closing

  @Override
  public void clearWriteQueue() {
    loseCommands();
  }

  @Override
  public void destroy() {
    loseCommands();
  }
}
