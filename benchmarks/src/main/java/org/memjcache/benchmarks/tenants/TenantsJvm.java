// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.tenants;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.benchmarks.server.ChildJvm;

/**
 * The JVM of the tenants: reads orders from standard input and writes figures, separated by blanks,
 * to standard output. Argument: the addresses of the servers.
 */
public final class TenantsJvm {

  private static final int FILL_BATCH = 1_000;

  /** More than the levels that stay in memory while unused, which are some thousands. */
  private static final int OPENED_BEFORE = 12_000;

  private static final int USES_BEFORE = 3;
  private static final int MILLIS_BETWEEN_CLEARS = 20;
  private static final String VALUE = "v".repeat(100);

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final String application;
  private final List<MemcachedCacheManager> managers = new ArrayList<>();
  private final List<Cache<String, String>> caches = new ArrayList<>();
  private final Cache<String, String> alone;

  private TenantsJvm(String addresses) {
    application = "memcached://" + addresses + "/application/";
    alone = open("alone").getCache("cache");
  }

  /**
   * Runs until standard input ends.
   *
   * @param arguments the servers
   * @throws IOException if standard input fails
   */
  public static void main(String[] arguments) throws IOException {
    TenantsJvm jvm = new TenantsJvm(arguments[0]);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        int[] numbers = new int[words.length - 1];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = Integer.parseInt(words[i + 1]);
        }
        ChildJvm.say(jvm.carryOut(words[0], numbers));
      }
    }
    System.exit(0);
  }

  private String carryOut(String order, int[] numbers) {
    return switch (order) {
      case "warm" -> warm();
      case "open" -> open(numbers[0]);
      case "fill" -> fill(numbers[0]);
      case "heap" -> Long.toString(heap());
      case "random" -> throughput(numbers[0], numbers[1], true);
      case "one" -> throughput(numbers[0], numbers[1], false);
      case "clears" -> clears(numbers[0], numbers[1], numbers[2] != 0);
      default -> throw new IllegalArgumentException(order);
    };
  }

  private MemcachedCacheManager open(String tenant) {
    MemcachedCacheManager manager =
        provider.getCacheManager(URI.create(application + tenant), null);
    manager.createCache("cache", new MutableConfiguration<String, String>());
    return manager;
  }

  /**
   * Connects, and opens and uses tenants that are not counted, so that the code is compiled and
   * everything that exists only once is there. They stay open: memory that closing would free, or
   * leave in grown tables, would be attributed to the tenants that are counted.
   */
  private String warm() {
    alone.put("k", VALUE);
    List<Cache<String, String>> before = new ArrayList<>();
    for (int i = 0; i < OPENED_BEFORE; i++) {
      before.add(open("before" + i).getCache("cache"));
    }
    for (int i = 0; i < USES_BEFORE; i++) {
      before.forEach(cache -> cache.putAll(batch(0, 1)));
    }
    return Long.toString(heap());
  }

  /** Returns how long it took to open a tenant, in nanoseconds. */
  private String open(int tenants) {
    String[] names = new String[tenants];
    for (int i = 0; i < tenants; i++) {
      names[i] = "tenant" + i;
    }
    long start = System.nanoTime();
    for (String name : names) {
      managers.add(open(name));
    }
    long nanos = System.nanoTime() - start;
    managers.forEach(manager -> caches.add(manager.getCache("cache")));
    return Long.toString(nanos / tenants);
  }

  /** Puts entries into each tenant, and the same total into the single one. */
  private String fill(int entries) {
    for (Cache<String, String> cache : caches) {
      cache.putAll(batch(0, entries));
    }
    for (int from = 0; from < caches.size(); from += FILL_BATCH) {
      alone.putAll(batch(from, Math.min(FILL_BATCH, caches.size() - from)));
    }
    return "filled";
  }

  private static Map<String, String> batch(int from, int count) {
    Map<String, String> batch = new HashMap<>();
    for (int i = from; i < from + count; i++) {
      batch.put("k" + i, VALUE);
    }
    return batch;
  }

  /** Returns gets per second: of the first entry of any tenant, or of any entry of one. */
  private String throughput(int threads, int millis, boolean anyTenant) {
    int tenants = caches.size();
    LongAdder missing = new LongAdder();
    long start = System.nanoTime();
    Latencies latencies =
        Load.run(
            threads,
            millis,
            random -> {
              int chosen = random.nextInt(tenants);
              String value = anyTenant ? caches.get(chosen).get("k0") : alone.get("k" + chosen);
              if (value == null) {
                missing.increment();
              }
            });
    double seconds = (System.nanoTime() - start) / 1e9;
    if (missing.sum() > 0) {
      throw new IllegalStateException(missing + " entries are missing");
    }
    return String.format(Locale.ROOT, "%.1f", latencies.count() / seconds);
  }

  /**
   * Returns how many gets, misses and clears there were, and how long the gets took. Entries that a
   * clear removes are written again at once.
   */
  private String clears(int threads, int millis, boolean withClears) {
    int entries = caches.size(); // as many entries as tenants
    LongAdder missing = new LongAdder();
    AtomicBoolean over = new AtomicBoolean(!withClears);
    AtomicInteger cleared = new AtomicInteger();
    Thread clearing = new Thread(() -> clearUntil(over, cleared, entries), "clearing");
    clearing.start();
    Latencies latencies =
        Load.run(
            threads,
            millis,
            random -> {
              Cache<String, String> cache = caches.get(random.nextInt(caches.size()));
              if (cache.get("k" + random.nextInt(entries)) == null) {
                missing.increment();
              }
            });
    over.set(true);
    try {
      clearing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return String.format(
        Locale.ROOT,
        "%d %d %d %.1f %.1f %.1f",
        latencies.count(),
        missing.sum(),
        cleared.get(),
        latencies.micros(0.5),
        latencies.micros(0.99),
        latencies.micros(0.999));
  }

  private void clearUntil(AtomicBoolean over, AtomicInteger cleared, int entries) {
    SplittableRandom random = new SplittableRandom();
    while (!over.get()) {
      int chosen = random.nextInt(managers.size());
      managers.get(chosen).clear();
      cleared.incrementAndGet();
      caches.get(chosen).putAll(batch(0, entries));
      try {
        Thread.sleep(MILLIS_BETWEEN_CLEARS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Returns the bytes in use after a garbage collection. */
  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
