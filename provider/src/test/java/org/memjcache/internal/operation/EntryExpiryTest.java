// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.expiry.Duration;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.EntryExpiry;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Deadline;
import org.memjcache.internal.entry.Snapshot;

/** A policy that sees key and value: which method is asked, with what, and what its answer does. */
class EntryExpiryTest {

  private final List<String> asked = new ArrayList<>();

  /** Operations on the key k, which store or load "10" or find "50", and what they ask. */
  enum Operated {
    PUT("create k=10", "update k=10", cache -> cache.writes.put("k", "10")),
    PUT_ALL("create k=10", "update k=10", cache -> cache.writes.putAll(Map.of("k", "10"))),
    PUT_IF_ABSENT("create k=10", "-", cache -> cache.writes.putIfAbsent("k", "10")),
    GET_AND_PUT("create k=10", "update k=10", cache -> cache.writes.getAndPut("k", "10")),
    REPLACE("-", "update k=10", cache -> cache.writes.replace("k", "10")),
    REPLACE_OLD("-", "update k=10", cache -> cache.writes.replace("k", "50", "10")),
    REPLACE_OTHER("-", "access k=50", cache -> cache.writes.replace("k", "51", "10")),
    GET_AND_REPLACE("-", "update k=10", cache -> cache.writes.getAndReplace("k", "10")),
    REMOVE_OTHER("-", "access k=50", cache -> cache.removals.remove("k", "51")),
    PROCESS_SET("create k=10", "update k=10", cache -> cache.processors.invoke("k", Operated::set)),
    PROCESS_SETS(
        "create k=10",
        "update k=10",
        cache -> cache.processors.invokeAll(Set.of("k"), Operated::set)),
    PROCESS_GET(
        "create k=10",
        "access k=50",
        cache -> cache.processors.invoke("k", (entry, arguments) -> entry.getValue())),
    GET("create k=10", "access k=50", cache -> cache.reads.get("k")),
    GET_ALL("create k=10", "access k=50", cache -> cache.reads.getAll(Set.of("k"))),
    CONTAINS_KEY("-", "-", cache -> cache.reads.containsKey("k")),
    ITERATE(
        "-",
        "access k=50",
        cache ->
            cache
                .store
                .scan(new Operation("test"))
                .forEachRemaining(
                    found -> cache.context.touch(new Operation("test"), List.of(found))));

    final String ofAbsent;
    final String ofPresent;
    final Consumer<MemoryCache> operation;

    Operated(String ofAbsent, String ofPresent, Consumer<MemoryCache> operation) {
      this.ofAbsent = ofAbsent;
      this.ofPresent = ofPresent;
      this.operation = operation;
    }

    private static @Nullable String set(MutableEntry<String, String> entry, Object... arguments) {
      entry.setValue("10");
      return null;
    }
  }

  /** Writes down what it is asked; an answer is the number in the value, in some unit. */
  private class Asked implements EntryExpiry<String, String> {
    @Override
    public Duration getExpiryForCreation(String key, String value) {
      asked.add("create " + key + "=" + value);
      return new Duration(TimeUnit.SECONDS, Long.parseLong(value));
    }

    @Override
    public Duration getExpiryForUpdate(String key, String value) {
      asked.add("update " + key + "=" + value);
      return new Duration(TimeUnit.MINUTES, Long.parseLong(value));
    }

    @Override
    public Duration getExpiryForAccess(String key, String value) {
      asked.add("access " + key + "=" + value);
      return new Duration(TimeUnit.HOURS, Long.parseLong(value));
    }
  }

  private MemoryCache open(EntryExpiry<String, String> policy) {
    MemoryCache cache = MemoryCache.loading(policy);
    cache.loadable.put("k", "10");
    return cache;
  }

  @ParameterizedTest
  @EnumSource
  void absent_isCreatedForAsLongAsKeyAndValueSay(Operated operated) {
    MemoryCache cache = open(new Asked());

    operated.operation.accept(cache);

    assertThat(asked).isEqualTo(list(operated.ofAbsent));
    if (!asked.isEmpty()) {
      assertLife(cache, java.time.Duration.ofSeconds(10));
    }
  }

