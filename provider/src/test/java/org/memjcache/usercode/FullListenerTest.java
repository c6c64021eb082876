// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.MutableEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCache;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.TestProvider;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Every operation that an asynchronous listener hears of, while as much waits for the listener as
 * may, and the listener works on the same entry: the operation waits, and keeps the listener from
 * nothing.
 */
@Memcached
@Tag("slow")
@Timeout(25) // a thread waits longer than this for an entry that another one works on
class FullListenerTest {

  private final TestProvider caches = new TestProvider();
  private final CountDownLatch called = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private Cache<String, String> cache;

  @AfterEach
  void close() {
    release.countDown();
    caches.close();
  }

  /** Operations on the key k, and the event that is heard. */
  enum Told {
    PUT("created", cache -> cache.put("k", "v")),
    PUT_ALL("created", cache -> cache.putAll(Map.of("k", "v"))),
    PUT_IF_ABSENT("created", cache -> cache.putIfAbsent("k", "v")),
    GET_AND_PUT("created", cache -> cache.getAndPut("k", "v")),
    LOAD("created", cache -> cache.get("k")),
    LOAD_SEVERAL("created", cache -> cache.getAll(Set.of("k"))),
    LOAD_ALL("created", Told::loadAll),
    LOAD_IN_PROCESSOR(
        "created", cache -> cache.invoke("k", (entry, arguments) -> entry.getValue())),
    REPLACE("updated", cache -> cache.replace("k", "v")),
    REPLACE_OLD("updated", cache -> cache.replace("k", "old", "v")),
    GET_AND_REPLACE("updated", cache -> cache.getAndReplace("k", "v")),
    PROCESS("updated", cache -> cache.invoke("k", Told::set)),
    PROCESS_SEVERAL("updated", cache -> cache.invokeAll(Set.of("k"), Told::set)),
    REMOVE("removed", cache -> cache.remove("k")),
    REMOVE_OLD("removed", cache -> cache.remove("k", "old")),
    GET_AND_REMOVE("removed", cache -> cache.getAndRemove("k")),
    REMOVE_SEVERAL("removed", cache -> cache.removeAll(Set.of("k"))),
    ITERATE("removed", Told::removeByIterator);

    final String event;
    final Consumer<Cache<String, String>> operation;

    Told(String event, Consumer<Cache<String, String>> operation) {
      this.event = event;
      this.operation = operation;
    }

    private static String set(MutableEntry<String, String> entry, Object... arguments) {
      entry.setValue("v");
      return null;
    }

    private static void loadAll(Cache<String, String> cache) {
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(Set.of("k"), true, done);
      try {
        done.get();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    private static void removeByIterator(Cache<String, String> cache) {
      for (Iterator<Cache.Entry<String, String>> entries = cache.iterator(); entries.hasNext(); ) {
        if (entries.next().getKey().equals("k")) {
          entries.remove();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void operation_waitsForTheListener_whichMayWorkOnTheSameEntry(Told told, MemcachedServer server)
      throws InterruptedException {
    server.flushAll();
    open(server.uri("hotels/" + told + "?listener.events=1&listener.wait=1h"));
    if (!told.event.equals("created")) {
      cache.put("k", "old");
    }
    Listener listener = listen();
    cache.put("first", "v");
    called.await(); // it hears of that, and nothing waits
    cache.put("second", "v");

    Thread writer = new Thread(() -> told.operation.accept(cache), "writer");
    writer.start();
    Waiting.awaitWaiting(writer);
    release.countDown();
    writer.join();
    Waiting.await("all is heard").until(() -> listener.heard.size() == 3);

    assertThat(listener.heard)
        .containsExactly("created first", "created second", told.event + " k");
    assertThat(cache.unwrap(MemcachedCache.class).getInsight().getDroppedEvents()).isZero();
  }

  private void open(URI uri) {
    cache =
        caches
            .manager(uri)
            .createCache(
                "cache",
                TestProvider.strings()
                    .setStatisticsEnabled(true)
                    .setReadThrough(true)
                    .setCacheLoaderFactory(
                        () -> new FunctionLoader<String, String>(Map.of("k", "loaded")::get)));
  }

  private Listener listen() {
    Listener listener = new Listener();
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, false));
    return listener;
  }

  /** Waits in its first call, and then works on the entry k itself. */
  private class Listener
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String> {

    final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      hear(events);
    }

    private void hear(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      for (CacheEntryEvent<? extends String, ? extends String> event : events) {
        heard.add(event.getEventType().name().toLowerCase(Locale.ROOT) + " " + event.getKey());
      }
      if (called.getCount() == 0) {
        return;
      }
      called.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      cache.remove("k", "what nobody stored"); // under the lock of the entry
    }
  }
}
