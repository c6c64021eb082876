// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Several processes, or class loaders, that change one entry all the time: no update is lost, and
 * no entry processor runs again and again because others are always quicker.
 */
@Memcached
@Tag("slow")
@Timeout(120)
class ContentionTest {

  private static final int THREADS_OF_A_PROCESS = 4;

  private final List<IsolatedProvider> processes = new ArrayList<>();

  @AfterEach
  void stop() {
    processes.forEach(IsolatedProvider::close);
  }

  @ParameterizedTest(name = "{0} processes, {2} ms in the processor")
  @CsvSource({"2, 600, 0", "4, 200, 0", "2, 40, 3"})
  void invoke_byManyProcesses_runsLessThanTenTimes(
      int count, int times, int millis, MemcachedServer server) {
    List<Cache<String, Long>> caches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      IsolatedProvider process = new IsolatedProvider();
      processes.add(process);
      caches.add(process.cache(LongTimeoutUri.of(server, "app"), "sums" + count + millis));
    }
    caches.get(0).put("sum", 0L);
    AtomicInteger most = new AtomicInteger();

    SimultaneousThreads.run(
        count * THREADS_OF_A_PROCESS,
        thread -> {
          Cache<String, Long> cache = caches.get(thread % count);
          for (int i = 0; i < times; i++) {
            most.accumulateAndGet(runsOfOneInvoke(cache, millis), Math::max);
          }
        });

    assertThat(caches.get(0).get("sum")).isEqualTo((long) count * THREADS_OF_A_PROCESS * times);
    assertThat(most).hasValueLessThan(10);
  }

  private static int runsOfOneInvoke(Cache<String, Long> cache, int millis) {
    int[] runs = new int[1];
    cache.invoke(
        "sum",
        (entry, arguments) -> {
          runs[0]++;
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
          entry.setValue(entry.getValue() + 1);
          return null;
        });
    return runs[0];
  }
}
