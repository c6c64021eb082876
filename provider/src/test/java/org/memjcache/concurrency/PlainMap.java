// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import java.util.HashMap;
import java.util.Map;

/** What a cache must look like from outside: a map, used by one thread. Lincheck compares by it. */
@SuppressWarnings("unused") // the threads matter to the cache only
public class PlainMap {

  private final Map<Integer, Integer> map = new HashMap<>();

  public Integer get(int thread, int key) {
    return map.get(key);
  }

  public boolean containsKey(int thread, int key) {
    return map.containsKey(key);
  }

  public void put(int thread, int key, int value) {
    map.put(key, value);
  }

  public Integer getAndPut(int thread, int key, int value) {
    return map.put(key, value);
  }

  public boolean putIfAbsent(int thread, int key, int value) {
    return map.putIfAbsent(key, value) == null;
  }

  public boolean replace(int thread, int key, int value) {
    return map.replace(key, value) != null;
  }

  public boolean replaceIf(int thread, int key, int expected, int value) {
    return map.replace(key, expected, value);
  }

  public Integer getAndReplace(int thread, int key, int value) {
    return map.replace(key, value);
  }

  public boolean remove(int thread, int key) {
    return map.remove(key) != null;
  }

  public boolean removeIf(int thread, int key, int expected) {
    return map.remove(key, expected);
  }

  public Integer getAndRemove(int thread, int key) {
    return map.remove(key);
  }

  /** Adds with an entry processor; returns the sum. */
  public Integer add(int thread, int key, int value) {
    return map.merge(key, value, Integer::sum);
  }

  public void clear(int thread) {
    map.clear();
  }
}
