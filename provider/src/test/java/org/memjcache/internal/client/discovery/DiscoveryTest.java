// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memjcache.support.Waiting.await;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.Log;

/** What is handed over, and when. */
@Timeout(60)
class DiscoveryTest {

  private static final long LONG = TimeUnit.SECONDS.toNanos(30);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<ServerAddress>> handedOver = new CopyOnWriteArrayList<>();
  private Duration grace = Duration.ofHours(1);
  private volatile ServiceLookup service = () -> servers("a");

  private final Discovery discovery = discovery(Duration.ofMillis(5));

  @AfterEach
  void stop() throws InterruptedException {
    discovery.close();
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).as("all threads end").isTrue();
  }

  private Discovery discovery(Duration interval) {
    return discovery(interval, threads, handedOver::add);
  }

  private Discovery discovery(
      Duration interval, Executor background, Consumer<List<ServerAddress>> changed) {
    return new Discovery(
        new DiscoverySettings(
            DiscoverySettings.Kind.DNS, new ServerAddress("service", 1), interval, grace),
        () -> service.servers(),
        background,
        changed,
        ElapsedTime::now);
  }

  private static List<ServerAddress> servers(String... hosts) {
    return Arrays.stream(hosts).map(host -> new ServerAddress(host, 1)).toList();
  }

  private void awaitLookups(int more) throws InterruptedException {
    long until = discovery.lookups() + more;
    await("look-ups").until(() -> discovery.lookups() >= until);
  }

  @Test
  void open_firstList_isHandedOverOnce() throws InterruptedException {
    discovery.open();
    discovery.open();

    discovery.awaitFirst(LONG);
    awaitLookups(3);
    assertThat(handedOver).containsExactly(servers("a"));
    assertThat(discovery.changes()).isZero();
    assertThat(discovery.failures()).isZero();
  }

  @Test
  void changedList_isHandedOver_andCounted() {
    discovery.open();
    await("the first list").until(discovery::isKnown);

    service = () -> servers("b", "a");

    await("the second list").until(() -> discovery.changes() == 1);
    assertThat(handedOver).containsExactly(servers("a"), servers("a", "b"));
  }

  /** Such as for want of memory: who takes it may have begun. */
  @Test
  void handingOverFails_theNextListIsHandedOver_beItTheOneBefore() {
    grace = Duration.ZERO;
    List<List<ServerAddress>> taken = new CopyOnWriteArrayList<>();
    try (Discovery failing =
        discovery(
            Duration.ofMillis(5),
            threads,
            servers -> {
              taken.add(servers);
              if (servers.size() > 1) {
                throw new OutOfMemoryError("unable to create native thread");
              }
            })) {
      failing.open();
      await("the first list").until(failing::isKnown);
      service = () -> servers("a", "b");
      await("a failure").until(() -> taken.contains(servers("a", "b")));
      service = () -> servers("a");

      await("the first list again").until(() -> taken.lastIndexOf(servers("a")) > 0);
      assertThat(failing.changes()).isZero();
    }
  }

  /** A resolver may interrupt the thread that it is called by, and leave that to others. */
  @Test
  void strayInterrupt_lookingUpGoesOn() throws InterruptedException {
    service =
        () -> {
          Thread.currentThread().interrupt();
          return servers("a");
        };
    discovery.open();
    discovery.awaitFirst(LONG);

    awaitLookups(3); // nobody calls open
  }

  /** It goes on with the next thread, in no hurry; who needs no look-up hears of none of it. */
  @Test
  void threadFails_noMemoryForAnother_isTriedAgain_andNobodyHearsOfIt() {
    AtomicInteger working = new AtomicInteger();
    AtomicBoolean isFull = new AtomicBoolean();
    Executor background =
        work -> {
          if (isFull.get()) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          working.incrementAndGet();
          threads.execute(
              () -> {
                try {
                  work.run();
                } catch (OutOfMemoryError e) {
                  assertThat(e).hasMessage("not even for words");
                } finally {
                  working.decrementAndGet();
                }
              });
        };
    try (Discovery unlucky = discovery(Duration.ofMillis(5), background, handedOver::add)) {
      unlucky.open();
      await("the first list").until(unlucky::isKnown);
      service =
          () -> {
            throw new IOException() {
              private static final long serialVersionUID = 1L;

              @Override
              public String getMessage() {
                throw new OutOfMemoryError("not even for words");
              }
            };
          };
      await("the thread has failed").until(() -> working.get() == 0);
      isFull.set(true);
      unlucky.open();
      isFull.set(false);
      service = () -> servers("b");
      unlucky.open();

      await("the second list").until(() -> unlucky.changes() == 1);
    }
  }

  @Test
  void failure_keepsTheList_andIsLoggedOnce() throws InterruptedException {
    discovery.open();
    discovery.awaitFirst(LONG);

    String log =
        Log.of(
            () -> {
              service =
                  () -> {
                    throw new UnknownHostException("no such name");
                  };
              await("failures").until(() -> discovery.failures() >= 3);
            });

    assertThat(handedOver).containsExactly(servers("a"));
    assertThat(discovery.isKnown()).isTrue();
    assertThat(discovery.problem()).isEqualTo("its name can't be looked up: no such name");
    assertThat(log)
        .containsOnlyOnce("Looking up the servers of dns:service:1 failed: its name can't be");
    service = () -> servers("c", "a");
    await("the second list").until(() -> handedOver.size() == 2);
    await("no problem is left").until(() -> discovery.problem().isEmpty());
  }

  @Test
  void errorsOfAnyKind_endNoLookingUp() throws InterruptedException {
    service =
        () -> {
          throw new OutOfMemoryError("a test");
        };
    discovery.open();

    assertUnknown(discovery, LONG, Kind.DOWN, "it failed with java.lang.OutOfMemoryError: a test");
    service = () -> servers("a");
    await("the list").until(discovery::isKnown);
  }

  @Test
  void whoTakesTheListFails_isGivenItAgain() throws InterruptedException {
    AtomicInteger times = new AtomicInteger();
    try (Discovery failing =
        new Discovery(
            new DiscoverySettings(
                DiscoverySettings.Kind.DNS,
                new ServerAddress("service", 1),
                Duration.ofMillis(5),
                Duration.ZERO),
            () -> servers("a"),
            threads,
            list -> {
              if (times.incrementAndGet() == 1) {
                throw new IllegalStateException("no memory");
              }
              handedOver.add(list);
            },
            ElapsedTime::now)) {
      failing.open();

      await("the list").until(failing::isKnown);
      assertThat(handedOver).containsExactly(servers("a"));
      assertThat(failing.failures()).isEqualTo(1);
    }
  }

  @Test
  void awaitFirst_failure_saysWhyAtOnce_andTriesAgainSoon() throws InterruptedException {
    service =
        () -> {
          throw new IOException("it is closed");
        };
    try (Discovery slow = discovery(Duration.ofHours(1))) {
      slow.open();

      assertUnknown(slow, LONG, Kind.DOWN, "it is closed; looking up goes on in the background");
      service = () -> servers("a");
      await("the list").until(slow::isKnown);
      slow.awaitFirst(0);
    }
  }

  /** A look-up of a name has no limit. */
  @Test
  void awaitFirst_silence_isWaitedForOnce() throws InterruptedException {
    CountDownLatch silence = new CountDownLatch(1);
    service =
        () -> {
          awaitUninterruptibly(silence);
          return servers("a");
        };
    discovery.open();

    String why = "the look-up takes longer than it may";
    assertUnknown(discovery, TimeUnit.MILLISECONDS.toNanos(20), Kind.DOWN, why);
    assertUnknown(discovery, LONG, Kind.DOWN, why);
    silence.countDown();
    await("the list").until(discovery::isKnown);
  }

  private static void assertUnknown(Discovery discovery, long nanos, Kind kind, String why) {
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> discovery.awaitFirst(nanos))
        .withMessageStartingWith("the servers of dns:service:1 are not known: " + why)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void awaitFirst_interrupted_saysSo() {
    service =
        () -> {
          throw new IOException("it is closed");
        };
    Thread.currentThread().interrupt();

    assertUnknown(discovery, LONG, Kind.INTERRUPTED, "the calling thread was interrupted");

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void close_wakesWhoWaits() throws Exception {
    Future<?> waiting = threads.submit(() -> discovery.awaitFirst(LONG));

    discovery.close();

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .withMessageContaining("the cluster was closed");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void neverMoreThanOneLookUpAtATime() throws InterruptedException {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    service =
        () -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          Thread.yield();
          atOnce.decrementAndGet();
          return servers("a");
        };
    for (int i = 0; i < 20; i++) {
      discovery.open();
    }

    awaitLookups(20);
    assertThat(most).hasValue(1);
  }

  @Test
  void close_endsTheThread_andNothingIsOpenedAgain() throws InterruptedException {
    Discovery idle = discovery(Duration.ofHours(1));
    idle.open();
    idle.awaitFirst(LONG);

    idle.close();
    threads.shutdown();

    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    idle.open();
    assertThat(idle.lookups()).isEqualTo(1);
  }

  @Test
  void open_threadsAreEnding_doesNothing() {
    threads.shutdown();

    discovery.open();

    assertThat(discovery.isKnown()).isFalse();
  }
}
