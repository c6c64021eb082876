// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.memjcache.chaos.Operation.Entry;

/** What one thread of a process does: any operation on any cache, and the record of it. */
final class RandomOperations {

  private final ChaosWorker worker;
  private final String thread;
  private final SplittableRandom random;
  private long values;

  RandomOperations(ChaosWorker worker, String thread, SplittableRandom random) {
    this.worker = worker;
    this.thread = thread;
    this.random = random;
  }

  void pause(int micros) throws InterruptedException {
    TimeUnit.MICROSECONDS.sleep(random.nextInt(2 * micros + 1));
  }

  /** Does one operation, or two if the second needs to know what is there. */
  void next() throws IOException {
    if (random.nextInt(500) == 0) {
      worker.openAndClose(thread);
    }
    String tenant = any(SharedCaches.TENANTS);
    String cacheName = any(SharedCaches.CACHES);
    Cache<String, String> cache = worker.cache(tenant, cacheName);
    String place = SharedCaches.cache(tenant, cacheName);
    String key = any(SharedCaches.KEYS);
    int dice = random.nextInt(1_000);
    if (dice < 280) {
      get(cache, place, random.nextInt(4) == 0 ? any(SharedCaches.COUNTERS) : key);
    } else if (dice < 380) {
      getAll(cache, place);
    } else if (dice < 580) {
      put(cache, place, key);
    } else if (dice < 640) {
      putAll(cache, place);
    } else if (dice < 700) {
      putIfAbsent(cache, place, key);
    } else if (dice < 780) {
      replace(cache, place, key);
    } else if (dice < 820) {
      Record record = new Record("remove", place);
      record.written.add(new Entry(key, Operation.REMOVED));
      record.run(() -> cache.remove(key));
    } else if (dice < 985) {
      invoke(cache, place, any(SharedCaches.COUNTERS));
    } else if (dice < 994) {
      new Record(Operation.CLEAR, place).run(cache::clear);
    } else {
      String level = dice < 998 ? SharedCaches.tenant(tenant) : SharedCaches.APPLICATION;
      new Record(Operation.CLEAR, level).run(() -> worker.clear(level));
    }
  }

  private String get(Cache<String, String> cache, String place, String key) throws IOException {
    Record record = new Record("get", place);
    record.run(() -> record.saw(key, cache.get(key)));
    return record.seen.isEmpty() ? null : record.seen.get(0).value();
  }

  private void getAll(Cache<String, String> cache, String place) throws IOException {
    Set<String> keys = Set.of(any(SharedCaches.KEYS), "n0", "n1");
    Record record = new Record("getAll", place);
    record.run(
        () -> {
          Map<String, String> found = cache.getAll(keys);
          keys.forEach(key -> record.saw(key, found.get(key)));
        });
  }

  private void put(Cache<String, String> cache, String place, String key) throws IOException {
    Record record = new Record("put", place);
    String value = record.writes(key);
    record.run(() -> cache.put(key, value));
  }

  private void putAll(Cache<String, String> cache, String place) throws IOException {
    Record record = new Record("putAll", place);
    Map<String, String> entries = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      entries.computeIfAbsent(any(SharedCaches.KEYS), record::writes);
    }
    record.run(() -> cache.putAll(entries));
  }

  private void putIfAbsent(Cache<String, String> cache, String place, String key)
      throws IOException {
    Record record = new Record("putIfAbsent", place);
    String value = record.writes(key);
    record.run(() -> cache.putIfAbsent(key, value));
  }

  private void replace(Cache<String, String> cache, String place, String key) throws IOException {
    String expected = get(cache, place, key);
    if (expected == null) {
      return;
    }
    if (random.nextBoolean()) {
      Thread.yield(); // for others to come in between
    }
    Record record = new Record("replace", place);
    String value = record.writes(key);
    record.run(
        () -> {
          if (cache.replace(key, expected, value)) {
            record.saw(key, expected);
          }
        });
  }

  /** Counts: the next number of the life that is there, or the first of another one. */
  private void invoke(Cache<String, String> cache, String place, String key) throws IOException {
    Record record = new Record(Operation.INVOKE, place);
    record.run(
        () ->
            cache.invoke(
                key,
                (entry, arguments) -> {
                  String before = entry.getValue();
                  String after;
                  if (before == null) {
                    after = record.unique(key) + ".1";
                  } else {
                    Entry counter = new Entry(key, before);
                    after = counter.life() + "." + (counter.number() + 1);
                  }
                  record.seen.clear(); // what an earlier try saw, it saw under other versions
                  record.missed = 0;
                  record.saw(key, before);
                  record.written.add(new Entry(key, after));
                  entry.setValue(after);
                  return null;
                }));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** An operation while it is being done. */
  private final class Record {
    private final String name;
    private final String place;
    private final List<Entry> seen = new ArrayList<>(1);
    private final List<Entry> written = new ArrayList<>(1);
    private int missed;

    Record(String name, String place) {
      this.name = name;
      this.place = place;
    }

    void run(Runnable operation) throws IOException {
      long start = System.nanoTime();
      boolean done = false;
      try {
        operation.run();
        done = true;
      } catch (CacheException e) {
        worker.failed(e);
      } catch (Error e) {
        worker.failed(e);
      }
      long end = System.nanoTime();
      worker.record(
          new Operation(worker.name(), start, end, name, done, place, missed, seen, written));
    }

    void saw(String key, String value) {
      if (value == null) {
        missed++;
      } else {
        seen.add(new Entry(key, value));
      }
    }

    /** Returns a value that is about to be written. */
    String writes(String key) {
      String value = unique(key);
      written.add(new Entry(key, value));
      return value;
    }

    String unique(String key) {
      return place + "/" + key + "#" + thread + "-" + values++;
    }
  }
}
