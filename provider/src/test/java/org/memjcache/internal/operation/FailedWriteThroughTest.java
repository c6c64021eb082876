// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An operation fails after the writer was called, at whichever round trip: the older value is not
 * served again.
 */
class FailedWriteThroughTest {

  private static final ExpiryPolicy OF_CREATED =
      new CreatedExpiryPolicy(new javax.cache.expiry.Duration(TimeUnit.HOURS, 1));

  /** What is done to the entry {@code k}, which is there. */
  private enum Operation {
    PUT {
      @Override
      void run(MemoryCache cache) {
        cache.writes.put("k", "new");
      }
    },
    PUT_ALL {
      @Override
      void run(MemoryCache cache) {
        cache.writes.putAll(Map.of("k", "new"));
      }
    },
    GET_AND_PUT {
      @Override
      void run(MemoryCache cache) {
        cache.writes.getAndPut("k", "new");
      }
    },
    REPLACE {
      @Override
      void run(MemoryCache cache) {
        cache.writes.replace("k", "new");
      }
    },
    REMOVE {
      @Override
      void run(MemoryCache cache) {
        cache.removals.remove("k");
      }
    },
    REMOVE_ALL {
      @Override
      void run(MemoryCache cache) {
        cache.removals.removeAll(Set.of("k"));
      }
    },
    INVOKE_SETS {
      @Override
      void run(MemoryCache cache) {
        cache.processors.invoke(
            "k",
            (entry, arguments) -> {
              entry.setValue("new");
              return null;
            });
      }
    },
    INVOKE_REMOVES {
      @Override
      void run(MemoryCache cache) {
        cache.processors.invoke(
            "k",
            (entry, arguments) -> {
              entry.remove();
              return null;
            });
      }
    };

    abstract void run(MemoryCache cache);
  }

  private static Stream<Arguments> failures() {
    return Stream.of(Operation.values())
        .flatMap(
            operation ->
                Stream.of(OF_CREATED, new EternalExpiryPolicy())
                    .flatMap(
                        policy ->
                            Stream.of(
                                Arguments.of(operation, policy, 1, new CacheException("away")),
                                Arguments.of(operation, policy, 1, new OutOfMemoryError("none")),
                                Arguments.of(operation, policy, 2, new CacheException("away")),
                                Arguments.of(operation, policy, 2, new OutOfMemoryError("none")))));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void anyTripFails_whatTheWriterWasGivenIsRemovedLater(
      Operation operation, ExpiryPolicy policy, int failing, Throwable failure) {
    MemoryCache cache = MemoryCache.heard(policy);
    cache.prepare("present");
    AtomicInteger trips = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if (trips.incrementAndGet() == failing) {
            throwUnchecked(failure);
          }
        });

    Throwable thrown = catchThrowable(() -> operation.run(cache));

    boolean isOutdated = thrown != null && !cache.writer.calls().isEmpty();
    assertThat(cache.store.removedLater().contains(cache.store.encodeKey("k")))
        .as("after %s and %s", cache.writer.calls(), thrown)
        .isEqualTo(isOutdated);
    if (failing == 1) {
      assertThat(thrown).isSameAs(failure);
    }
  }

  /** It may have written before. */
  @ParameterizedTest
  @EnumSource
  void theWriterEndsByAnError_whatItWasGivenIsRemovedLater(Operation operation) {
    for (ExpiryPolicy policy : List.of(OF_CREATED, new EternalExpiryPolicy())) {
      MemoryCache cache = MemoryCache.heard(policy);
      cache.prepare("present");
      Error failure = new StackOverflowError();
      cache.writer.failWith(failure);

      assertThat(catchThrowable(() -> operation.run(cache))).isSameAs(failure);

      assertThat(cache.store.removedLater()).contains(cache.store.encodeKey("k"));
    }
  }

  private static void throwUnchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  private enum Change {
    PUT_ALL {
      @Override
      void run(MemoryCache cache, Map<String, String> entries) {
        cache.writes.putAll(entries);
      }
    },
    REMOVE_ALL {
      @Override
      void run(MemoryCache cache, Map<String, String> entries) {
        cache.removals.removeAll(entries.keySet());
      }
    };

    abstract void run(MemoryCache cache, Map<String, String> entries);
  }

  /** What was changed before isn't read again by anybody: to remove it would cost entries. */
  @ParameterizedTest
  @EnumSource
  void veryManyEntries_areChangedInParts_andThoseOnlyRemovedLaterThatWereNot(Change change) {
    MemoryCache cache = MemoryCache.heard(OF_CREATED);
    Map<String, String> entries = manyEntries();
    cache.writes.putAll(entries);
    AtomicInteger trips = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if (trips.incrementAndGet() == 5) { // two parts have made two trips each
            throw new CacheException("away");
          }
        });
    assertThat(catchThrowable(() -> change.run(cache, entries))).hasMessage("away");

    assertThat(cache.store.removedLater()).hasSize(2_000);
  }

  /** Another thread may change it between two looks: no key gets the value of another one. */
  @Test
  void putAll_mapThatChanges_isLookedAtOnce() {
    MemoryCache cache = MemoryCache.heard(new EternalExpiryPolicy());
    AtomicInteger looks = new AtomicInteger();
    Map<String, String> changing =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, String>> entrySet() {
            String key = "k" + looks.incrementAndGet();
            return Set.of(Map.entry(key, "value of " + key));
          }

          @Override
          public int size() {
            return 1;
          }
        };

    cache.writes.putAll(changing);

    assertThat(looks).hasValue(1);
    assertThat(cache.stored("k1")).isEqualTo("value of k1");
    assertThat(cache.writer.calls()).containsExactly("writeAll [k1]");
  }

  /** Otherwise nobody would know that the database has not got all. */
  @Test
  void writerTakesNotAllAndTheCacheDoesNotEither_theCallerHearsOfBoth() {
    MemoryCache cache = MemoryCache.heard(OF_CREATED);
    cache.store.setMaxSize(100);
    cache.store.throwRejections();
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("k", "x".repeat(1_000));
    entries.put("unwritten", "v");
    cache.writer.refuse("unwritten");

    Throwable failure = catchThrowable(() -> cache.writes.putAll(entries));

    assertThat(failure)
        .isInstanceOf(CacheWriterException.class)
        .hasMessageContaining("unwritten")
        .satisfies(
            e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("the value is too large"));

    cache.store.beforeTrip(
        trip -> {
          throw new CacheException("away");
        });
    assertThat(catchThrowable(() -> cache.removals.removeAll(entries.keySet())))
        .isInstanceOf(CacheWriterException.class)
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("away"));
  }

  @Test
  void putAll_veryManyEntries_isMadeInParts() {
    MemoryCache cache = MemoryCache.heard(OF_CREATED);

    cache.writes.putAll(manyEntries());

    assertThat(cache.store.trips())
        .isEqualTo(List.of("read", "change", "read", "change", "read", "change"));
    assertThat(cache.stored("k11999")).isEqualTo("v");
  }

  private static Map<String, String> manyEntries() {
    Map<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < 12_000; i++) {
      entries.put("k" + i, "v");
    }
    return entries;
  }
}
