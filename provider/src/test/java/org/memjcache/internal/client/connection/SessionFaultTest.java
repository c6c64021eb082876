// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.memjcache.support.Waiting.awaitWaiting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;

/** What can go wrong between two steps of a session, each made to happen. */
@Timeout(60)
@Tag("slow")
class SessionFaultTest {

  /** How long a caller waits that is to be woken; the others wait longer. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final ScriptedTransport transport = new ScriptedTransport();
  private final Server server =
      new Server(0, new ServerAddress("127.0.0.1", 1), 1, ignored -> {}, Runnable::run);
  private final Session session = new Session(server, transport);

  private static ServerBatch batch(Request request) {
    ServerBatch batch = new ServerBatch(Protocol.TEXT);
    batch.add(request);
    batch.prepare();
    return batch;
  }

  private static ServerBatch delete(String key) {
    return batch(new DeleteRequest(key));
  }

  /** Starts a thread that reads as the reactor does, and is held there. */
  private Thread attend(Gate reading) throws InterruptedException {
    transport.onRead = reading;
    Thread thread = new Thread(session::attend);
    thread.start();
    reading.awaitReached();
    transport.onRead = null;
    return thread;
  }

  /** Lets a thread that is held while it reads go on to passing the lead on, where it writes. */
  private void passOn(Gate reading, Gate writing) throws InterruptedException {
    transport.onWrite = writing;
    reading.open();
    writing.awaitReached();
    transport.onWrite = null;
  }

  /** Starts a thread that leads until a batch is finished, and waits until it selects. */
  private Thread lead(ServerBatch batch) throws InterruptedException {
    Thread thread = new Thread(() -> session.await(batch, System.nanoTime() + LONG_NANOS));
    thread.start();
    transport.awaiting.acquire();
    return thread;
  }

  /** A thread that ends the session takes the first message away while the leader reads. */
  @Test
  void lose_whileTheLeaderReads_noBatchGetsTheResponseToAnother() throws Exception {
    Gate losing = new Gate();
    AtomicBoolean isLost = new AtomicBoolean();
    Message first =
        new DeleteMessage("first") {
          @Override
          public void lose(DisconnectReason reason) {
            if (!isLost.getAndSet(true)) { // not the leader, which sees the end, too
              losing.run();
            }
          }
        };
    ServerBatch second = delete("second"); // its response would be NOT_FOUND
    session.submit(first);
    session.submit(second);
    Thread loser = new Thread(() -> session.lose(DisconnectReason.CLOSED));
    loser.start();
    losing.awaitReached();
    transport.feed("DELETED\r\n"); // for the first

    session.attend();

    losing.open();
    loser.join();
    second.requests().get(0).complete(null);
    assertThat(second.loss())
        .as("why the second is lost; it has %d responses", second.answered())
        .isNotNull();
  }

  /** A write on behalf of others meets a full socket while another thread begins to lead. */
  @Test
  void write_socketFullAfterTheLeadWasPassedOn_newLeaderWritesOn() throws Exception {
    Gate reading = new Gate();
    Gate writing = new Gate();
    Thread reactor = attend(reading);
    session.submit(new DeleteMessage("other")); // left to the reactor, which is reading
    transport.room = 3; // the socket is full after 3 bytes
    passOn(reading, writing);
    Caller leader = new Caller(delete("own"));
    leader.start();
    transport.awaiting.acquire(); // the leader selects

    writing.open();

    reactor.join();
    transport.room = Integer.MAX_VALUE; // the socket takes everything from now on
    transport.answerAfter("delete own\r\n", "DELETED\r\nDELETED\r\n");
    leader.join();
    assertThat(leader.isFinished)
        .as(
            "not hung for %d ms; interests: %s; written: %s",
            leader.waitedMillis, transport.interests, transport.written)
        .isTrue();
    assertThat(transport.interests)
        .as("how often the leader selected: it was woken, and waited on")
        .hasSizeGreaterThan(1);
  }

  /** An Error while batches are being joined ends all of them. */
  @Test
  void write_errorWhileBatchesAreJoined_wakesTheirCallers() throws Exception {
    ServerBatch own = delete("own");
    session.submit(own);
    lead(own);
    Gate writing = new Gate();
    transport.onWrite = writing;
    Thread writer = new Thread(() -> session.submit(new DeleteMessage("other")));
    writer.start();
    writing.awaitReached();
    AtomicBoolean armed = new AtomicBoolean();
    List<String> failing =
        new AbstractList<>() {
          @Override
          public String get(int index) {
            if (armed.get()) {
              throw new OutOfMemoryError("injected");
            }
            return "k";
          }

          @Override
          public int size() {
            return 1;
          }
        };
    List<Caller> callers = new ArrayList<>();
    for (List<String> keys : List.of(failing, List.of("k2"))) {
      Caller caller = new Caller(batch(new GetRequest(keys, false)));
      caller.start();
      callers.add(caller);
      awaitWaiting(caller);
    }
    Thread.sleep(50);
    armed.set(true);

    writing.open();

    writer.join();
    assertThat(session.loss()).isNotNull();
    for (Caller caller : callers) {
      caller.join();
      assertThat(caller.waitedMillis)
          .as("ms that a caller slept after the session had ENDED")
          .isLessThan(1000);
    }
  }

