// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.internal.client.command.RequestFailedException;

/**
 * The program of one of the processes: four threads that do random operations and write each of
 * them to a file. Does what it is told by lines of standard input, and ends with its input.
 */
final class ChaosWorker {

  private static final int THREADS = 4;
  private static final java.time.Duration CLOSING = java.time.Duration.ofSeconds(10);
  private static final String INSIGHT = "org.memjcache:type=CacheInsight,*";

  private final String name;
  private final URI servers;
  private final String options;
  private final BufferedWriter history;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong operations = new AtomicLong();
  private final Map<String, Long> errors = new ConcurrentHashMap<>();
  private volatile boolean ending;
  private volatile Throwable failure;

  /** Listens to no purpose but that events are published. */
  private static final CacheEntryUpdatedListener<String, String> EVENTS =
      events -> events.forEach(CacheEntryEvent::getOldValue);

  private ChaosWorker(String name, URI servers, String options, Path history) throws IOException {
    this.name = name;
    this.servers = servers;
    this.options = options;
    this.history = Files.newBufferedWriter(history);
  }

  /**
   * Takes a name, the URI of the servers with how to reach them, options, the file to write, a
   * seed, and the pace.
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    ChaosWorker worker =
        new ChaosWorker(
            arguments[0], URI.create(arguments[1]), arguments[2], Path.of(arguments[3]));
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[4]));
    int pauseMicros = Integer.parseInt(arguments[5]);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      answers.println(
          switch (order) {
            case "time" -> Long.toString(System.nanoTime());
            case "begin" -> worker.begin(random, pauseMicros);
            case "count" -> Long.toString(worker.operations.get());
            case "look" -> worker.look();
            case "calm" -> inject(0);
            case "injected" -> Long.toString(InjectedError.count());
            case "end" -> worker.end();
            default -> inject(Integer.parseInt(order.substring("inject ".length())));
          });
    }
    System.exit(0); // with threads at work, if the parent is gone
  }

  private static String inject(int ofSteps) {
    InjectedError.oneOf(ofSteps);
    return "done";
  }

  private String begin(SplittableRandom random, int pauseMicros) {
    for (int i = 0; i < THREADS; i++) {
      RandomOperations operations = new RandomOperations(this, name + "-" + i, random.split());
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (!ending) {
                    try {
                      operations.next();
                    } catch (CacheException e) { // while a cache was opened
                      failed(e);
                    } catch (Error e) {
                      failed(e);
                    }
                    operations.pause(pauseMicros);
                  }
                } catch (Throwable e) {
                  e.printStackTrace();
                  failure = e;
                }
              });
      threads.add(thread);
      thread.start();
    }
    return "begun";
  }

  /** Looks at all versions, whatever this process may do without servers. */
  private String look() {
    try {
      for (String tenant : SharedCaches.TENANTS) {
        MemcachedCacheManager manager = manager(SharedCaches.tenant(tenant), "");
        for (String cache : SharedCaches.CACHES) {
          cache(manager, cache).containsKey("look");
        }
      }
      return "seen";
    } catch (CacheException e) {
      return "away";
    }
  }

  private String end() throws IOException, InterruptedException {
    ending = true;
    for (Thread thread : threads) {
      thread.join();
    }
    String counts = counts();
    provider.close();
    history.close();
    long end = System.nanoTime() + CLOSING.toNanos();
    while (failure == null && !threadsOfProvider().isEmpty()) {
      if (System.nanoTime() - end > 0) {
        return "FAILED: still there: " + threadsOfProvider();
      }
      Thread.sleep(20);
    }
    return failure == null ? counts : "FAILED: " + failure;
  }

  private static List<String> threadsOfProvider() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("(?i)memjcache.*|xmemcached.*"))
        .toList();
  }

  /** Opens a manager of a thread's own, uses it and closes it, each step as far as it gets. */
  void openAndClose(String thread) {
    MemcachedCacheManager manager = manager(SharedCaches.tenant(thread), options);
    try {
      cache(manager, SharedCaches.SHORT).put("k", "v");
    } finally {
      manager.close();
    }
  }

  /** Returns the errors by kind and the misses by reason: {@code name=count name=count}. */
  private String counts() {
    Map<String, Long> counts = new TreeMap<>();
    errors.forEach((kind, count) -> counts.put("error:" + kind, count));
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    try {
      for (ObjectName cache : beans.queryNames(new ObjectName(INSIGHT), null)) {
        for (MBeanAttributeInfo attribute : beans.getMBeanInfo(cache).getAttributes()) {
          if (attribute.getName().endsWith("Misses")
              && beans.getAttribute(cache, attribute.getName()) instanceof Long count) {
            counts.merge("miss:" + attribute.getName(), count, Long::sum);
          }
        }
      }
    } catch (JMException e) {
      throw new AssertionError(e);
    }
    return counts.entrySet().stream()
        .map(count -> count.getKey() + "=" + count.getValue())
        .collect(Collectors.joining(" "));
  }

  String name() {
    return name;
  }

  /** Counts a failure; stops everything if it is none of those that servers away bring about. */
  void failed(CacheException e) {
    errors.merge(kind(e), 1L, Long::sum);
  }

  /** Counts an error that was injected; stops everything if it was another one. */
  void failed(Error e) {
    if (!InjectedError.isCauseOf(e)) {
      throw e;
    }
    errors.merge("INJECTED", 1L, Long::sum);
  }

  private static String kind(CacheException e) {
    if (InjectedError.isCauseOf(e)) {
      return "INJECTED";
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof RequestFailedException failure) {
        return failure.kind().name();
      }
    }
    if (String.valueOf(e.getMessage()).contains("memory")) {
      return "OUT_OF_MEMORY";
    }
    throw e;
  }

  void record(Operation operation) throws IOException {
    operations.incrementAndGet();
    String line = operation.line();
    synchronized (history) {
      history.write(line);
      history.newLine();
    }
  }

  Cache<String, String> cache(String tenant, String cache) {
    return cache(manager(SharedCaches.tenant(tenant), options), cache);
  }

  void clear(String level) {
    if (level.indexOf('/') < 0) {
      provider.clear(uri(level, options));
    } else {
      manager(level, options).clear();
    }
  }

  private MemcachedCacheManager manager(String level, String options) {
    return provider.getCacheManager(uri(level, options), null);
  }

  private URI uri(String level, String options) {
    return URI.create(
        "%s://%s/%s?%s%s"
            .formatted(
                servers.getScheme(),
                servers.getAuthority(),
                level,
                servers.getRawQuery(),
                options));
  }

  private static synchronized Cache<String, String> cache(
      MemcachedCacheManager manager, String name) {
    Cache<String, String> existing = manager.getCache(name);
    if (existing != null) {
      return existing;
    }
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>().setStatisticsEnabled(true); // misses by reason
    if (name.equals(SharedCaches.HEARD)) {
      configuration.addCacheEntryListenerConfiguration(
          new MutableCacheEntryListenerConfiguration<>(() -> EVENTS, null, true, false));
    }
    if (name.equals(SharedCaches.SHORT)) {
      configuration.setExpiryPolicyFactory(
          CreatedExpiryPolicy.factoryOf(
              new Duration(TimeUnit.MILLISECONDS, SharedCaches.SHORT_LIFE.toMillis())));
    }
    return manager.createCache(name, configuration);
  }
}
