// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.compression;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.benchmarks.plan.Extent;
import org.memjcache.benchmarks.plan.Finding;
import org.memjcache.benchmarks.plan.Group;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.testkit.MemcachedServer;

/** Measures the size of items, and the time of puts and gets, for each way to compress. */
public final class Compressions {

  private static final List<String> WAYS = List.of("none", "lz4", "zstd");

  private final int rounds;
  private final int millis;
  private final Results results;
  private final Consumer<String> progress;

  /**
   * Creates the measurement.
   *
   * @param extent how much is measured
   * @param rounds how often each way has its turn
   * @param results receives the results
   * @param progress receives a line of text after each step
   */
  public Compressions(Extent extent, int rounds, Results results, Consumer<String> progress) {
    this.rounds = rounds;
    this.millis = extent.millis();
    this.results = results;
    this.progress = progress;
  }

  /**
   * Runs all of it, on a server of its own.
   *
   * @return the version of the server
   */
  public String run() {
    try (MemcachedServer server = MemcachedServer.start();
        MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      Map<String, Cache<String, Object>> caches = new LinkedHashMap<>();
      for (String way : WAYS) {
        caches.put(way, open(provider, server, way));
      }
      Hotels.samples().forEach((name, value) -> compare(name, value, caches, server));
      return "memcached " + server.stats().get("version");
    }
  }

  private static Cache<String, Object> open(
      MemcachedCachingProvider provider, MemcachedServer server, String way) {
    Properties options = new Properties();
    options.setProperty("memjcache.compression", way);
    options.setProperty("memjcache.serialization.allow", Hotels.Hotel.class.getName());
    return provider
        .getCacheManager(URI.create("memcached://" + server.address() + "/" + way), null, options)
        .createCache("hotels", new MutableConfiguration<String, Object>());
  }

  private void compare(
      String name,
      Object value,
      Map<String, Cache<String, Object>> caches,
      MemcachedServer server) {
    Map<String, List<Double>> puts = new LinkedHashMap<>();
    Map<String, List<Double>> gets = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) { // the first only compiles
      boolean counts = round >= 0;
      caches.forEach(
          (way, cache) -> {
            double put = micros(() -> cache.put(name, value));
            double get = micros(() -> check(value, cache.get(name)));
            if (counts) {
              puts.computeIfAbsent(way, any -> new ArrayList<>()).add(put);
              gets.computeIfAbsent(way, any -> new ArrayList<>()).add(get);
            }
          });
    }
    caches.forEach(
        (way, cache) -> {
          String what = name + ", compression=" + way + ": ";
          add(what + "put on the wire", "bytes", List.of(onTheWire(server, cache, name, value)));
          add(what + "put, one thread", "µs", puts.getOrDefault(way, List.of()));
          add(what + "get, one thread", "µs", gets.getOrDefault(way, List.of()));
        });
  }

  private static void check(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new IllegalStateException("got a different value");
    }
  }

  /** Returns how long one of many takes. */
  private double micros(Runnable work) {
    long start = System.nanoTime();
    long end = start + millis * 1_000_000L;
    long count = 0;
    long now = start;
    while (now < end) {
      work.run();
      count++;
      now = System.nanoTime();
    }
    return (now - start) / 1_000.0 / count;
  }

  /** Returns how many bytes the server reads for a put: the item, its key and the version read. */
  private static double onTheWire(
      MemcachedServer server, Cache<String, Object> cache, String key, Object value) {
    long before = written(server);
    cache.put(key, value);
    return written(server) - before;
  }

  private static long written(MemcachedServer server) {
    return Long.parseLong(server.stats().get("bytes_read"));
  }

  private void add(String title, String unit, List<Double> values) {
    Finding finding = new Finding(Group.COMPRESSION, title, unit, values, null);
    results.add(finding);
    progress.accept(title + ": " + finding.median() + " " + unit);
  }
}
