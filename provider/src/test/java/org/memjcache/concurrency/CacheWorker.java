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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.SimultaneousThreads;

/**
 * The program of a second JVM: does to one cache what it is told, a line of standard input for each
 * operation, and answers with a line of standard output. Ends with its input, so that it doesn't
 * outlive the test.
 */
public final class CacheWorker {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final URI application;
  private final MemcachedCacheManager manager;
  private final Cache<String, String> cache;
  private final String name;

  private CacheWorker(URI application, String name) {
    this.application = application;
    this.name = name;
    manager = provider.getCacheManager(ManagerUri.withNamespace(application, "tenant"), null);
    cache = manager.createCache("cache", new MutableConfiguration<>());
  }

  /** Takes the URI of an application, and a name that no other worker has. */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    CacheWorker worker = new CacheWorker(URI.create(arguments[0]), arguments[1]);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      answers.println(worker.answer(line.split(" ")));
    }
    worker.provider.close();
  }

  /** Starts a JVM that runs this program. */
  static ChildJvm start(URI application, String name) {
    return ChildJvm.start(
        Duration.ofSeconds(200),
        List.of("-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
        CacheWorker.class,
        application.toString(),
        name);
  }

  private String answer(String[] order) {
    try {
      return String.valueOf(obey(order));
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      return "FAILED: " + e;
    }
  }

  private @Nullable Object obey(String[] order) {
    return switch (order[0]) {
      case "get" -> cache.get(order[1]);
      case "put" -> {
        cache.put(order[1], order[2]);
        yield "done";
      }
      case "clear" -> {
        clear(order[1]);
        yield "done";
      }
      case "invoke" -> each(order, key -> invoke(key));
      case "replace" -> each(order, key -> replace(key));
      case "lock" -> each(order, key -> lock(key));
      case "chain" -> chain(order);
      case "at" -> at(order);
      default -> throw new IllegalArgumentException(order[0]);
    };
  }

  /** Does {@code <millis> <policy> <operation> <key> <value>} at that instant. */
  private @Nullable Object at(String[] order) {
    PairedOperation operation = PairedOperation.valueOf(order[3]);
    Cache<String, String> ofPolicy = cache(PairedPolicy.valueOf(order[2]));
    long start = Long.parseLong(order[1]);
    while (System.currentTimeMillis() < start) {
      Thread.onSpinWait();
    }
    return operation.run(ofPolicy, order[4], order[5]);
  }

  private Cache<String, String> cache(PairedPolicy policy) {
    Cache<String, String> open = manager.getCache(policy.name());
    return open == null ? manager.createCache(policy.name(), policy.configuration()) : open;
  }

  private void clear(String level) {
    switch (level) {
      case "cache" -> cache.clear();
      case "tenant" -> manager.clear();
      case "application" -> provider.clear(application);
      default -> throw new IllegalArgumentException(level);
    }
  }

  private interface OnKey {
    void run(String key);
  }

  /** Does {@code <key> <threads> <times>}. */
  private static String each(String[] order, OnKey work) {
    int times = Integer.parseInt(order[3]);
    SimultaneousThreads.run(
        Integer.parseInt(order[2]),
        thread -> {
          for (int i = 0; i < times; i++) {
            work.run(order[1]);
          }
        });
    return "done";
  }

  private void invoke(String key) {
    cache.invoke(
        key,
        (entry, arguments) -> {
          entry.setValue(Long.toString(Long.parseLong(entry.getValue()) + 1));
          return null;
        });
  }

  private void replace(String key) {
    String before;
    do {
      before = cache.get(key);
    } while (!cache.replace(key, before, Long.toString(Long.parseLong(before) + 1)));
  }

  /** Counts without care, but under a lock that is made of two conditional operations. */
  private void lock(String key) {
    String owner = name + " " + Thread.currentThread().getId();
    while (!cache.putIfAbsent(key + "-lock", owner)) {
      Thread.onSpinWait();
    }
    cache.put(key, Long.toString(Long.parseLong(cache.get(key)) + 1));
    if (!cache.remove(key + "-lock", owner)) {
      throw new IllegalStateException("The lock was lost");
    }
  }

  /** Puts values that nobody else puts, and answers with those that came back. */
  private String chain(String[] order) {
    Queue<String> came = new ConcurrentLinkedQueue<>();
    int times = Integer.parseInt(order[3]);
    SimultaneousThreads.run(
        Integer.parseInt(order[2]),
        thread -> {
          for (int i = 0; i < times; i++) {
            came.add(cache.getAndPut(order[1], name + "-" + thread + "-" + i));
          }
        });
    return String.join(",", came);
  }
}
