// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * Processes that end and begin again with other lists of the same servers, while servers go away
 * and return with the memory that they had, are restarted empty, and exchange their names. Nobody
 * may read what was stored before a clear that had returned.
 *
 * <p>One server at a time is in trouble, and each process has found all others before the next one
 * is: a process that reaches none of the servers that it shares with another can't be told by it.
 */
@Tag("slow")
@Tag("any-jdk")
class ChangingListsTest {

  private static final int SERVERS = 4;
  private static final int PROCESSES = 3;
  private static final int THREADS = 2;
  private static final int TENANTS = 4;
  private static final int KEYS = 10;

  /** So many that some belong to each server. */
  private static final Set<String> ON_ALL_SERVERS =
      IntStream.range(0, 100).mapToObj(i -> "any" + i).collect(Collectors.toSet());

  private static final Duration TIME = Duration.ofSeconds(Long.getLong("chaos.seconds", 20));

  private final List<MemcachedServer> servers = new ArrayList<>();
  private final List<RecordingProxy> names = new ArrayList<>();
  private final long seed = System.nanoTime();
  private final long end = System.nanoTime() + TIME.toNanos();

  /** When the put of a value had returned, by the value. */
  private final Map<String, Long> stored = new ConcurrentHashMap<>();

  private final AtomicLong values = new AtomicLong();

  /**
   * A cache of each process that goes on. Guarded by itself, so that none ends while it is asked.
   */
  private final Set<Cache<String, String>> open = new HashSet<>();

  /** By tenant: when the last of the clears that have returned began. */
  private final AtomicLong[] cleared = new AtomicLong[TENANTS];

  private final AtomicInteger hits = new AtomicInteger();
  private final AtomicInteger clears = new AtomicInteger();
  private final AtomicInteger lists = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

  ChangingListsTest() {
    for (int i = 0; i < SERVERS; i++) {
      servers.add(MemcachedServer.start());
      names.add(RecordingProxy.start(servers.get(i)));
    }
    for (int i = 0; i < TENANTS; i++) {
      cleared[i] = new AtomicLong(Long.MIN_VALUE);
    }
  }

  @AfterEach
  void stop() {
    names.forEach(RecordingProxy::close);
    servers.forEach(MemcachedServer::close);
  }

  @Test
  void listsChangeAndServersReturn_nothingClearedIsRead() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      Random random = new Random(seed + i);
      threads.add(thread(() -> processes(random)));
    }
    threads.add(thread(() -> disturb(new Random(seed - 1))));
    for (Thread thread : threads) {
      thread.join();
    }

    System.out.printf(
        "Changing lists: %d values, %d hits, %d clears, %d lists, %d violations, seed %d%n",
        values.get(), hits.get(), clears.get(), lists.get(), violations.size(), seed);
    assertThat(errors).as("seed %d", seed).isEmpty();
    assertThat(violations).as("seed %d", seed).isEmpty();
    assertThat(hits.get()).isPositive();
    assertThat(clears.get()).isPositive();
  }

  private Thread thread(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                errors.add(e);
              }
            });
    thread.start();
    return thread;
  }

  private boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  /** One process after the other, each with a list of its own. */
  private void processes(Random random) {
    while (!isOver()) {
      lists.incrementAndGet();
      String list = randomList(random);
      long until = System.nanoTime() + Duration.ofMillis(500 + random.nextInt(3_000)).toNanos();
      try (IsolatedProvider process = new IsolatedProvider()) {
        List<Cache<String, String>> tenants = new ArrayList<>();
        for (int tenant = 0; tenant < TENANTS; tenant++) {
          URI uri = URI.create("memcached://" + list + "/changing/" + tenant + "?timeout=2s");
          tenants.add(process.manager(uri).createCache("cache", new MutableConfiguration<>()));
        }
        synchronized (open) {
          open.add(tenants.get(0));
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Random ofThread = new Random(random.nextLong());
          threads.add(thread(() -> use(tenants, ofThread, until)));
        }
        for (Thread thread : threads) {
          join(thread);
        }
        synchronized (open) {
          open.remove(tenants.get(0));
        }
      }
    }
  }

  /** Any two lists have a server in common: else nobody could know of the other. */
  private String randomList(Random random) {
    List<RecordingProxy> some = new ArrayList<>(names);
    Collections.shuffle(some, random);
    return some.subList(0, SERVERS / 2 + 1 + random.nextInt(SERVERS / 2)).stream()
        .map(RecordingProxy::address)
        .collect(Collectors.joining(","));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void use(List<Cache<String, String>> tenants, Random random, long until) {
    while (!isOver() && System.nanoTime() - until < 0) {
      int tenant = random.nextInt(TENANTS);
      Cache<String, String> cache = tenants.get(tenant);
      String key = "k" + random.nextInt(KEYS);
      try {
        int dice = random.nextInt(100);
        if (dice < 2) {
          clear(cache, tenant);
        } else if (dice < 40) {
          put(cache, key);
        } else {
          get(cache, key, tenant);
        }
      } catch (CacheException e) {
        // The server is away, and the caller is told.
      }
    }
  }

  private void clear(Cache<String, String> cache, int tenant) {
    long begin = System.nanoTime();
    cache.clear();
    cleared[tenant].accumulateAndGet(begin, Math::max);
    clears.incrementAndGet();
  }

  private void put(Cache<String, String> cache, String key) {
    String value = "v" + values.incrementAndGet();
    cache.put(key, value);
    stored.put(value, System.nanoTime());
  }

  private void get(Cache<String, String> cache, String key, int tenant) {
    long clearedBefore = cleared[tenant].get();
    String value = cache.get(key);
    if (value != null) {
      hits.incrementAndGet();
      Long storedAt = stored.get(value);
      if (storedAt != null && storedAt < clearedBefore) {
        violations.add(
            "%s of tenant %d was stored %d ms before a clear began that had returned, read at %d ms"
                .formatted(
                    value,
                    tenant,
                    (clearedBefore - storedAt) / 1_000_000,
                    (System.nanoTime() - end + TIME.toNanos()) / 1_000_000));
      }
    }
  }

  /** Has one server after the other be in trouble. */
  private void disturb(Random random) {
    while (!isOver()) {
      int server = random.nextInt(SERVERS);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          names.get(server).refuse(true);
          names.get(server).dropConnections();
          sleep(200 + random.nextInt(1_500));
          names.get(server).refuse(false);
        }
        case 2 -> {
          servers.get(server).restart();
        }
        default -> exchangeNames(server, (server + 1) % SERVERS);
      }
      sleep(random.nextInt(1_000));
      awaitConnections();
    }
  }

  private void awaitConnections() {
    await("all processes have found all their servers").until(this::areAllConnected);
  }

  private boolean areAllConnected() {
    synchronized (open) {
      return open.stream().allMatch(ChangingListsTest::isConnectedToAll);
    }
  }

  private static boolean isConnectedToAll(Cache<String, String> cache) {
    try {
      return cache.getAll(ON_ALL_SERVERS).isEmpty();
    } catch (CacheException e) {
      return false;
    }
  }

  /** Nobody connects meanwhile: no moment belongs to both. */
  private void exchangeNames(int one, int other) {
    for (int name : new int[] {one, other}) {
      names.get(name).refuse(true);
      names.get(name).dropConnections();
    }
    Collections.swap(servers, one, other);
    names.get(one).moveTo(servers.get(one));
    names.get(other).moveTo(servers.get(other));
    sleep(50);
    names.get(one).refuse(false);
    names.get(other).refuse(false);
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
