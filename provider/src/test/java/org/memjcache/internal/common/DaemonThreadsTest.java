// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Threads that are shared owe nothing to the one that happened to need them first. */
class DaemonThreadsTest {

  @Test
  void newThread_inTheGroupOfAnApplication_hasNeitherItsGroupNorItsPriority() throws Exception {
    ThreadGroup application = new ThreadGroup("application");
    AtomicReference<Thread> created = new AtomicReference<>();
    Thread first =
        new Thread(
            application, () -> created.set(DaemonThreads.newThread("memjcache-test", () -> {})));
    first.setPriority(Thread.MIN_PRIORITY);
    first.start();
    first.join();

    Thread thread = created.get();
    assertThat(thread.getThreadGroup().getName()).isEqualTo("main");
    assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
    assertThat(thread.isDaemon()).isTrue();
  }
}
