// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/** The operations of the table. */
enum Operation {
  GET((cache, keys) -> cache.get(one(keys))),
  CONTAINS_KEY((cache, keys) -> cache.containsKey(one(keys))),
  PUT((cache, keys) -> nothing(() -> cache.put(one(keys), "new"))),
  GET_AND_PUT((cache, keys) -> cache.getAndPut(one(keys), "new")),
  PUT_IF_ABSENT((cache, keys) -> cache.putIfAbsent(one(keys), "new")),
  REPLACE((cache, keys) -> cache.replace(one(keys), "new")),
  REPLACE_OLD((cache, keys) -> cache.replace(one(keys), PluginRecorder.OLD, "new")),
  REPLACE_ANOTHER((cache, keys) -> cache.replace(one(keys), "another", "new")),
  GET_AND_REPLACE((cache, keys) -> cache.getAndReplace(one(keys), "new")),
  REMOVE((cache, keys) -> cache.remove(one(keys))),
  REMOVE_OLD((cache, keys) -> cache.remove(one(keys), PluginRecorder.OLD)),
  REMOVE_ANOTHER((cache, keys) -> cache.remove(one(keys), "another")),
  GET_AND_REMOVE((cache, keys) -> cache.getAndRemove(one(keys))),
  //
  INVOKE_NOTHING(invoke(entry -> "done")),
  INVOKE_WITHOUT_RESULT(invoke(entry -> null)),
  INVOKE_EXISTS(invoke(MutableEntry::exists)),
  INVOKE_GET(invoke(MutableEntry::getValue)),
  INVOKE_GET_TWICE(invoke(entry -> entry.getValue() + " " + entry.getValue())),
  INVOKE_EXISTS_GET_EXISTS(
      invoke(entry -> entry.exists() + " " + entry.getValue() + " " + entry.exists())),
  INVOKE_SET(invoke(entry -> set(entry, "new"))),
  INVOKE_SET_SAME(invoke(entry -> set(entry, PluginRecorder.OLD + "er"))),
  INVOKE_GET_SET(invoke(entry -> entry.getValue() + " " + set(entry, "new"))),
  INVOKE_SET_GET(invoke(entry -> set(entry, "new") + " " + entry.getValue())),
  INVOKE_SET_EXISTS(invoke(entry -> set(entry, "new") + " " + entry.exists())),
  INVOKE_SET_SET(invoke(entry -> set(entry, "newer") + set(entry, "new"))),
  INVOKE_SET_NULL(invoke(entry -> set(entry, null))),
  INVOKE_REMOVE(invoke(Operation::remove)),
  INVOKE_GET_REMOVE(invoke(entry -> entry.getValue() + " " + remove(entry))),
  INVOKE_SET_REMOVE(invoke(entry -> set(entry, "new") + " " + remove(entry))),
  INVOKE_REMOVE_SET(invoke(entry -> remove(entry) + " " + set(entry, "new"))),
  INVOKE_REMOVE_GET(invoke(entry -> remove(entry) + " " + entry.getValue())),
  INVOKE_REMOVE_EXISTS(invoke(entry -> remove(entry) + " " + entry.exists())),
  INVOKE_FAIL(invoke(Operation::fail)),
  INVOKE_SET_FAIL(invoke(entry -> set(entry, "new") + fail(entry))),
  //
  GET_ALL(true, (cache, keys) -> cache.getAll(keys)),
  PUT_ALL(true, (cache, keys) -> nothing(() -> cache.putAll(values(keys)))),
  REMOVE_ALL_KEYS(true, (cache, keys) -> nothing(() -> cache.removeAll(keys))),
  INVOKE_ALL_GET(true, invokeAll(MutableEntry::getValue)),
  INVOKE_ALL_SET(true, invokeAll(entry -> set(entry, "new"))),
  INVOKE_ALL_REMOVE(true, invokeAll(Operation::remove)),
  INVOKE_ALL_FAIL(true, invokeAll(Operation::fail)),
  LOAD_ALL(true, loadAll(false)),
  LOAD_ALL_REPLACING(true, loadAll(true)),
  //
  GET_OF_NULL((cache, keys) -> cache.get(null)),
  CONTAINS_NULL((cache, keys) -> cache.containsKey(null)),
  PUT_OF_NULL((cache, keys) -> nothing(() -> cache.put(one(keys), null))),
  PUT_IF_ABSENT_OF_NULL((cache, keys) -> cache.putIfAbsent(one(keys), null)),
  REPLACE_BY_NULL((cache, keys) -> cache.replace(one(keys), null)),
  REMOVE_OF_NULL((cache, keys) -> cache.remove(null)),
  REMOVE_NULL_VALUE((cache, keys) -> cache.remove(one(keys), null)),
  GET_ALL_WITH_NULL(true, (cache, keys) -> cache.getAll(withNull(keys))),
  PUT_ALL_WITH_NULL(true, (cache, keys) -> nothing(() -> cache.putAll(withNull(values(keys))))),
  REMOVE_ALL_WITH_NULL(true, (cache, keys) -> nothing(() -> cache.removeAll(withNull(keys)))),
  INVOKE_OF_NULL((cache, keys) -> cache.invoke(null, (entry, arguments) -> "done")),
  INVOKE_NULL((cache, keys) -> cache.invoke(one(keys), null)),
  INVOKE_ALL_NULL(true, (cache, keys) -> cache.invokeAll(keys, null));

