package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;

/** What went wrong between two steps of a session, each made to happen. */
@Timeout(60)
@Tag("slow")
class SessionFaultTest {
  private static final long SEC = 1_000_000_000L;
  private final ScriptedTransport transport = new ScriptedTransport();
  private final Server server =
      new Server(0, new ServerAddress("127.0.0.1", 1), 1, x -> {}, Runnable::run);
  private final Session session = new Session(server, transport);

  private static ServerBatch get(List<String> keys) {
    ServerBatch b = new ServerBatch(Protocol.TEXT);
    b.add(new GetRequest(keys, false));
    b.prepare();
    return b;
  }

  private static ServerBatch delete(String key) {
    ServerBatch b = new ServerBatch(Protocol.TEXT);
    b.add(new DeleteRequest(key));
    b.prepare();
    return b;
  }

  /** A thread that ends the session takes the first message away while the leader reads. */
  @Test
  void lose_whileTheLeaderReads_noBatchGetsTheResponseToAnother() throws Exception {
    CountDownLatch inLose = new CountDownLatch(1), go = new CountDownLatch(1);
    Message m1 =
        new Stub("delete k1\r\n") {
          @Override
          public void lose(DisconnectReason r) {
            inLose.countDown();
            await0(go);
          }
        };
    ServerBatch m2 = delete("k2"); // the server will answer NOT_FOUND to it, DELETED to m1
    session.submit(m1);
    session.submit(m2);
    Thread loser = new Thread(() -> session.lose(DisconnectReason.CLOSED));
    loser.start();
    inLose.await();
    transport.feed("DELETED\r\n"); // r1
    session.attend();
    go.countDown();
    loser.join();
    m2.requests().get(0).settle(null);
    assertThat(m2.loss())
        .as("m2 must be lost, r2 has not even come; answered=" + m2.answered())
        .isNotNull();
  }

  /** A write on behalf of others meets a full socket while another thread begins to lead. */
  @Test
  void write_socketFullAfterTheLeadWasPassedOn_newLeaderWritesOn() throws Exception {
    // M leads nothing: it runs attend() (the reactor) while z waits in the queue.
    CountDownLatch inWrite = new CountDownLatch(1), go = new CountDownLatch(1);
    CountDownLatch inRead = new CountDownLatch(1), goRead = new CountDownLatch(1);
    transport.onRead =
        () -> {
          inRead.countDown();
          await0(goRead);
        };
    Thread m = new Thread(session::attend);
    m.start();
    inRead.await();
    transport.onRead = null;
    session.submit(new Stub("delete z\r\n")); // left to M, which is READING
    transport.onWrite =
        () -> {
          inWrite.countDown();
          await0(go);
        };
    transport.room = 3; // the socket is full after 3 bytes
    goRead.countDown();
    inWrite.await(); // M is in passOn -> write
    transport.onWrite = null;
    ServerBatch l = delete("l");
    AtomicLong took = new AtomicLong();
    AtomicBoolean ok = new AtomicBoolean();
    Thread leader =
        new Thread(
            () -> {
              session.submit(l);
              long s = System.nanoTime();
              ok.set(session.await(l, s + 3 * SEC));
              took.set(System.nanoTime() - s);
            });
    leader.start();
    transport.awaiting.acquire(); // the leader selects
    go.countDown();
    m.join();
    transport.room = Integer.MAX_VALUE; // the socket takes everything from now on
    transport.answerAfter("delete l\r\n", "DELETED\r\nDELETED\r\n");
    leader.join();
    assertThat(ok.get())
        .as(
            "hung for %d ms; interests: %s; written: %s",
            took.get() / 1000000, transport.interests, transport.out)
        .isTrue();
  }

