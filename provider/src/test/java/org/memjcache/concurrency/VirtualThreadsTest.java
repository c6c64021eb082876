// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;

/** Virtual threads, many more than there are carriers, over plain connections and by TLS. */
@Timeout(120)
@Tag("slow")
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {

  private static final int THREADS = 1_000;

  private final TestProvider provider = new TestProvider();
  private final List<MemcachedServer> servers = new ArrayList<>();
  private ExecutorService threads;

  /** By reflection, as these sources are of Java 17. */
  @BeforeEach
  void createThreads() throws ReflectiveOperationException {
    threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    provider.close();
    servers.forEach(MemcachedServer::close);
  }

  private Cache<String, String> cache(boolean tls, String options) {
    MemcachedServer.Builder builder = MemcachedServer.builder();
    MemcachedServer server = (tls ? builder.tls() : builder).start();
    servers.add(server);
    URI uri = server.uri("/app");
    return provider.cache(URI.create(uri + (uri.getQuery() == null ? "?" : "&") + options));
  }

  private <T> List<Future<T>> submit(int count, IntToTask<T> task) {
    return IntStream.range(0, count).mapToObj(i -> threads.submit(task.of(i))).toList();
  }

  /** Makes the task of a thread from its number. */
  @FunctionalInterface
  private interface IntToTask<T> {
    Callable<T> of(int thread);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyThreads_eachReadsWhatItWrote_andNoUpdateIsLost(boolean tls) throws Exception {
    Cache<String, String> cache = cache(tls, "timeout=60s");

    List<Future<Boolean>> done =
        submit(
            THREADS,
            thread ->
                () -> {
                  boolean right = true;
                  for (int i = 0; i < 10; i++) {
                    cache.put("k" + thread, "v" + i);
                    right &= ("v" + i).equals(cache.get("k" + thread));
                  }
                  cache.invoke(
                      "sum" + thread % 10,
                      (entry, arguments) -> {
                        int sum = entry.exists() ? Integer.parseInt(entry.getValue()) : 0;
                        entry.setValue(String.valueOf(sum + 1));
                        return null;
                      });
                  return right;
                });

    for (Future<Boolean> each : done) {
      assertThat(each.get()).isTrue();
    }
    for (int i = 0; i < 10; i++) {
      assertThat(cache.get("sum" + i)).isEqualTo(String.valueOf(THREADS / 10));
    }
  }

  /** Over each connection one thread waits for bytes: more than there are carriers. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverIsSilent_threadsThatUseAnotherOneGoOn(boolean tls) throws Exception {
    int connections = Math.min(64, 2 * Runtime.getRuntime().availableProcessors());
    Cache<String, String> silent = cache(tls, "timeout=60s&connections=" + connections);
    Cache<String, String> lively = cache(tls, "timeout=60s");
    silent.put("k", "v");
    silent.getCacheManager().unwrap(MemcachedCacheManager.class).ping();
    servers.get(0).pause();
    List<Future<String>> waiting = submit(10 * connections, thread -> () -> silent.get("k"));

    List<Future<String>> others =
        submit(
            THREADS,
            thread ->
                () -> {
                  lively.put("k" + thread, "v" + thread);
                  return lively.get("k" + thread);
                });

    for (int thread = 0; thread < THREADS; thread++) {
      assertThat(others.get(thread).get()).isEqualTo("v" + thread);
    }
    assertThat(waiting).noneMatch(Future::isDone);
    servers.get(0).resume();
    for (Future<String> each : waiting) {
      assertThat(each.get()).isEqualTo("v");
    }
  }

  /** They sleep without a limit, so the one that reads for them has to wake them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverIsSilent_eachFailsAtItsTimeout_andItIsUsedAgainLater(boolean tls) throws Exception {
    Cache<String, String> cache = cache(tls, "timeout=1s");
    cache.put("k", "v");
    servers.get(0).pause();

    long start = System.nanoTime();
    List<Future<String>> waiting = submit(THREADS, thread -> () -> cache.get("k"));

    for (Future<String> each : waiting) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(each::get)
          .withCauseInstanceOf(CacheException.class);
    }
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(990));
    servers.get(0).resume();
    await("it is used again").until(() -> "v".equals(threads.submit(() -> valueIn(cache)).get()));
  }

  private static String valueIn(Cache<String, String> cache) {
    try {
      return cache.get("k");
    } catch (CacheException e) {
      return e.getMessage();
    }
  }

  @Test
  void serverEnds_allFail() throws Exception {
    Cache<String, String> cache = cache(false, "timeout=60s");
    cache.put("k", "v");
    servers.get(0).pause();
    List<Future<String>> waiting = submit(THREADS, thread -> () -> cache.get("k"));

    servers.get(0).kill();

    for (Future<String> each : waiting) {
      assertThatExceptionOfType(ExecutionException.class).isThrownBy(each::get);
    }
  }

  @Test
  void interrupted_failsAtOnce_andTheOthersGoOn() throws Exception {
    Cache<String, String> cache = cache(false, "timeout=60s");
    cache.put("k", "v");
    servers.get(0).pause();
    List<Future<String>> waiting = submit(10, thread -> () -> cache.get("k"));
    Future<String> interrupted = threads.submit(() -> cache.get("k"));

    assertThat(interrupted.cancel(true)).isTrue();
    servers.get(0).resume();

    for (Future<String> each : waiting) {
      assertThat(each.get()).isEqualTo("v");
    }
  }

  @Test
  void managerIsClosed_theThreadThatReadsForThemEnds() throws Exception {
    Cache<String, String> cache = cache(false, "timeout=60s");
    threads.submit(() -> cache.put("k", "v")).get();

    provider.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("memjcache-store"));
  }
}
