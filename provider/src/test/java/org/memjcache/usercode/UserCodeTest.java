// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.support.TestProvider;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.MemcachedExtension;

/**
 * Code of the application that throws whatever it likes, calls back into the cache, or never
 * returns: nobody else has to wait for it, and no lock outlives it.
 */
@Timeout(120)
@Tag("slow")
class UserCodeTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  /** Far less than a thread waits for a lock that another one has: 30 s. */
  private static final Duration SOON = Duration.ofSeconds(12);

  private final TestProvider caches = new TestProvider();

  /** What the application's code does when it is called. */
  private volatile Runnable work = () -> {};

  @AfterEach
  void close() {
    work = () -> {};
    memcached.cluster().flushAll();
    caches.close();
  }

  /** Where code of the application is called. */
  enum Place {
    PROCESSOR {
      @Override
      void use(Cache<String, String> cache, String key) {
        cache.invoke(key, PROCESSOR_OF_TEST);
      }
    },
    LOADER {
      @Override
      void use(Cache<String, String> cache, String key) {
        cache.remove(key);
        cache.get(key);
      }
    },
    LOADER_OF_INVOKE {
      @Override
      void use(Cache<String, String> cache, String key) {
        cache.remove(key);
        cache.invoke(key, (entry, arguments) -> entry.getValue());
      }
    },
    WRITER {
      @Override
      void use(Cache<String, String> cache, String key) {
        cache.put(key, "written");
      }
    },
    DELETER {
      @Override
      void use(Cache<String, String> cache, String key) {
        cache.remove(key);
      }
    },
    LISTENER {
      @Override
      void use(Cache<String, String> cache, String key) {
        cache.put(key, "heard");
      }
    },
    POLICY {
      @Override
      void use(Cache<String, String> cache, String key) {
        cache.remove(key);
        cache.put(key, "judged");
      }
    };

    /** Does what leads to this place. */
    abstract void use(Cache<String, String> cache, String key);
  }

  private static volatile UserCodeTest running;

  private static final EntryProcessor<String, String, String> PROCESSOR_OF_TEST =
      (entry, arguments) -> {
        running.work.run();
        entry.setValue("processed");
        return "done";
      };

  /** Opens a cache that calls {@link #work} at one place only. */
  private Cache<String, String> open(String name, Place place) {
    running = this;
    MemcachedCacheManager manager = caches.manager(memcached.uri("hotels/Lisboa"));
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>().setTypes(String.class, String.class);
    switch (place) {
      case PROCESSOR -> {}
      case LOADER, LOADER_OF_INVOKE ->
          configuration.setReadThrough(true).setCacheLoaderFactory(() -> new WorkingLoader(this));
      case WRITER, DELETER ->
          configuration
              .setWriteThrough(true)
              .setCacheWriterFactory(() -> new WorkingWriter(this, place == Place.DELETER));
      case LISTENER ->
          configuration.addCacheEntryListenerConfiguration(
              new MutableCacheEntryListenerConfiguration<>(
                  () -> new WorkingListener(this), null, false, true));
      case POLICY -> configuration.setExpiryPolicyFactory(() -> new WorkingPolicy(this));
    }
    Cache<String, String> existing = manager.getCache(name, String.class, String.class);
    return existing == null ? manager.createCache(name, configuration) : existing;
  }

  private static final class Checked extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static final class Odd extends Throwable {
    private static final long serialVersionUID = 1;
  }

  static Stream<Arguments> failures() {
    List<Arguments> table = new ArrayList<>();
    for (Place place : Place.values()) {
      for (Throwable thrown :
          List.of(
              new IllegalStateException("on purpose"),
              new CacheException("on purpose"),
              new AssertionError("on purpose"),
              new StackOverflowError("on purpose"),
              new OutOfMemoryError("on purpose"),
              new InterruptedException("on purpose"),
              new Checked(),
              new Odd())) {
        table.add(Arguments.of(place, thrown));
      }
    }
    return table.stream();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void codeThatThrowsAnything_reachesTheCallerAndLeavesNothingLocked(
      Place place, Throwable thrown) {
    Cache<String, String> cache = open("info", place);
    cache.put("k", "before");
    work = () -> throwAny(thrown);

    Throwable failure = catchThrowable(() -> place.use(cache, "k"));

    if (place == Place.POLICY && failure == null) {
      // JSR-107: the default is used when a policy fails.
      assertThat(cache.get("k")).isEqualTo("judged");
    } else {
      assertThat(causes(failure)).contains(thrown);
    }
    work = () -> {};
    assertFree(cache, "k");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("places")
  void codeThatRecursWithoutEnd_endsForLackOfStackAndLeavesNothingLocked(Place place)
      throws Exception {
    Cache<String, String> cache = open("info", place);
    cache.put("k", "before");
    AtomicInteger depth = new AtomicInteger();
    work = () -> place.use(cache, "k" + depth.incrementAndGet() % 7);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    CountDownLatch checked = new CountDownLatch(1);
    Thread thread =
        new Thread(
            null,
            () -> {
              ended.complete(catchThrowable(() -> place.use(cache, "k")));
              Waiting.awaitLatch(checked);
            },
            "deep",
            512 * 1024);
    thread.start();

    assertThat(causes(ended.get(60, TimeUnit.SECONDS)))
        .hasAtLeastOneElementOfType(StackOverflowError.class);
    work = () -> {};
    for (String key : List.of("k", "k0", "k1", "k2", "k3", "k4", "k5", "k6")) {
      assertFree(cache, key);
    }
    checked.countDown();
  }

  static Stream<Place> places() {
    return Stream.of(Place.values()).filter(place -> place != Place.POLICY);
  }

  /** What the code does with the cache that called it. */
  enum Inner {
    GET(cache -> cache.get("k")),
    CONTAINS(cache -> cache.containsKey("k")),
    GET_ALL(cache -> cache.getAll(Set.of("k", "l"))),
    PUT(cache -> cache.put("k", "inner")),
    PUT_ALL(cache -> cache.putAll(Map.of("k", "inner", "l", "inner"))),
    GET_AND_PUT(cache -> cache.getAndPut("k", "inner")),
    REMOVE(cache -> cache.remove("k")),
    REMOVE_ALL(cache -> cache.removeAll()),
    REPLACE(cache -> cache.replace("k", "inner")),
    CLEAR(Cache::clear),
    INVOKE(cache -> cache.invoke("k", (entry, arguments) -> setInner(entry))),
    INVOKE_ALL(cache -> cache.invokeAll(Set.of("k", "l"), (entry, a) -> setInner(entry))),
    ITERATE(cache -> cache.forEach(entry -> {})),
    LOAD_ALL(
        cache -> {
          CompletionListenerFuture done = new CompletionListenerFuture();
          cache.loadAll(Set.of("k", "l"), true, done);
          try {
            done.get(20, TimeUnit.SECONDS);
          } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
          }
        }),
    OTHER_THREAD(cache -> soon(() -> cache.containsKey("k"))),
    CLOSE(Cache::close),
    CLOSE_MANAGER(cache -> cache.getCacheManager().close()),
    DESTROY(cache -> cache.getCacheManager().destroyCache("info"));

    final Consumer<Cache<String, String>> call;

    Inner(Consumer<Cache<String, String>> call) {
      this.call = call;
    }

    private static Object setInner(javax.cache.processor.MutableEntry<String, String> entry) {
      entry.setValue("inner");
      return null;
    }
  }

  static Stream<Arguments> callsBack() {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(Inner.values()).map(inner -> Arguments.of(place, inner)));
  }

  @ParameterizedTest
  @MethodSource("callsBack")
  void codeThatCallsBack_isServedAtOnce(Place place, Inner inner) {
    Cache<String, String> cache = open("info", place);
    cache.put("k", "before");
    AtomicInteger calls = new AtomicInteger();
    work =
        () -> {
          if (calls.incrementAndGet() == 1) {
            inner.call.accept(cache);
          }
        };

    soon(
        () -> {
          try {
            place.use(cache, "k");
          } catch (IllegalStateException | CacheException e) {
            boolean asksForItself = String.valueOf(e.getMessage()).contains("that it is loading");
            assertThat(cache.isClosed() || asksForItself).as("%s", e).isTrue();
          }
          return null;
        });

    assertThat(calls).hasPositiveValue();
    work = () -> {};
    assertFree(open("info", place), "k");
  }

  @Test
  void processorThatChangesItsOwnEntryThroughTheCacheEachTime_givesUp() {
    Cache<String, String> cache = open("info", Place.PROCESSOR);
    AtomicInteger calls = new AtomicInteger();
    work = () -> cache.put("k", "inner " + calls.incrementAndGet());

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> cache.invoke("k", PROCESSOR_OF_TEST))
        .withMessageContainingAll(
            "invoke on 'hotels/Lisboa/info'", "1000 attempts", "through the cache");

    assertThat(calls).hasValue(1000);
    work = () -> {};
    assertFree(cache, "k");
  }

  @Test
  void processorsThatWorkOnEachOthersEntries_neverWaitForEachOther() {
    Cache<String, String> one = open("one", Place.PROCESSOR);
    Cache<String, String> two = open("two", Place.PROCESSOR);
    for (int round = 0; round < 20; round++) {
      CyclicBarrier bothInside = new CyclicBarrier(2);
      Callable<?> forth = () -> nested(one, two, bothInside);
      Callable<?> back = () -> nested(two, one, bothInside);
      List<CompletableFuture<?>> both = List.of(start(forth), start(back));
      both.forEach(UserCodeTest::join);
    }
    assertThat(List.of(one.get("k"), two.get("k"))).containsExactly("inner", "inner");
  }

  private static Object nested(
      Cache<String, String> outer, Cache<String, String> inner, CyclicBarrier bothInside) {
    AtomicInteger runs = new AtomicInteger();
    return outer.invoke(
        "k",
        (entry, arguments) -> {
          if (runs.incrementAndGet() == 1) {
            awaitBarrier(bothInside);
          }
          return inner.invoke(
              "k",
              (innerEntry, more) -> {
                innerEntry.setValue("inner");
                return null;
              });
        });
  }

  @ParameterizedTest
  @MethodSource("allPlaces")
  void codeThatNeverReturns_keepsNobodyElseFromOtherEntries(Place place) throws Exception {
    Cache<String, String> cache = open("info", place);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    work =
        () -> {
          inside.countDown();
          Waiting.awaitLatch(end);
        };
    CompletableFuture<?> stuck = start(() -> use(place, cache, "k"));
    Waiting.awaitLatch(inside);
    work = () -> {};

    for (int i = 0; i < 20; i++) {
      assertFree(cache, "other" + i);
    }
    soon(() -> cache.containsKey("k"));
    soon(
        () -> {
          cache.clear();
          return null;
        });
    soon(
        () -> {
          cache.getCacheManager().close();
          return null;
        });
    assertThat(stuck).isNotDone();
    end.countDown();
    stuck.handle((done, failure) -> null).get(20, TimeUnit.SECONDS);
  }

  static Stream<Place> allPlaces() {
    return Stream.of(Place.values());
  }

  private static Object use(Place place, Cache<String, String> cache, String key) {
    place.use(cache, key);
    return null;
  }

  @Test
  void loaderOfLoadAllThatThrowsAnError_tellsTheListener() {
    Cache<String, String> cache = open("info", Place.LOADER);
    work = () -> throwAny(new StackOverflowError("on purpose"));
    CompletionListenerFuture done = new CompletionListenerFuture();

    cache.loadAll(Set.of("k"), true, done);

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> done.get(20, TimeUnit.SECONDS))
        .withCauseInstanceOf(CacheLoaderException.class)
        .withRootCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void loaderOfLoadAllThatClosesItsCache_waitsForNobody() throws Exception {
    Cache<String, String> cache = open("info", Place.LOADER);
    CompletableFuture<Duration> took = new CompletableFuture<>();
    work =
        () -> {
          long start = System.nanoTime();
          cache.close();
          took.complete(Duration.ofNanos(System.nanoTime() - start));
        };
    cache.loadAll(Set.of("k"), true, new CompletionListenerFuture());

    assertThat(took.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(8));
  }

  /** Other threads can work on an entry, and do not have to wait for a lock. */
  private static void assertFree(Cache<String, String> cache, String key) {
    soon(
        () -> {
          cache.put(key, "free");
          cache.invoke(
              key,
              (entry, arguments) -> {
                entry.setValue(entry.getValue() + "!");
                return null;
              });
          assertThat(cache.get(key)).isEqualTo("free!");
          assertThat(cache.getAndRemove(key)).isEqualTo("free!");
          return null;
        });
  }

  private static void soon(Callable<?> work) {
    join(start(work));
  }

  private static CompletableFuture<?> start(Callable<?> work) {
    CompletableFuture<Object> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(work.call());
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private static void join(CompletableFuture<?> done) {
    try {
      done.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitBarrier(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      causes.add(cause);
      causes.addAll(List.of(cause.getSuppressed()));
    }
    return causes;
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwAny(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private record WorkingLoader(UserCodeTest test) implements CacheLoader<String, String> {
    @Override
    public String load(String key) {
      test.work.run();
      return "loaded";
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new java.util.HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return loaded;
    }
  }

  private record WorkingWriter(UserCodeTest test, boolean deleting)
      implements CacheWriter<String, String> {
    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      if (!deleting) {
        test.work.run();
      }
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      if (deleting) {
        test.work.run();
      }
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
      keys.clear();
    }
  }

  private record WorkingListener(UserCodeTest test)
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> test.work.run());
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> test.work.run());
    }
  }

  private static final class WorkingPolicy extends EternalPolicy {
    private final UserCodeTest test;

    WorkingPolicy(UserCodeTest test) {
      this.test = test;
    }

    @Override
    public javax.cache.expiry.Duration getExpiryForCreation() {
      test.work.run();
      return super.getExpiryForCreation();
    }
  }

  /** Eternal, but not one of JCache's own policies, which nobody has to ask. */
  private static class EternalPolicy implements javax.cache.expiry.ExpiryPolicy {
    private final EternalExpiryPolicy eternal = new EternalExpiryPolicy();

    @Override
    public javax.cache.expiry.Duration getExpiryForCreation() {
      return eternal.getExpiryForCreation();
    }

    @Override
    public javax.cache.expiry.Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public javax.cache.expiry.Duration getExpiryForUpdate() {
      return null;
    }
  }
}