  /** An Error while batches are being joined ends all of them. */
  @Test
  void write_errorWhileBatchesAreJoined_wakesTheirCallers() throws Exception {
    ServerBatch l = delete("l");
    session.submit(l);
    Thread leader = new Thread(() -> session.await(l, System.nanoTime() + 20 * SEC));
    leader.start();
    transport.awaiting.acquire();
    CountDownLatch inWrite = new CountDownLatch(1), go = new CountDownLatch(1);
    transport.onWrite =
        () -> {
          inWrite.countDown();
          await0(go);
        };
    Thread m = new Thread(() -> session.submit(new Stub("delete x\r\n")));
    m.start();
    inWrite.await();
    AtomicBoolean armed = new AtomicBoolean();
    List<String> bomb =
        new AbstractList<>() {
          @Override
          public String get(int i) {
            if (armed.get()) throw new OutOfMemoryError("injected");
            return "k";
          }

          @Override
          public int size() {
            return 1;
          }
        };
    List<Thread> ws = new ArrayList<>();
    AtomicLong longest = new AtomicLong();
    for (List<String> keys : List.of(bomb, List.of("k2"))) {
      Thread w =
          new Thread(
              () -> {
                ServerBatch b = get(keys);
                session.submit(b);
                long s = System.nanoTime();
                session.await(b, s + 3 * SEC);
                longest.accumulateAndGet(System.nanoTime() - s, Math::max);
              });
      w.start();
      ws.add(w);
      while (w.getState() != Thread.State.TIMED_WAITING) Thread.sleep(1);
    }
    Thread.sleep(50);
    armed.set(true);
    go.countDown();
    m.join();
    assertThat(session.loss()).isNotNull();
    for (Thread w : ws) w.join();
    assertThat(longest.get() / 1_000_000)
        .as("ms that callers slept after the session had ENDED")
        .isLessThan(1000);
  }

