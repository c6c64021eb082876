// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.net.URI;
import java.time.Duration;
import java.util.AbstractSet;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;

/**
 * The program of a JVM with little memory, which works on many entries. Arguments: the URI of an
 * application, and how many.
 */
final class LongWork {

  private static final int BATCH = 1_000;

  private final MemcachedCacheManager manager;
  private final int entries;

  private LongWork(MemcachedCacheManager manager, int entries) {
    this.manager = manager;
    this.entries = entries;
  }

  public static void main(String[] arguments) throws Exception {
    URI uri = URI.create(arguments[0]);
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      new LongWork(provider.getCacheManager(uri, null), Integer.parseInt(arguments[1])).run();
    }
  }

  private void run() throws Exception {
    Cache<String, Integer> cache =
        manager.createCache(
            "orders", new MutableConfiguration<String, Integer>().setStatisticsEnabled(true));
    timed("put", () -> put(cache));
    timed("iterate", () -> iterate(cache));
    Cache<Integer, String> loading =
        manager.createCache(
            "loaded",
            new MutableConfiguration<Integer, String>()
                .setReadThrough(true)
                .setStatisticsEnabled(true)
                .setCacheLoaderFactory(Numerals::new));
    timed("loadAll", () -> load(loading, new Numbers(entries)));
    timed("removeAll", () -> remove(cache));
  }

  private int put(Cache<String, Integer> cache) {
    Map<String, Integer> batch = new HashMap<>();
    for (int i = 0; i < entries; i++) {
      batch.put(key(i), i);
      if (batch.size() == BATCH || i == entries - 1) {
        cache.putAll(batch);
        batch.clear();
      }
    }
    return entries;
  }

  private static String key(int number) {
    return "customer-%07d:order".formatted(number);
  }

  /** Returns how many entries came; fails if one came twice, or with the value of another. */
  private static int iterate(Cache<String, Integer> cache) {
    BitSet seen = new BitSet();
    for (Cache.Entry<String, Integer> entry : cache) {
      int number = entry.getValue();
      require(entry.getKey().equals(key(number)), entry.getKey() + " has the value " + number);
      require(!seen.get(number), entry.getKey() + " came twice");
      seen.set(number);
    }
    return seen.cardinality();
  }

  private static int load(Cache<Integer, String> cache, Set<Integer> keys) throws Exception {
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(keys, false, done);
    done.get();
    Iterator<Integer> numbers = keys.iterator();
    int loaded = 0;
    while (numbers.hasNext()) {
      Set<Integer> some =
          Set.copyOf(
              IntStream.range(0, BATCH)
                  .filter(i -> numbers.hasNext())
                  .mapToObj(i -> numbers.next())
                  .toList());
      loaded += cache.getAll(some).size();
    }
    require(Numerals.loaded == keys.size(), Numerals.loaded + " were asked of the loader");
    return loaded;
  }

  /** Each entry is removed on its own, because the statistics count it. */
  private int remove(Cache<String, Integer> cache) {
    cache.removeAll();
    require(!cache.iterator().hasNext(), "Something is left");
    return entries;
  }

  private void timed(String what, Callable<Integer> work) throws Exception {
    long start = System.nanoTime();
    int count = work.call();
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    require(count == entries, what + " came to " + count + " of " + entries + " entries");
    System.out.printf("%s: %,d ms, at most %,d bytes of old objects%n", what, millis, peak());
  }

  /** Returns how many bytes of the heap were in use at most by what outlived a few collections. */
  private static long peak() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().contains("Old Gen") || pool.getName().contains("Tenured Gen")) {
        long bytes = pool.getPeakUsage().getUsed();
        pool.resetPeakUsage();
        return bytes;
      }
    }
    return -1;
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** Numbers from 0 on that are made when they are asked for. */
  private static final class Numbers extends AbstractSet<Integer> {
    private final int size;

    Numbers(int size) {
      this.size = size;
    }

    @Override
    public Iterator<Integer> iterator() {
      return IntStream.range(0, size).iterator();
    }

    @Override
    public int size() {
      return size;
    }
  }

  private static final class Numerals implements CacheLoader<Integer, String> {
    private static int loaded;

    @Override
    public String load(Integer key) {
      return key.toString();
    }

    @Override
    public Map<Integer, String> loadAll(Iterable<? extends Integer> keys) {
      Map<Integer, String> numerals = new HashMap<>();
      keys.forEach(key -> numerals.put(key, key.toString()));
      loaded += numerals.size();
      return numerals;
    }
  }
}
