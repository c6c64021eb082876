// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * The operations that Lincheck does on caches: each thread on the one of its process. A new object
 * is a new, empty map: it has keys of its own.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class StressedCache {

  private static final AtomicInteger MAPS = new AtomicInteger();

  private static volatile List<Cache<String, Integer>> processes = List.of();

  private final String map = "map" + MAPS.incrementAndGet() + "/";

  /** Sets what all objects work on: the same cache as each of some processes sees it. */
  static void use(List<Cache<String, Integer>> caches) {
    processes = caches;
  }

  /** Returns how many objects were made. */
  static int maps() {
    return MAPS.get();
  }

  private static Cache<String, Integer> cache(int thread) {
    return processes.get(thread % processes.size());
  }

  private String key(int key) {
    return map + key;
  }

  @Operation(params = {"thread", "key"})
  public Integer get(int thread, int key) {
    return cache(thread).get(key(key));
  }

  @Operation(params = {"thread", "key"})
  public boolean containsKey(int thread, int key) {
    return cache(thread).containsKey(key(key));
  }

  @Operation(params = {"thread", "key", "value"})
  public void put(int thread, int key, int value) {
    cache(thread).put(key(key), value);
  }

  @Operation(params = {"thread", "key", "value"})
  public Integer getAndPut(int thread, int key, int value) {
    return cache(thread).getAndPut(key(key), value);
  }

  @Operation(params = {"thread", "key", "value"})
  public boolean putIfAbsent(int thread, int key, int value) {
    return cache(thread).putIfAbsent(key(key), value);
  }

  @Operation(params = {"thread", "key", "value"})
  public boolean replace(int thread, int key, int value) {
    return cache(thread).replace(key(key), value);
  }

  @Operation(params = {"thread", "key", "value", "value"})
  public boolean replaceIf(int thread, int key, int expected, int value) {
    return cache(thread).replace(key(key), expected, value);
  }

  @Operation(params = {"thread", "key", "value"})
  public Integer getAndReplace(int thread, int key, int value) {
    return cache(thread).getAndReplace(key(key), value);
  }

  @Operation(params = {"thread", "key"})
  public boolean remove(int thread, int key) {
    return cache(thread).remove(key(key));
  }

  @Operation(params = {"thread", "key", "value"})
  public boolean removeIf(int thread, int key, int expected) {
    return cache(thread).remove(key(key), expected);
  }

  @Operation(params = {"thread", "key"})
  public Integer getAndRemove(int thread, int key) {
    return cache(thread).getAndRemove(key(key));
  }

  @Operation(params = {"thread", "key", "value"})
  public Integer add(int thread, int key, int value) {
    return cache(thread)
        .invoke(
            key(key),
            (entry, arguments) -> {
              int sum = value + (entry.exists() ? entry.getValue() : 0);
              entry.setValue(sum);
              return sum;
            });
  }

  @Operation(params = "thread")
  public void clear(int thread) {
    cache(thread).clear();
  }
}
