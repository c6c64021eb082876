// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.Cache;
import org.memjcache.MemcachedCacheManager;

/** The operations of a cache on the key {@code k}, for tests that go through all of them. */
public enum CacheOperation {
  GET("get", cache -> cache.get("k")),
  GET_ALL("getAll", cache -> cache.getAll(Set.of("k", "l"))),
  CONTAINS_KEY("containsKey", cache -> cache.containsKey("k")),
  PUT("put", cache -> cache.put("k", "v")),
  PUT_ALL("putAll", cache -> cache.putAll(Map.of("k", "v", "l", "v"))),
  PUT_IF_ABSENT("putIfAbsent", cache -> cache.putIfAbsent("k", "v")),
  GET_AND_PUT("getAndPut", cache -> cache.getAndPut("k", "v")),
  REPLACE("replace", cache -> cache.replace("k", "v")),
  REPLACE_IF("replace", cache -> cache.replace("k", "v", "w")),
  GET_AND_REPLACE("getAndReplace", cache -> cache.getAndReplace("k", "v")),
  REMOVE("remove", cache -> cache.remove("k")),
  REMOVE_IF("remove", cache -> cache.remove("k", "v")),
  GET_AND_REMOVE("getAndRemove", cache -> cache.getAndRemove("k")),
  REMOVE_KEYS("removeAll", cache -> cache.removeAll(Set.of("k", "l"))),
  REMOVE_ALL("clear", Cache::removeAll),
  CLEAR("clear", Cache::clear),
  INVOKE("invoke", cache -> cache.invoke("k", (entry, arguments) -> entry.getValue())),
  INVOKE_ALL(
      "invokeAll",
      cache -> cache.invokeAll(Set.of("k", "l"), (entry, arguments) -> entry.getValue())),
  ITERATOR("iterator", cache -> cache.forEach(entry -> {})),
  CLEAR_TENANT(
      "clear", cache -> cache.getCacheManager().unwrap(MemcachedCacheManager.class).clear()),
  DESTROY("clear", cache -> cache.getCacheManager().destroyCache(cache.getName()));

  private final String nameInErrors;
  private final Consumer<Cache<String, String>> work;

  CacheOperation(String nameInErrors, Consumer<Cache<String, String>> work) {
    this.nameInErrors = nameInErrors;
    this.work = work;
  }

  /** What errors call the operation. */
  public String nameInErrors() {
    return nameInErrors;
  }

  /** Which namespace errors name. */
  public String namespace(String ofCache) {
    return this == CLEAR_TENANT ? ofCache.substring(0, ofCache.lastIndexOf('/')) : ofCache;
  }

  public void on(Cache<String, String> cache) {
    work.accept(cache);
  }
}
