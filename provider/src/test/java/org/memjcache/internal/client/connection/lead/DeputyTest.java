// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.common.DaemonThreads;

class DeputyTest {

  private final AtomicInteger leads = new AtomicInteger();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private Runnable lead = leads::incrementAndGet;
  private final Deputy deputy = new Deputy(this::start, () -> lead.run());

  @AfterEach
  void end() {
    deputy.end();
    await("all threads end").until(() -> threads.stream().noneMatch(Thread::isAlive));
  }

  private boolean start(Runnable work) {
    Thread thread = DaemonThreads.newThread("deputy of a test", work);
    threads.add(thread);
    thread.start();
    return true;
  }

  @Test
  @Tag("slow")
  void call_leadsOnTheSameThread_untilItWasNotCalledForASecond() {
    for (int calls = 1; calls <= 3; calls++) {
      assertThat(deputy.call()).isTrue();
      awaitLeads(calls);
    }
    assertThat(threads).hasSize(1);

    await("it ends").until(() -> !threads.get(0).isAlive());

    assertThat(deputy.call()).isTrue();
    awaitLeads(4);
    assertThat(threads).hasSize(2);
  }

  /** What throws is tried again: those that wait have nobody else. */
  @Test
  void call_leadingFails_leadsAgain() {
    lead =
        () -> {
          if (leads.incrementAndGet() < 3) {
            throw new OutOfMemoryError("injected");
          }
        };

    assertThat(deputy.call()).isTrue();

    awaitLeads(3);
    assertThat(threads).hasSize(1);
  }

  @Test
  void call_isInterrupted_leadsWithoutThat() {
    assertThat(deputy.call()).isTrue();
    awaitLeads(1);
    lead =
        () -> {
          if (!Thread.currentThread().isInterrupted()) {
            leads.incrementAndGet();
          }
        };

    threads.get(0).interrupt();
    assertThat(deputy.call()).isTrue();

    awaitLeads(2);
  }

  @Test
  void call_noThread_saysSo() {
    assertThat(new Deputy(work -> false, lead).call()).isFalse();
  }

  @Test
  void call_ended_saysSo() {
    Deputy idle = new Deputy(this::start, lead);
    idle.end();

    assertThat(idle.call()).isFalse();
    assertThat(threads).isEmpty();
  }

  /** Threads that end race with calls: none may be lost. */
  @Tag("slow")
  @Test
  void call_byMany_eachIsFollowedByALead() throws InterruptedException {
    for (int round = 0; round < 2_000; round++) {
      AtomicInteger after = new AtomicInteger();
      Deputy many = new Deputy(this::start, after::incrementAndGet);
      Thread other = new Thread(many::call);
      other.start();
      many.call();
      other.join();
      int before = after.get();
      many.call();
      await("a lead after the call").until(() -> after.get() > before);
      many.end();
      threads.removeIf(thread -> !thread.isAlive());
    }
  }

  private void awaitLeads(int count) {
    await("it leads").until(() -> leads.get() == count);
  }
}
