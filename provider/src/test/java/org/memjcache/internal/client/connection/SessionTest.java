// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.common.DaemonThreads;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * The hand-over of the lead between threads that come, wait, give up and are interrupted at any
 * moment, over a channel in memory: a wake-up that gets lost is a caller that hangs.
 */
@Timeout(120)
@Tag("slow")
class SessionTest {

  private static final long NEVER = TimeUnit.SECONDS.toNanos(60);
  private static final int ROUNDS = 10_000;

  private final EchoTransport transport = new EchoTransport();
  private final Server server =
      new Server(0, new ServerAddress("127.0.0.1", 1), 1, ignored -> {}, SessionTest::start);
  private final Session session = new Session(server, transport);

  /** Creates a thread that calls a session. */
  Thread thread(Runnable work) {
    return new Thread(work);
  }

  private static void start(Runnable work) {
    DaemonThreads.newThread("background of a test", work).start();
  }

  private static ServerBatch get(String... keys) {
    ServerBatch batch = new ServerBatch(Protocol.TEXT);
    batch.add(new GetRequest(List.of(keys), false));
    batch.prepare();
    return batch;
  }

  private static boolean isAnswered(ServerBatch batch, String key) {
    if (batch.loss() != null) {
      return false;
    }
    GetRequest request = (GetRequest) batch.requests().get(0);
    request.complete(null);
    Item item = request.item(0);
    assertThat(item).as("the value of %s", key).isNotNull();
    assertThat(Wire.text(item.data())).isEqualTo(key);
    return true;
  }

  @Test
  void await_alone_readsItsOwnResponse() {
    ServerBatch batch = get("k");
    session.submit(batch);

    assertThat(session.await(batch, System.nanoTime() + NEVER)).isTrue();

    assertThat(isAnswered(batch, "k")).isTrue();
    assertThat(session.silence()).isNotPositive();
  }

