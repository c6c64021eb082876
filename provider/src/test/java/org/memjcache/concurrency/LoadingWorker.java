// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.SimultaneousThreads;

/** The program of a JVM that reads a cache with a loader, which takes a while and counts. */
public final class LoadingWorker {

  private static final long LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final AtomicInteger loads = new AtomicInteger();
  private final Cache<String, String> cache;
  private volatile boolean isBlocked;

  private LoadingWorker(URI uri) {
    cache =
        provider
            .getCacheManager(uri, null)
            .createCache(
                "hot",
                new MutableConfiguration<String, String>()
                    .setReadThrough(true)
                    .setCacheLoaderFactory(() -> new FunctionLoader<String, String>(this::load)));
  }

  /** Takes the URI of a manager. */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    LoadingWorker worker = new LoadingWorker(URI.create(arguments[0]));
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      answers.println(worker.answer(line.split(" ")));
    }
    worker.provider.close();
  }

  /** Starts a JVM that runs this program. */
  static ChildJvm start(URI uri) {
    return ChildJvm.start(
        Duration.ofSeconds(200),
        List.of("-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
        LoadingWorker.class,
        uri.toString());
  }

  private String load(String key) {
    loads.incrementAndGet();
    do {
      LockSupport.parkNanos(LOAD_NANOS);
    } while (isBlocked);
    return "value of " + key;
  }

  private String answer(String[] order) {
    try {
      return obey(order);
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      return "FAILED: " + e;
    }
  }

  private String obey(String[] order) {
    switch (order[0]) {
      case "get" -> { // threads key
        SimultaneousThreads.run(Integer.parseInt(order[1]), thread -> get(order[2]));
        return "done";
      }
      case "all" -> { // threads keys: each thread reads all keys, in an order of its own
        int keys = Integer.parseInt(order[2]);
        SimultaneousThreads.run(
            Integer.parseInt(order[1]),
            thread -> {
              int from = ThreadLocalRandom.current().nextInt(keys);
              IntStream.range(0, keys).forEach(i -> get("k" + (from + i) % keys));
            });
        return "done";
      }
      case "loads" -> {
        return String.valueOf(loads.getAndSet(0));
      }
      case "block" -> { // no load ends any more
        isBlocked = true;
        return "done";
      }
      case "clear" -> {
        cache.clear();
        return "done";
      }
      default -> throw new IllegalArgumentException(order[0]);
    }
  }

  private void get(String key) {
    if (!("value of " + key).equals(cache.get(key))) {
      throw new AssertionError(key);
    }
  }
}
