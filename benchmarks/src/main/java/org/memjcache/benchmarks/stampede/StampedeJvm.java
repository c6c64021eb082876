// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.stampede;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.benchmarks.server.ChildJvm;

/**
 * One of the JVMs that share a tenant: reads orders from standard input. Argument: the URI of the
 * tenant.
 *
 * <ul>
 *   <li>{@code fill}: puts all entries.
 *   <li>{@code run <millis>}: reads entries at a constant rate, whether or not earlier reads have
 *       ended; answers the time of each call of the database, and the time and duration of each
 *       read, in milliseconds from the beginning and microseconds.
 *   <li>{@code clear}: clears the tenant, while it runs.
 * </ul>
 */
public final class StampedeJvm {

  /** How many entries are in use. */
  static final int KEYS = 1_000;

  /** How many are read in a second. */
  private static final int READS_PER_SECOND = 250;

  /** The database has so many connections for this JVM, and takes so long for each value. */
  private static final int CONNECTIONS = 1;

  private static final int QUERY_MILLIS = 20;

  private final MemcachedCacheManager manager;
  private final Cache<String, String> cache;
  private final Semaphore connections = new Semaphore(CONNECTIONS, true);
  private final Queue<Long> queries = new ConcurrentLinkedQueue<>();
  private final Queue<String> reads = new ConcurrentLinkedQueue<>();
  private volatile long begin;

  private StampedeJvm(String uri) {
    manager = new MemcachedCachingProvider().getCacheManager(URI.create(uri), null);
    CacheLoader<String, String> database =
        new CacheLoader<>() {
          @Override
          public String load(String key) {
            return query(key);
          }

          @Override
          public Map<String, String> loadAll(Iterable<? extends String> keys) {
            throw new UnsupportedOperationException();
          }
        };
    cache =
        manager.createCache(
            "rates",
            new MutableConfiguration<String, String>()
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> database));
  }

  /**
   * Runs until standard input ends.
   *
   * @param arguments the URI of the tenant
   * @throws IOException if standard input fails
   */
  public static void main(String[] arguments) throws IOException {
    StampedeJvm jvm = new StampedeJvm(arguments[0]);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "fill" -> ChildJvm.say(jvm.fill());
          case "run" -> jvm.run(Integer.parseInt(words[1]));
          case "clear" -> jvm.manager.clear();
          default -> throw new IllegalArgumentException(line);
        }
      }
    }
    System.exit(0);
  }

  private String query(String key) {
    queries.add(System.nanoTime());
    connections.acquireUninterruptibly();
    try {
      Thread.sleep(QUERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.release();
    }
    return "value of " + key;
  }

  private String fill() {
    cache.putAll(
        IntStream.range(0, KEYS).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v" + i)));
    return "filled";
  }

  /** Orders go on to be read meanwhile. */
  private void run(int millis) {
    queries.clear();
    reads.clear();
    begin = System.nanoTime();
    new Thread(() -> readUntil(millis), "clients").start();
  }

  private void readUntil(int millis) {
    ExecutorService clients = Executors.newCachedThreadPool();
    SplittableRandom random = new SplittableRandom();
    long between = TimeUnit.SECONDS.toNanos(1) / READS_PER_SECOND;
    long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long due = begin; due < end; due += between) {
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      String key = "k" + hot(random);
      long from = due;
      clients.execute(() -> read(key, from));
    }
    clients.shutdown();
    try {
      clients.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<String> all = new ArrayList<>(reads);
    queries.forEach(at -> all.add("q:" + millisOf(at)));
    ChildJvm.say(String.join(" ", all));
  }

  /** Returns a key, the first ones more often: the square of a uniform number. */
  private static int hot(SplittableRandom random) {
    double uniform = random.nextDouble();
    return (int) (KEYS * uniform * uniform);
  }

  private void read(String key, long due) {
    if (cache.get(key) == null) {
      throw new IllegalStateException("There is always a value");
    }
    reads.add(millisOf(due) + ":" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due));
  }

  private long millisOf(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - begin);
  }
}
