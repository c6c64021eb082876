// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.internal.operation.MemoryCache.loadAll;
import static org.memjcache.internal.operation.MemoryCache.writing;
import static org.memjcache.support.Waiting.await;
import static org.memjcache.support.Waiting.awaitLatch;

import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.integration.CacheWriter;
import javax.cache.processor.EntryProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.InMemoryEntryStore;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.operation.concurrency.KeyLocks;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.OwnThread;
import org.memjcache.support.TurnableClock;

/** A value is not kept that began to be loaded before this cache removed the entry. */
@Timeout(60)
class OutdatedLoadTest {

  private final AtomicInteger loads = new AtomicInteger();
  private final CountDownLatch loading = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  /** A way to load the entry {@code k}. */
  enum Loading {
    GET {
      @Override
      <V> void load(CacheContext<String, V> context) {
        new Reads<>(context, null).get("k");
      }
    },
    GET_ALL {
      @Override
      <V> void load(CacheContext<String, V> context) {
        new Reads<>(context, null).getAll(Set.of("k"));
      }
    },
    LOAD_ALL {
      @Override
      <V> void load(CacheContext<String, V> context) {
        loadAll(context, false);
      }
    },
    LOAD_ALL_ANEW {
      @Override
      <V> void load(CacheContext<String, V> context) {
        loadAll(context, true);
      }
    },
    INVOKE {
      @Override
      <V> void load(CacheContext<String, V> context) {
        new Processors<>(context).invoke("k", (entry, arguments) -> entry.getValue());
      }
    },
    INVOKE_ALL {
      @Override
      <V> void load(CacheContext<String, V> context) {
        new Processors<>(context).invokeAll(Set.of("k"), (entry, arguments) -> entry.getValue());
      }
    };

    abstract <V> void load(CacheContext<String, V> context);
  }