  /** After an Error while reading, and another one while that is dealt with, nothing is read. */
  @Test
  void attend_brokenSession_readsNothing() {
    AtomicInteger calls = new AtomicInteger();
    StringBuilder read = new StringBuilder();
    session.submit(delete("first"));
    session.submit(
        new DeleteMessage("second") {
          @Override
          public boolean decode(ByteBuffer in) {
            if (calls.getAndIncrement() == 0) {
              throw new OutOfMemoryError("injected") {
                @Override
                public String toString() {
                  throw new OutOfMemoryError("again");
                }
              };
            }
            while (in.hasRemaining()) {
              read.append((char) in.get());
            }
            return true;
          }
        });
    transport.feed("DELETED\r\nNOT_FOUND\r\n");
    assertThat(catchThrowable(session::attend)).isInstanceOf(OutOfMemoryError.class);
    transport.feed("whatever comes next\r\n");

    session.attend();

    assertThat(read.toString()).as("what the second was given").isEmpty();
  }

  /** A thread that passes the lead on moves messages while the leader looks for who waits. */
  @Test
  void passOn_movesAMessageWhileTheLeaderStepsDown_itsCallerIsWoken() throws Exception {
    Gate reading = new Gate();
    Gate writing = new Gate();
    Thread reactor = attend(reading);
    ServerBatch own = delete("own");
    session.submit(own); // left to the reactor, which is reading
    passOn(reading, writing); // its own message is among the sent ones
    Thread leader = lead(own);
    // Two messages that no caller awaits (heartbeats, or batches given up), then one that is.
    Gate looking = new Gate();
    session.submit(
        new DeleteMessage("second") {
          @Override
          public ServerBatch awaited() {
            if (Thread.currentThread() == leader) {
              looking.run();
            }
            return null;
          }
        });
    session.submit(new DeleteMessage("third"));
    Caller caller = new Caller(delete("fourth"));
    caller.start();
    awaitWaiting(caller);
    Thread.sleep(20);
    transport.feed("DELETED\r\n"); // for the leader, which steps down and looks
    looking.awaitReached();

    writing.open();

    reactor.join(); // it has moved and written the other three
    looking.open();
    leader.join();
    transport.feed("DELETED\r\nDELETED\r\nDELETED\r\n");
    caller.join();
    assertThat(caller.waitedMillis)
        .as("ms until the caller had its response (finished: %s)", caller.isFinished)
        .isLessThan(1000);
  }

  /** Holds a thread where it runs this, until it is opened. */
  private static final class Gate implements Runnable {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    @Override
    public void run() {
      reached.countDown();
      try {
        opened.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void awaitReached() throws InterruptedException {
      reached.await();
    }

    void open() {
      opened.countDown();
    }
  }

  /** Submits a batch and waits for it. */
  private final class Caller extends Thread {

    private final ServerBatch batch;
    private boolean isFinished; // to be read after join()
    private long waitedMillis;

    Caller(ServerBatch batch) {
      this.batch = batch;
    }

    @Override
    public void run() {
      session.submit(batch);
      long start = System.nanoTime();
      isFinished = session.await(batch, start + PATIENCE_NANOS);
      waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
  }

  /** A deletion for which no caller waits. */
  private static class DeleteMessage implements Message {

    private final String key;

    DeleteMessage(String key) {
      this.key = key;
    }

    @Override
    public RequestBuffer bytes() {
      byte[] line = ("delete " + key + "\r\n").getBytes(StandardCharsets.US_ASCII);
      return new RequestBuffer(line.length).value(line);
    }

    @Override
    public boolean decode(ByteBuffer in) {
      for (int end = in.position(); end < in.limit(); end++) {
        if (in.get(end) == '\n') {
          in.position(end + 1);
          return true;
        }
      }
      return false;
    }

    @Override
    public void lose(DisconnectReason reason) {}
  }

  /** A channel in memory that holds threads where a test wants them. */
  private static final class ScriptedTransport implements Transport, BufferingChannel {

    private final StringBuffer written = new StringBuffer();
    private final StringBuilder responses = new StringBuilder();
    private final Semaphore awaiting = new Semaphore(0);
    private final List<Boolean> interests = new CopyOnWriteArrayList<>();
    private volatile Runnable onRead;
    private volatile Runnable onWrite;
    private volatile int room = Integer.MAX_VALUE;
    private boolean wakeUp;
    private String trigger;
    private String answer;

    synchronized void feed(String response) {
      responses.append(response);
      notifyAll();
    }

    /** Responds as soon as this text has been written. */
    synchronized void answerAfter(String text, String response) {
      trigger = text;
      answer = response;
      answerIfWritten();
    }

    private synchronized void answerIfWritten() {
      if (trigger != null && written.indexOf(trigger) >= 0) {
        trigger = null;
        feed(answer);
      }
    }

    private static void runIfAny(Runnable hook) {
      if (hook != null) {
        hook.run();
      }
    }

    @Override
    public int write(ByteBuffer source) {
      runIfAny(onWrite);
      int count = Math.min(room, source.remaining());
      for (int i = 0; i < count; i++) {
        written.append((char) source.get());
      }
      answerIfWritten();
      return count;
    }

    @Override
    public int read(ByteBuffer target) {
      runIfAny(onRead);
      synchronized (this) {
        int count = Math.min(responses.length(), target.remaining());
        for (int i = 0; i < count; i++) {
          target.put((byte) responses.charAt(i));
        }
        responses.delete(0, count);
        return count;
      }
    }

    @Override
    public synchronized void await(long nanos, boolean orWritten) {
      interests.add(orWritten);
      awaiting.release();
      long end = System.nanoTime() + nanos;
      try {
        while (!wakeUp
            && responses.length() == 0
            && !(orWritten && room > 0)
            && System.nanoTime() < end) {
          wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      wakeUp = false;
    }

    @Override
    public synchronized void wakeUp() {
      wakeUp = true;
      notifyAll();
    }

    @Override
    public BufferingChannel byteChannel() {
      return this;
    }

    @Override
    public boolean isAttended() {
      return true;
    }

    @Override
    public void attendToReading() {}

    @Override
    public void attendToWriting() {}

    @Override
    public void disconnect() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
