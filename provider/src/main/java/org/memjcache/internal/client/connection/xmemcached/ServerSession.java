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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
import org.memjcache.internal.config.Protocol;
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
 * <p>Thread-safe.
 */
public final class ServerSession extends MemcachedTCPSession {

  private static final Logger LOG = LoggerFactory.getLogger(ServerSession.class);

  private static final int BUFFER_SIZE = 64 * 1024;

  /** So many buffers one caller writes on behalf of others before the reactor takes over. */
  private static final int MAX_WRITES = 16;

  /** So many buffers are read from one connection before another one has its turn. */
  private static final int MAX_READS = 16;

  private final CommandQueue waiting;
  private final SocketChannel channel;
  private final Server server;
  private final Protocol protocol;

  /** Requests to write that were made. Who moves it from 0 owns the writing side. */
  private final AtomicInteger writeRequests = new AtomicInteger();

  /** The reactor has been asked to write what waits. */
  private final AtomicBoolean writeScheduled = new AtomicBoolean();

  /** The writing side waits for the reactor to say that the socket takes bytes again. */
  private final AtomicBoolean blocked = new AtomicBoolean();

  private final AtomicReference<@Nullable DisconnectReason> loss = new AtomicReference<>();
  private final AtomicBoolean closing = new AtomicBoolean();

  /** All that a loss brings with it has been done. */
  private volatile boolean ended;

  /**
   * A thread failed somewhere on its way through this session, for lack of stack or memory, and may
   * have left the writing side to nobody.
   */
  private volatile boolean abandoned;

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
    if (abandoned && !ended) {
      lose(DisconnectReason.connection("a thread ran out of stack or memory while it wrote", null));
    }
    return loss.get();
  }

  /** Sends a command. If the session has ended, the command is lost at once. */
  public void submit(Command command) {
    try {
      add(command);
    } catch (Error e) {
      abandoned = true; // no call: there may be no stack left for it; loss() does the rest
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
      lose(reason);
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
    if (blocked.get()) {
      selectorManager.registerSession(this, EventType.ENABLE_WRITE);
    } else {
      selectorManager.registerSession(this, EventType.ENABLE_READ);
      if (!waiting.isEmpty()) {
        write();
      }
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
    if (!loss.compareAndSet(null, reason) && ended) {
      return;
    }
    // Each step can be done twice: a thread that came here first may not have come to the end.
    server.lost(this, Objects.requireNonNull(loss.get()));
    loseCommands();
    server.background(this::closeNow);
    ended = true;
  }

  /** Closes the connection on this thread. */
  void closeNow() {
    loss.compareAndSet(null, DisconnectReason.CLOSED);
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      // Or else the superclass waits up to three seconds until the socket takes bytes.
      channel.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("Shutting down the output of {} failed", server.address(), e);
    }
    super.close();
  }

  /** Called by xmemcached, mostly when several heartbeats got no answer. */
  @Override
  public void close() {
    lose(DisconnectReason.connection("it was idle and did not answer heartbeats", null));
  }

  private void loseCommands() {
    DisconnectReason reason = loss.get();
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
    if (blocked.compareAndSet(true, false)) {
      writeWaiting(); // as the owner of the writing side, which it has been since it was blocked
    } else {
      write();
    }
  }

  /** Writes what waits, unless another thread is at it, which then goes on for this one. */
  private void write() {
    if (writeRequests.getAndIncrement() == 0) {
      writeWaiting();
    }
  }

  /**
   * Writes until nothing waits. The caller owns the writing side and gives it up here: to nobody
   * when all is written, to the reactor when the socket is full.
   */
  private void writeWaiting() {
    try {
      int seen = writeRequests.get();
      for (int writes = 0; ; writes++) {
        collect();
        if (loss.get() != null) {
          loseCommands();
          return; // and stay the owner: nothing will be written any more
        }
        if (out.isEmpty()) {
          seen = writeRequests.addAndGet(-seen);
          if (seen == 0) {
            return;
          }
        } else if (!out.writeTo(channel) || writes >= MAX_WRITES) {
          blocked.set(true);
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
    if (loss.get() != null) {
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
        if (loss.get() != null) {
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