  /** Operations on the whole cache, which are run on a cache that has only their own entries. */
  enum OfAll {
    ITERATE(
        cache -> {
          Map<String, String> found = new LinkedHashMap<>();
          cache.forEach(entry -> found.put(entry.getKey(), entry.getValue()));
          return found;
        }),
    ITERATE_AND_REMOVE(
        cache -> {
          Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
          while (iterator.hasNext()) {
            iterator.next();
            iterator.remove();
          }
          return null;
        }),
    ITERATOR_REMOVES_TOO_EARLY(cache -> nothing(() -> cache.iterator().remove())),
    ITERATOR_BEYOND_ITS_END(
        cache -> {
          Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
          while (iterator.hasNext()) {
            iterator.next();
          }
          return iterator.next();
        }),
    REMOVE_ALL(cache -> nothing(cache::removeAll)),
    CLEAR(cache -> nothing(cache::clear));

    private final OnCache work;

    OfAll(OnCache work) {
      this.work = work;
    }

    /** Returns whether it is an error, whatever the configuration. */
    boolean isMisuse() {
      return this == ITERATOR_REMOVES_TOO_EARLY || this == ITERATOR_BEYOND_ITS_END;
    }

    @Nullable Object on(Cache<String, String> cache) {
      return work.on(cache);
    }
  }

  private interface OnCache {
    @Nullable Object on(Cache<String, String> cache);
  }

  private interface OnKeys {
    @Nullable Object on(Cache<String, String> cache, Set<String> keys);
  }

  private interface OnEntry {
    @Nullable Object on(MutableEntry<String, String> entry);
  }

  private final boolean batch;
  private final OnKeys work;

  Operation(OnKeys work) {
    this(false, work);
  }

  Operation(boolean batch, OnKeys work) {
    this.batch = batch;
    this.work = work;
  }

  /** Returns whether it is only about an argument that is null, whatever the configuration. */
  boolean isOfNull() {
    return compareTo(GET_OF_NULL) >= 0;
  }

  /** Returns whether it takes several keys. */
  boolean isBatch() {
    return batch;
  }

  @Nullable Object on(Cache<String, String> cache, Set<String> keys) {
    return work.on(cache, keys);
  }

  private static String one(Set<String> keys) {
    return keys.iterator().next();
  }

  private static @Nullable Object nothing(Runnable work) {
    work.run();
    return null;
  }

  private static OnKeys invoke(OnEntry work) {
    return (cache, keys) -> cache.invoke(one(keys), processor(work));
  }

  private static OnKeys invokeAll(OnEntry work) {
    return (cache, keys) ->
        cache.invokeAll(keys, processor(work)).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> result(entry.getValue())));
  }

  private static EntryProcessor<String, String, Object> processor(OnEntry work) {
    return (entry, arguments) -> work.on(entry);
  }

  private static Object result(EntryProcessorResult<Object> result) {
    try {
      return result.get();
    } catch (RuntimeException e) {
      return Outcome.failure(e);
    }
  }

  private static OnKeys loadAll(boolean replace) {
    return (cache, keys) -> {
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(keys, replace, done);
      try {
        done.get(20, TimeUnit.SECONDS);
        return "completed";
      } catch (ExecutionException e) {
        return "completed with " + Outcome.failure(e.getCause());
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
    };
  }

  private static String set(MutableEntry<String, String> entry, @Nullable String value) {
    entry.setValue(value);
    return "set";
  }

  private static String remove(MutableEntry<String, String> entry) {
    entry.remove();
    return "removed";
  }

  private static String fail(MutableEntry<String, String> entry) {
    throw new IllegalStateException("the processor fails");
  }

  private static Map<String, String> values(Set<String> keys) {
    return keys.stream().collect(Collectors.toMap(key -> key, key -> "new"));
  }

  private static Set<String> withNull(Set<String> keys) {
    Set<String> more = new HashSet<>(keys);
    more.add(null);
    return more;
  }

  private static Map<String, String> withNull(Map<String, String> values) {
    Map<String, String> more = new HashMap<>(values);
    more.replaceAll((key, value) -> Presence.PRESENT.isOf(key) ? null : value);
    return more;
  }
}