  @ParameterizedTest
  @EnumSource
  void present_livesOnForAsLongAsKeyAndValueSay(Operated operated) {
    MemoryCache cache = open(new Asked());
    cache.putElsewhere("k", "50");

    operated.operation.accept(cache);

    assertThat(asked).isEqualTo(list(operated.ofPresent));
    if (operated.ofPresent.startsWith("update")) {
      assertLife(cache, java.time.Duration.ofMinutes(10));
    } else if (operated.ofPresent.startsWith("access")) {
      assertLife(cache, java.time.Duration.ofHours(50));
    }
  }

  /** Zero, null and an exception mean what they mean in JCache's policies. */
  @ParameterizedTest
  @EnumSource
  void answers_countAsThoseOfAnotherPolicy(Operated operated) {
    for (Policy policy : policies()) {
      for (String before : List.of("absent", "present")) {
        MemoryCache expected = prepared(MemoryCache.loading(policy), before);
        MemoryCache actual = prepared(open(seeingEntries(policy)), before);

        operated.operation.accept(expected);
        operated.operation.accept(actual);

        assertThat(actual.stored("k")).isEqualTo(expected.stored("k"));
        assertThat(life(actual)).as("%s, %s", policy, before).isEqualTo(life(expected));
        assertThat(actual.counts()).isEqualTo(expected.counts());
        assertThat(actual.store.trips()).isEqualTo(expected.store.trips());
      }
    }
  }

  private static List<Policy> policies() {
    Duration hour = Duration.ONE_HOUR;
    return List.of(
        Policy.of(hour, hour, hour),
        Policy.of(Duration.ETERNAL, Duration.ETERNAL, Duration.ETERNAL),
        Policy.of(Duration.ZERO, hour, hour),
        Policy.of(hour, Duration.ZERO, hour),
        Policy.of(hour, hour, Duration.ZERO),
        Policy.of(null, null, null),
        new Policy(Policy::fails, Policy::fails, Policy::fails));
  }

  private static MemoryCache prepared(MemoryCache cache, String state) {
    cache.loadable.put("k", "10");
    cache.putElsewhere("other", "v");
    if (state.equals("present")) {
      cache.putElsewhere("k", "50");
    }
    cache.store.trips().clear();
    return cache;
  }

  private static EntryExpiry<String, String> seeingEntries(Policy policy) {
    return new EntryExpiry<>() {
      @Override
      public Duration getExpiryForCreation(String key, String value) {
        return policy.getExpiryForCreation();
      }

      @Override
      public Duration getExpiryForUpdate(String key, String value) {
        return policy.getExpiryForUpdate();
      }

      @Override
      public Duration getExpiryForAccess(String key, String value) {
        return policy.getExpiryForAccess();
      }
    };
  }

  /** Returns how long the entry k lives, in milliseconds; -1 if there is none. */
  private static long life(MemoryCache cache) {
    Snapshot<String> seen =
        cache.store.read(new Operation("test"), cache.store.encodeKey("k"), true);
    cache.store.trips().remove(cache.store.trips().size() - 1); // of this look
    if (!seen.isLive()) {
      return -1;
    }
    return seen.deadline() == Deadline.ETERNAL
        ? Deadline.ETERNAL
        : seen.deadline() - cache.clock.millis();
  }

  /** What is a lambda: an update is as a creation, and a read costs nothing. */
  @Test
  void oneMethodOnly_updateIsAsCreation_andReadingMovesNothing() {
    MemoryCache cache = open((key, value) -> new Duration(TimeUnit.SECONDS, Long.parseLong(value)));
    cache.putElsewhere("k", "50");

    cache.writes.put("k", "20");
    cache.store.trips().clear();
    cache.reads.get("k");

    assertThat(cache.store.trips()).containsExactly("read");
    assertLife(cache, java.time.Duration.ofSeconds(20));
  }

  private static List<String> list(String calls) {
    return calls.equals("-") ? List.of() : List.of(calls);
  }

  private static void assertLife(MemoryCache cache, java.time.Duration life) {
    cache.clock.turn(life.minusMillis(1));
    assertThat(cache.reads.containsKey("k")).isTrue();
    cache.clock.turn(java.time.Duration.ofMillis(1));
    assertThat(cache.reads.containsKey("k")).isFalse();
  }
}