  /** After an Error while reading, and another one while that is dealt with, nothing is read. */
  @Test
  void attend_brokenSession_readsNothing() {
    ServerBatch d1 = delete("k1");
    AtomicInteger calls = new AtomicInteger();
    StringBuilder got = new StringBuilder();
    Message m2 =
        new Stub("delete k2\r\n") {
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
            for (byte b; (b = in.get()) != '\n'; ) got.append((char) b);
            return true;
          }
        };
    session.submit(d1);
    session.submit(m2);
    transport.feed("DELETED\r\nNOT_FOUND\r\n");
    try {
      session.attend();
    } catch (Error e) {
      /* the thread gets it */
    }
    transport.feed("whatever comes next\r\n");
    try {
      session.attend();
    } catch (Error e) {
    }
    assertThat(got.toString()).as("what m2 was given; its response was NOT_FOUND").isEmpty();
  }

  /** A thread that passes the lead on moves messages while the leader looks for who waits. */
  @Test
  void passOn_movesAMessageWhileTheLeaderStepsDown_itsCallerIsWoken() throws Exception {
    CountDownLatch inWrite = new CountDownLatch(1), go = new CountDownLatch(1);
    CountDownLatch inRead = new CountDownLatch(1), goRead = new CountDownLatch(1);
    transport.onRead =
        () -> {
          inRead.countDown();
          await0(goRead);
        };
    Thread m = new Thread(session::attend);
    m.start();
    inRead.await();
    transport.onRead = null;
    ServerBatch l = delete("l");
    session.submit(l); // left to M
    transport.onWrite =
        () -> {
          inWrite.countDown();
          await0(go);
        };
    goRead.countDown();
    inWrite.await(); // M is in passOn -> write, l is among the sent ones
    transport.onWrite = null;
    Thread leader = new Thread(() -> session.await(l, System.nanoTime() + 20 * SEC));
    leader.start();
    transport.awaiting.acquire();
    // Two messages that nobody awaits (heartbeats, or batches given up), then w.
    CountDownLatch looking = new CountDownLatch(1), goLook = new CountDownLatch(1);
    session.submit(
        new Stub("delete x\r\n") {
          @Override
          public ServerBatch awaited() {
            if (Thread.currentThread() == leader) {
              looking.countDown();
              await0(goLook);
            }
            return null;
          }
        });
    session.submit(new Stub("delete y\r\n"));
    ServerBatch w = delete("w");
    AtomicBoolean ok = new AtomicBoolean();
    AtomicLong took = new AtomicLong();
    Thread waiter =
        new Thread(
            () -> {
              session.submit(w);
              long s = System.nanoTime();
              ok.set(session.await(w, s + 3 * SEC));
              took.set(System.nanoTime() - s);
            });
    waiter.start();
    while (waiter.getState() != Thread.State.TIMED_WAITING) Thread.sleep(1);
    Thread.sleep(20);
    transport.feed("DELETED\r\n"); // for l: its leader steps down, and looks
    looking.await();
    go.countDown();
    m.join(); // M has moved x, y and w, and written them
    goLook.countDown();
    leader.join();
    transport.feed("DELETED\r\nDELETED\r\nDELETED\r\n");
    waiter.join();
    assertThat(took.get() / 1_000_000)
        .as("ms until w had its response (finished: %s)", ok)
        .isLessThan(1000);
  }

  private static void await0(CountDownLatch l) {
    try {
      l.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static class Stub implements Message {
    final String text;

    Stub(String text) {
      this.text = text;
    }

    @Override
    public RequestBuffer bytes() {
      byte[] b = text.getBytes(StandardCharsets.US_ASCII);
      return new RequestBuffer(b.length).value(b);
    }

    @Override
    public boolean decode(ByteBuffer in) {
      int end = endOfLine(in);
      if (end < 0) return false;
      in.position(end + 1);
      return true;
    }

    private static int endOfLine(ByteBuffer in) {
      int end = in.position();
      while (end < in.limit() && in.get(end) != '\n') {
        end++;
      }
      return end < in.limit() ? end : -1;
    }

    @Override
    public void lose(DisconnectReason r) {}
  }

  private static final class ScriptedTransport implements Transport, ByteChannel {
    final StringBuffer out = new StringBuffer();
    final StringBuilder responses = new StringBuilder();
    final Semaphore awaiting = new Semaphore(0);
    final List<Boolean> interests = new CopyOnWriteArrayList<>();
    volatile Runnable onRead, onWrite;
    volatile int room = Integer.MAX_VALUE;
    boolean wake;
    String trigger, answer;

    synchronized void feed(String s) {
      responses.append(s);
      notifyAll();
    }

    synchronized void answerAfter(String trigger, String answer) {
      this.trigger = trigger;
      this.answer = answer;
      check();
    }

    void check() {
      if (trigger != null && out.indexOf(trigger) >= 0) {
        trigger = null;
        feed(answer);
      }
    }

    @Override
    public int write(ByteBuffer b) {
      Runnable r = onWrite;
      if (r != null) r.run();
      int n = Math.min(room, b.remaining());
      for (int i = 0; i < n; i++) out.append((char) b.get());
      synchronized (this) {
        check();
      }
      return n;
    }

    @Override
    public int read(ByteBuffer b) {
      Runnable r = onRead;
      if (r != null) r.run();
      synchronized (this) {
        int n = Math.min(responses.length(), b.remaining());
        for (int i = 0; i < n; i++) b.put((byte) responses.charAt(i));
        responses.delete(0, n);
        return n;
      }
    }

    @Override
    public synchronized void await(long nanos, boolean orWritten) {
      interests.add(orWritten);
      awaiting.release();
      long end = System.nanoTime() + nanos;
      try {
        while (!wake
            && responses.length() == 0
            && !(orWritten && room > 0)
            && System.nanoTime() < end) wait(Math.max(1, (end - System.nanoTime()) / 1000000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      wake = false;
    }

    @Override
    public synchronized void wakeUp() {
      wake = true;
      notifyAll();
    }

    @Override
    public ByteChannel byteChannel() {
      return this;
    }

    @Override
    public boolean isAttended() {
      return true;
    }

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