  @ParameterizedTest
  @EnumSource
  void removedWhileTheLoaderRuns(Loading loading) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());

    loading.load(
        loadingAfter(removing -> new Removals<>(removing, true).remove("k"), cache, "old"));

    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  static Stream<Named<Consumer<CacheContext<String, String>>>> changesOfNothing() {
    return Stream.of(
        Named.of("putIfAbsent", context -> new Writes<>(context).putIfAbsent("k", "v")),
        Named.of("replace", context -> new Writes<>(context).replace("k", "other", "v")),
        Named.of("remove", context -> new Removals<>(context, true).remove("k", "other")));
  }

  /** What was asked for is there when the load is complete. */
  @ParameterizedTest
  @MethodSource("changesOfNothing")
  void conditionDoesNotHoldWhileTheLoaderRuns_isStored(
      Consumer<CacheContext<String, String>> change) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    cache.writes.put("k", "old");

    loadAll(loadingAfter(change, cache, "new"), true);

    assertThat(cache.stored("k")).isEqualTo("new");
  }

  private static CacheContext<String, String> loadingAfter(
      Consumer<CacheContext<String, String>> change, MemoryCache cache, String value) {
    AtomicReference<CacheContext<String, String>> context = new AtomicReference<>();
    context.set(
        cache.readThrough(
            cache.store,
            key -> {
              change.accept(context.get());
              return value;
            }));
    return context.get();
  }

  static Stream<Named<Consumer<CacheContext<String, String>>>> changes() {
    return Stream.of(
        Named.of("putIfAbsent", context -> new Writes<>(context).putIfAbsent("k", "v")),
        Named.of("remove", context -> new Removals<>(context, true).remove("k")),
        Named.of("getAndRemove", context -> new Removals<>(context, true).getAndRemove("k")),
        Named.of("removeAll", context -> new Removals<>(context, true).removeAll(Set.of("k"))));
  }

  /** It is gone from its source by then, or the other value is newer. */
  @ParameterizedTest
  @MethodSource("changes")
  void changedWhileTheLoaderRuns_whatWasMissing_isNotStored(
      Consumer<CacheContext<String, String>> change) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));

    loadAll(loadingAfter(change, cache, "old"), true);

    assertThat(cache.stored("k")).isIn("absent", "v");
  }

  /** It was just decided that the value may be stored. Who has heard of it hears of its end. */
  @ParameterizedTest
  @EnumSource
  void removedBeforeTheValueIsStored(Loading loading) {
    MemoryCache cache = MemoryCache.heard(new EternalExpiryPolicy());
    CacheContext<String, String> context = cache.readThrough(cache.store, key -> "old");
    AtomicInteger changes = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("change") && changes.getAndIncrement() == 0) {
            new Removals<>(context, true).remove("k");
          }
        });

    loading.load(context);

    assertThat(cache.stored("k")).isEqualTo("absent");
    assertThat(cache.events).containsExactly("created old", "removed old");
  }

  /** No two objects of this class are equal. */
  private static final class Parcel implements Serializable {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("unused") // stored
    private final int weight = 1;
  }

  @ParameterizedTest
  @EnumSource
  void removedBeforeTheValueIsStored_ofAClassWithoutEquals(Loading loading) {
    TurnableClock clock = new TurnableClock();
    InMemoryEntryStore<String, Parcel> store =
        new InMemoryEntryStore<>(
            String.class, Parcel.class, clock, AllowList.parse(Parcel.class.getName()));
    CacheContext<String, Parcel> context =
        MemoryCache.contextOf(
            store,
            Parcel.class,
            clock,
            Loader.of(() -> new FunctionLoader<String, Parcel>(key -> new Parcel())));
    AtomicInteger changes = new AtomicInteger();
    store.beforeTrip(
        trip -> {
          if (trip.equals("change") && changes.getAndIncrement() == 0) {
            new Removals<>(context, true).remove("k");
          }
        });

    loading.load(context);

    assertThat(changes).hasValueGreaterThan(0);
    assertThat(store.read(new Operation("test"), store.encodeKey("k"), false).isLive()).isFalse();
  }

  /** The removal has been made, and has not returned yet, when the value is stored. */
  @ParameterizedTest
  @EnumSource
  void storedBeforeTheRemovalReturns(Loading way) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    AtomicReference<Runnable> loaded = new AtomicReference<>();
    CacheContext<String, String> context =
        cache.readThrough(
            afterEach(cache.store, "delete", () -> loaded.get().run()),
            key -> {
              loading.countDown();
              awaitLatch(go);
              return "old";
            });
    var load =
        OwnThread.supply(
            () -> {
              way.load(context);
              return "done";
            });
    loaded.set(
        () -> {
          go.countDown();
          load.join();
        });
    awaitLatch(loading);

    new Removals<>(context, true).remove("k");

    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** The removal has found nothing, and has nothing to remove, when the value is stored. */
  @ParameterizedTest
  @EnumSource
  void storedAfterTheRemovalHasFoundNothing(Loading way) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));
    AtomicReference<Runnable> loaded = new AtomicReference<>(() -> {});
    CacheContext<String, String> context =
        cache.readThrough(
            afterEach(cache.store, "read", () -> loaded.getAndSet(() -> {}).run()),
            key -> {
              loading.countDown();
              awaitLatch(go);
              return "old";
            });
    var load =
        OwnThread.supply(
            () -> {
              way.load(context);
              return "done";
            });
    awaitLatch(loading);
    loaded.set(
        () -> {
          go.countDown();
          load.join();
        });

    new Removals<>(context, true).remove("k");

    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** It has deleted it from where the loader had it from. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL"}) // the others wait for the processor
  void storedWhileAProcessorRemovesWhatWasMissing(Loading loading) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));
    CacheContext<String, String> context = cache.readThrough(cache.store, key -> "old");

    new Processors<>(context)
        .invoke(
            "k",
            (entry, arguments) -> {
              CompletableFuture.runAsync(() -> loading.load(context)).join();
              entry.remove();
              return null;
            });

    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** What is loaded then may be what the writer is about to delete. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL"}) // the others wait for the writer
  void loadedWhileTheWriterDeletes(Loading loading) {
    requireGone(loading, removing -> new Removals<>(removing, true).remove("k"));
    requireGone(
        loading,
        removing ->
            new Processors<>(removing)
                .invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.remove();
                      return null;
                    }));
  }

  private static void requireGone(Loading loading, Consumer<CacheContext<String, String>> removal) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));
    Map<Object, String> database = new HashMap<>(Map.of("k", "old"));
    CacheContext<String, String> reading = cache.readThrough(cache.store, database::get);
    CacheContext<String, String> removing =
        writing(
            reading,
            new MapWriter(database) {
              @Override
              public void delete(Object key) {
                loading.load(reading);
                super.delete(key);
              }
            });

    removal.accept(removing);

    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** An operation that finds what it has written itself would take it for another's change. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL"}) // the others wait for the writer
  void loadedOnceTheWriterHasWritten(Loading loading) {
    requireOnce(
        loading,
        changing ->
            new Processors<>(changing)
                .<String>invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.setValue(entry.getValue() + " and one");
                      return "done";
                    }),
        "done",
        "null and one");
    requireOnce(loading, changing -> new Writes<>(changing).putIfAbsent("k", "v"), true, "v");
    requireOnce(loading, changing -> new Writes<>(changing).getAndPut("k", "v"), null, "v");
  }

  /** It is what the change has met, and is made on anew. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL"}) // the others wait for the writer
  void storedJustBeforeTheWriterIsTold(Loading loading) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));
    Map<Object, String> database = new ConcurrentHashMap<>(Map.of("k", "0"));
    CountDownLatch isRead = new CountDownLatch(1);
    CountDownLatch isStored = new CountDownLatch(1);
    CountDownLatch isMet = new CountDownLatch(1);
    CountDownLatch isLoaded = new CountDownLatch(1);
    Thread loader = Thread.currentThread();
    EntryStore<String, String> store =
        afterEach(
            cache.store,
            "change",
            () -> {
              if (Thread.currentThread() != loader) {
                isMet.countDown();
                await("it is taken back, or is to be")
                    .until(() -> isLoaded.getCount() == 0 || isWaitingForItsTurn(loader));
              } else if (isStored.getCount() > 0) {
                isStored.countDown();
                awaitLatch(isMet);
              }
            });
    CacheContext<String, String> context =
        writing(cache.readThrough(store, database::get), new MapWriter(database));
    CompletableFuture<String> invoked =
        OwnThread.supply(
            () ->
                new Processors<>(context)
                    .invoke(
                        "k",
                        (entry, arguments) -> {
                          String more = entry.getValue() + " and one";
                          isRead.countDown();
                          awaitLatch(isStored);
                          entry.setValue(more);
                          return more;
                        }));
    awaitLatch(isRead);

    loading.load(context);
    isLoaded.countDown();

    assertThat(invoked.join()).isEqualTo("0 and one");
    assertThat(database).containsEntry("k", "0 and one");
    assertThat(cache.stored("k")).contains("0 and one");
  }

  /** Else the writer would be told of a change that is then found to be impossible. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL"}) // the others wait for the turn
  void storedBetweenTheLookAndTheWriter(Loading way) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));
    Map<Object, String> database = new ConcurrentHashMap<>(Map.of("k", "old"));
    Thread changing = Thread.currentThread();
    CountDownLatch isStored = new CountDownLatch(1);
    CountDownLatch isMade = new CountDownLatch(1);
    AtomicReference<Runnable> afterLook = new AtomicReference<>();
    EntryStore<String, String> looking =
        afterEach(
            cache.store,
            "read",
            () -> {
              Runnable work = Thread.currentThread() == changing ? afterLook.getAndSet(null) : null;
              if (work != null) {
                work.run();
              }
            });
    EntryStore<String, String> store =
        afterEach(
            looking,
            "change",
            () -> {
              if (Thread.currentThread() != changing) {
                isStored.countDown();
                awaitLatch(isMade);
              }
            });
    CacheContext<String, String> context =
        writing(
            cache.readThrough(
                store,
                key -> {
                  loading.countDown();
                  awaitLatch(go);
                  return database.get(key);
                }),
            new MapWriter(database));
    var load =
        OwnThread.supply(
            () -> {
              way.load(context);
              return "done";
            });
    awaitLatch(loading);
    afterLook.set(
        () -> {
          go.countDown();
          awaitLatch(isStored);
        });

    boolean made = new Writes<>(context).putIfAbsent("k", "new");
    isMade.countDown();
    load.join();

    assertThat(made).isFalse();
    assertThat(database).containsEntry("k", "old");
  }

  /** Without it, the processor would run again, on what it has told the writer. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL"})
  void outdatedWhileAProcessorRunsOnIt(Loading loading) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));
    Map<Object, String> database = new ConcurrentHashMap<>(Map.of("k", "0"));
    CountDownLatch isInside = new CountDownLatch(1);
    CountDownLatch isLoaded = new CountDownLatch(1);
    Thread loader = Thread.currentThread();
    AtomicReference<CacheContext<String, String>> context = new AtomicReference<>();
    AtomicReference<CompletableFuture<String>> invoked = new AtomicReference<>();
    EntryProcessor<String, String, String> adding =
        (entry, arguments) -> {
          String more = entry.getValue() + " and one";
          isInside.countDown();
          await("it is taken back, or is to be")
              .until(() -> isLoaded.getCount() == 0 || isWaitingForItsTurn(loader));
          entry.setValue(more);
          return more;
        };
    EntryStore<String, String> store =
        afterEach(
            cache.store,
            "change",
            () -> {
              if (Thread.currentThread() == loader && invoked.get() == null) {
                invoked.set(
                    OwnThread.supply(() -> new Processors<>(context.get()).invoke("k", adding)));
                awaitLatch(isInside);
                context.get().outdateLoads(List.of(cache.store.encodeKey("k")));
              }
            });
    context.set(writing(cache.readThrough(store, database::get), new MapWriter(database)));

    loading.load(context.get());
    isLoaded.countDown();

    assertThat(invoked.get().join()).isEqualTo("0 and one");
    assertThat(database).containsEntry("k", "0 and one");
    assertThat(cache.stored("k")).contains("0 and one");
  }

  private static boolean isWaitingForItsTurn(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(KeyLocks.class.getName()));
  }

  /** Writes to a map. */
  private static class MapWriter implements CacheWriter<Object, Object> {

    private final Map<Object, String> map;

    MapWriter(Map<Object, String> map) {
      this.map = map;
    }

    @Override
    public void write(Cache.Entry<?, ?> entry) {
      map.put(entry.getKey(), String.valueOf(entry.getValue()));
    }

    @Override
    public void writeAll(Collection<Cache.Entry<?, ?>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      map.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
      keys.clear();
    }
  }

  private static void requireOnce(
      Loading loading,
      Function<CacheContext<String, String>, @Nullable Object> change,
      @Nullable Object result,
      String value) {
    MemoryCache cache = MemoryCache.plain(new CreatedExpiryPolicy(Duration.ONE_HOUR));
    Map<Object, String> database = new HashMap<>();
    CacheContext<String, String> reading = cache.readThrough(cache.store, database::get);
    List<String> written = new ArrayList<>();
    CacheContext<String, String> changing =
        writing(
            reading,
            new MapWriter(database) {
              @Override
              public void write(Cache.Entry<?, ?> entry) {
                super.write(entry);
                written.add(String.valueOf(entry.getValue()));
                loading.load(reading);
              }
            });

    assertThat(change.apply(changing)).isEqualTo(result);

    assertThat(written).containsExactly(value);
    assertThat(cache.stored("k")).contains(value);
    loading.load(reading);
    database.remove("k");
    new Removals<>(reading, true).remove("k");
    database.put("k", "again");
    loading.load(reading);
    assertThat(cache.stored("k")).as("loads are stored again").contains("again");
  }

  /** Another thread has begun to load it anew meanwhile. */
  @ParameterizedTest
  @EnumSource
  void removedAfterANewerLoad(Loading loading) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    AtomicReference<CacheContext<String, String>> context = new AtomicReference<>();
    context.set(
        cache.readThrough(
            cache.store,
            key -> {
              if (loads.getAndIncrement() > 0) {
                return "new";
              }
              loadAll(context.get(), true);
              new Removals<>(context.get(), true).remove(key);
              return "old";
            }));

    loading.load(context.get());

    assertThat(loads).hasValue(2);
    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** Returns the same store, which runs something after each call of a method. */
  @SuppressWarnings("unchecked")
  private static EntryStore<String, String> afterEach(
      EntryStore<String, String> store, String method, Runnable work) {
    return (EntryStore<String, String>)
        Proxy.newProxyInstance(
            EntryStore.class.getClassLoader(),
            new Class<?>[] {EntryStore.class},
            (proxy, called, arguments) -> {
              switch (called.getName()) {
                case "equals":
                  return proxy == arguments[0];
                case "hashCode":
                  return System.identityHashCode(proxy);
                default:
                  break;
              }
              Object result;
              try {
                result = called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (called.getName().equals(method)) {
                work.run();
              }
              return result;
            });
  }
}