  /** A process that stood still: much may have come since it last looked. */
  @Test
  void silence_nobodyHasLooked_isNone() throws Exception {
    transport.isSilent = true;
    ServerBatch batch = get("k");
    session.submit(batch);
    Thread.sleep(20);

    assertThat(session.silence()).isNotPositive();

    assertThat(session.await(batch, System.nanoTime() - 1)).isFalse();
    assertThat(session.silence()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
  }

  @Test
  void giveUp_callersLeaveAtOnce_andWhatWasSentIsStillAwaited() throws Exception {
    transport.isSilent = true;
    ServerBatch sent = get("sent");
    session.submit(sent);
    AtomicBoolean finished = new AtomicBoolean(true);
    Thread caller = thread(() -> finished.set(session.await(sent, System.nanoTime() + NEVER)));
    caller.start();

    session.giveUp(DisconnectReason.silence("it is silent"));

    caller.join();
    assertThat(finished).isFalse();
    LateResponse late = sent.lateResponse(0);
    assertThat(late.state()).isEqualTo(LateResponse.State.AWAITED);
    ServerBatch another = get("late");
    session.submit(another);
    assertThat(another.isFinished()).isTrue();
    assertThat(another.wasNeverSent()).isTrue();
    assertThat(transport.isDisconnected).isFalse();

    transport.isSilent = false;
    while (late.state() == LateResponse.State.AWAITED) {
      session.attend(); // as the reactor does
    }

    assertThat(late.state()).isEqualTo(LateResponse.State.CAME);
    await("it is closed").until(() -> transport.isDisconnected);
  }

  @Test
  void giveUp_connectionEnds_itIsNeverKnown() {
    transport.isSilent = true;
    ServerBatch sent = get("sent");
    session.submit(sent);
    session.giveUp(DisconnectReason.silence("it is silent"));

    session.lose(DisconnectReason.CLOSED);

    assertThat(sent.lateResponse(0).state()).isEqualTo(LateResponse.State.LOST);
  }

  @Test
  void giveUp_anotherSessionWasOpened_endsASecondLater() {
    transport.isSilent = true;
    ServerBatch sent = get("sent");
    session.submit(sent);
    session.watch();
    session.giveUp(DisconnectReason.silence("it is silent"));
    session.watch();
    session.watch();
    assertThat(transport.isDisconnected).isFalse();

    server.opened(new Session(server, new EchoTransport()), null);

    session.watch();
    assertThat(sent.lateResponse(0).state()).isEqualTo(LateResponse.State.AWAITED);
    session.watch();
    assertThat(sent.lateResponse(0).state()).isEqualTo(LateResponse.State.LOST);
    await("it is closed").until(() -> transport.isDisconnected);
  }

  /** By a look at the lists of servers, over a connection that is only just joining. */
  @Test
  void giveUp_beforeTheServerHasIt_noCallerGetsIt() {
    session.giveUp(DisconnectReason.silence("it is silent"));

    server.opened(session, null);

    assertThat(server.session()).isNull();
    await("it is closed").until(() -> transport.isDisconnected);
  }

  /** No thread can be started to open another one, nor to close this one. */
  @Test
  void giveUpOrLose_errorOnTheWay_reactorEndsIt() {
    for (boolean isGivenUp : new boolean[] {true, false}) {
      AtomicBoolean isShort = new AtomicBoolean();
      Executor background =
          task -> {
            if (isShort.get()) {
              throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
          };
      Server unlucky = new Server(0, new ServerAddress("127.0.0.1", 1), 1, s -> {}, background);
      EchoTransport silent = new EchoTransport();
      silent.isSilent = true;
      Session other = new Session(unlucky, silent);
      unlucky.opened(other, null);
      ServerBatch sent = get("sent");
      other.submit(sent);

      isShort.set(true);
      assertThatThrownBy(
              () -> {
                if (isGivenUp) {
                  other.giveUp(DisconnectReason.silence("it is silent"));
                } else {
                  other.lose(DisconnectReason.connection("it ended", null));
                }
              })
          .isInstanceOf(OutOfMemoryError.class);
      isShort.set(false);
      other.watch(); // as the reactor asks once a second
      other.watch();

      assertThat(sent.lateResponse(0).state()).isEqualTo(LateResponse.State.LOST);
      await("it is closed").until(() -> silent.isDisconnected);
    }
  }

  /** The caller may wait for another server, silent one, while this one's socket is full. */
  @Test
  void submit_socketFullAndNobodyWaits_transportWritesOn() {
    transport.room = 10;
    ServerBatch batch = get("k", "1", "2", "3", "4", "5", "6", "7", "8");

    session.submit(batch);

    int turns = 0;
    while (transport.wantsToWrite) {
      transport.wantsToWrite = false;
      session.attendToWriting();
      turns++;
    }
    assertThat(turns).isPositive();
    assertThat(transport.written).isEqualTo("get k 1 2 3 4 5 6 7 8\r\n".length());
    assertThat(session.await(batch, System.nanoTime() + NEVER)).isTrue();
    assertThat(isAnswered(batch, "k")).isTrue();
  }

  @Test
  void await_deadlinePasses_leavesTheResponseToTheNextOne() {
    transport.isSilent = true;
    ServerBatch late = get("late");
    session.submit(late);
    assertThat(session.await(late, System.nanoTime() + 1_000_000)).isFalse();
    assertThat(session.silence()).isPositive();
    transport.isSilent = false;

    ServerBatch next = get("next");
    session.submit(next);
    assertThat(session.await(next, System.nanoTime() + NEVER)).isTrue();

    assertThat(isAnswered(next, "next")).isTrue();
    assertThat(isAnswered(late, "late")).isTrue();
  }

  /** In one piece, as a thread that has no time left reads on for a millisecond only. */
  @Test
  void await_deadlineHasPassedButTheResponseIsThere_readsIt() {
    transport.piece = Integer.MAX_VALUE;
    ServerBatch batch = get("k");
    session.submit(batch);

    assertThat(session.await(batch, System.nanoTime() - 1)).isTrue();

    assertThat(isAnswered(batch, "k")).isTrue();
  }

  @Test
  void attend_nobodyWaits_readsLateResponses() {
    ServerBatch batch = get("k");
    session.submit(batch);

    int pieces = 0;
    while (session.attend()) {
      pieces++;
    }

    assertThat(pieces).isPositive();
    assertThat(batch.isFinished()).isTrue();
  }

  @Test
  void attend_endOfStream_endsTheSession() {
    transport.isOpen = false;

    session.attend();

    assertThat(session.loss()).isNotNull();
    assertThat(session.loss().reason()).isEqualTo("the server closed it");
    await("it is closed").until(() -> transport.isDisconnected);
  }

  @Test
  void submit_endOfStreamAfterARest_sendsNothing() throws Exception {
    Thread.sleep(5);
    transport.isOpen = false;
    ServerBatch batch = get("k");

    session.submit(batch);

    assertThat(batch.isFinished()).isTrue();
    assertThat(batch.wasNeverSent()).isTrue();
    assertThat(transport.written).isZero();
  }

  @Test
  void submit_reactorHasDied_endsTheSession() throws Exception {
    Thread.sleep(5);
    transport.isAttended = false;
    ServerBatch batch = get("k");

    session.submit(batch);

    assertThat(batch.wasNeverSent()).isTrue();
    assertThat(session.loss().reason()).contains("reactor");
  }

  @Test
  void submit_socketFull_leaderWritesOn() {
    transport.room = 10;
    List<ServerBatch> batches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ServerBatch batch = get("k" + i, "1", "2", "3", "4", "5", "6", "7", "8");
      session.submit(batch);
      batches.add(batch);
    }
    for (int i = 0; i < 40; i++) {
      assertThat(session.await(batches.get(i), System.nanoTime() + NEVER)).isTrue();
      assertThat(isAnswered(batches.get(i), "k" + i)).isTrue();
    }
  }

  /**
   * Every thread that does not give up has its own response, whatever the others do. All meet after
   * each request: later ones would cover up a wake-up that got lost.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 6})
  void await_othersGiveUpAllTheTime_hangsNever(int threads) throws Exception {
    transport.delayNanos = 100_000;
    AtomicInteger answered = new AtomicInteger();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    CyclicBarrier round = new CyclicBarrier(threads);
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      Thread thread =
          thread(
              () -> {
                try {
                  for (int i = 0; i < ROUNDS; i++) {
                    oneOfMany(number + "-" + i, answered);
                    round.await(20, TimeUnit.SECONDS);
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              });
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(session.loss()).isNull();
    assertThat(answered.get()).isGreaterThan(threads * ROUNDS / 3);
  }

  private void oneOfMany(String key, AtomicInteger answered) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int behaviour = random.nextInt(6);
    ServerBatch batch = get(key);
    session.submit(batch);
    if (behaviour == 0) {
      return; // a caller that waits for another server first, and is interrupted there
    }
    if (behaviour == 1) {
      Thread.currentThread().interrupt();
    }
    long patience = behaviour == 2 ? random.nextInt(200_000) : NEVER;
    boolean finished = session.await(batch, System.nanoTime() + patience);
    Thread.interrupted();
    if (finished) {
      assertThat(isAnswered(batch, key)).isTrue();
      answered.incrementAndGet();
    } else {
      session.withdraw(batch);
      assertThat(behaviour).isIn(1, 2);
    }
  }

  /** An Error or exception at any step ends the session and all its batches, and hangs nobody. */
  @ParameterizedTest
  @ValueSource(strings = {"read", "write", "await"})
  void await_errorAtAnyStep_endsAll(String step) throws Exception {
    Random random = new Random(4711);
    for (int round = 0; round < 300; round++) {
      EchoTransport faulty = new EchoTransport();
      Session other = new Session(server, faulty);
      faulty.fault =
          List.of(
                  new OutOfMemoryError("injected"),
                  new IllegalStateException("injected"),
                  new IOException("injected"),
                  new StackOverflowError("injected"))
              .get(round % 4);
      faulty.faultyStep = step;
      faulty.stepsToFault = random.nextInt(20);
      List<Thread> all = new ArrayList<>();
      Queue<ServerBatch> batches = new ConcurrentLinkedQueue<>();
      Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
      for (int t = 0; t < 4; t++) {
        Thread thread =
            thread(
                () -> {
                  try {
                    for (int i = 0; i < 10 && other.loss() == null; i++) {
                      String key = Thread.currentThread().getId() + "-" + i;
                      ServerBatch batch = get(key);
                      batches.add(batch);
                      other.submit(batch);
                      assertThat(other.await(batch, System.nanoTime() + NEVER)).isTrue();
                      isAnswered(batch, key);
                    }
                  } catch (OutOfMemoryError | StackOverflowError e) {
                    // The application's thread gets it, and the session is given up.
                  } catch (Throwable e) {
                    failures.add(e);
                  }
                });
        thread.start();
        all.add(thread);
      }
      for (Thread thread : all) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      if (faulty.stepsToFault < 0) {
        assertThat(other.loss()).isNotNull();
        await("it is closed").until(() -> faulty.isDisconnected);
        assertThat(batches).allMatch(ServerBatch::isFinished);
      }
    }
  }

  /** Whoever leads does so for an older request, whose time is over later. */
  @Test
  void await_shorterThanTheLeaders_endsInTime() throws Exception {
    transport.isSilent = true;
    ServerBatch patient = get("patient");
    session.submit(patient);
    Thread leader = thread(() -> session.await(patient, System.nanoTime() + NEVER));
    leader.start();
    ServerBatch impatient = get("impatient");
    session.submit(impatient);
    AtomicBoolean finished = new AtomicBoolean(true);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
    Thread other = thread(() -> finished.set(session.await(impatient, end)));
    other.start();

    other.join();

    assertThat(finished).isFalse();
    assertThat(System.nanoTime()).isGreaterThanOrEqualTo(end);
    assertThat(patient.isFinished()).isFalse();
    transport.isSilent = false;
    session.lose(DisconnectReason.CLOSED);
    leader.join();
  }

  /** A server in memory: answers each key of a get with an item that holds the key. */
  private static final class EchoTransport implements Transport, BufferingChannel {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder responses = new StringBuilder();
    private boolean wakeUp;
    private volatile boolean wantsToWrite;
    private int room = Integer.MAX_VALUE;
    private int piece; // read at once; 0 for any number
    private int written;
    private long delayNanos;
    private long readyAt;
    private volatile boolean isSilent;
    private volatile boolean isOpen = true;
    private volatile boolean isAttended = true;
    private volatile boolean isDisconnected;
    private String faultyStep = "none";
    private Throwable fault;
    private volatile int stepsToFault;

    private void step(String name) throws IOException {
      lock.lock();
      try {
        if (!name.equals(faultyStep) || stepsToFault < 0 || --stepsToFault >= 0) {
          return;
        }
      } finally {
        lock.unlock();
      }
      if (fault instanceof IOException e) {
        throw e;
      }
      if (fault instanceof RuntimeException e) {
        throw e;
      }
      throw (Error) fault;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      step("write");
      lock.lock();
      try {
        int count = Math.min(source.remaining(), room);
        for (int i = 0; i < count; i++) {
          char next = (char) source.get();
          if (next == '\n') {
            for (String key : line.toString().strip().substring("get ".length()).split(" ")) {
              responses.append("VALUE ").append(key).append(" 0 ").append(key.length());
              responses.append("\r\n").append(key).append("\r\n");
            }
            responses.append("END\r\n");
            line.setLength(0);
            readyAt = System.nanoTime() + ThreadLocalRandom.current().nextLong(delayNanos + 1);
          } else {
            line.append(next);
          }
        }
        written += count;
        changed.signalAll();
        return count;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      step("read");
      lock.lock();
      try {
        if (!isOpen) {
          return -1;
        }
        int most = piece > 0 ? piece : ThreadLocalRandom.current().nextInt(1, 200);
        int count =
            isReady() ? Math.min(Math.min(most, target.remaining()), responses.length()) : 0;
        for (int i = 0; i < count; i++) {
          target.put((byte) responses.charAt(i));
        }
        responses.delete(0, count);
        return count;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void await(long nanos, boolean orWritten) throws IOException {
      step("await");
      lock.lock();
      try {
        long left = nanos;
        while (isOpen && !wakeUp && !orWritten && !isReady() && left > 0) {
          long pause = responses.isEmpty() ? left : Math.max(1, readyAt - System.nanoTime());
          left -= pause - changed.awaitNanos(pause);
        }
        wakeUp = false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        lock.unlock();
      }
    }

    private boolean isReady() {
      return !isSilent && !responses.isEmpty() && System.nanoTime() - readyAt >= 0;
    }

    @Override
    public void wakeUp() {
      lock.lock();
      try {
        wakeUp = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public BufferingChannel byteChannel() {
      return this;
    }

    @Override
    public boolean isAttended() {
      return isAttended;
    }

    @Override
    public void attendToReading() {}

    @Override
    public void attendToWriting() {
      wantsToWrite = true;
    }

    @Override
    public void disconnect() {
      isDisconnected = true;
    }

    @Override
    public boolean isOpen() {
      return isOpen;
    }

    @Override
    public void close() {}
  }
}
