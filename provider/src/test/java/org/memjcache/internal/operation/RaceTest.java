// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Deadline;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.Snapshot;

/**
 * What another process does between any two round trips of an operation: it changes the entry once,
 * twice or each time, it clears the cache, or the server goes away or has no room.
 */
@Timeout(30)
class RaceTest {

  private static final String LARGE = "x".repeat(1_100_000);
  private static final ExpiryPolicy ETERNAL = new EternalExpiryPolicy();
  private static final ExpiryPolicy AN_HOUR = new CreatedExpiryPolicy(Duration.ONE_HOUR);

  /** The operations that change what is there conditionally, and the name errors give them. */
  static Stream<Arguments> changes() {
    return Stream.of(
        change("put", cache -> cache.writes.put("k", "new")),
        change("putAll", cache -> cache.writes.putAll(Map.of("k", "new"))),
        change("getAndPut", cache -> cache.writes.getAndPut("k", "new")),
        change("replace", cache -> cache.writes.replace("k", "new")),
        change("getAndReplace", cache -> cache.writes.getAndReplace("k", "new")),
        change("remove", cache -> cache.removals.remove("k")),
        change("getAndRemove", cache -> cache.removals.getAndRemove("k")),
        change("removeAll", cache -> cache.removals.removeAll(Set.of("k"))),
        change("invoke", cache -> cache.processors.invoke("k", RaceTest::append)),
        change("invokeAll", cache -> cache.processors.invokeAll(Set.of("k"), RaceTest::append)));
  }

  private static Arguments change(String name, Consumer<MemoryCache> work) {
    return Arguments.of(name, Named.of(name, work));
  }

  private static Object append(
      javax.cache.processor.MutableEntry<String, String> entry, Object... arguments) {
    entry.setValue(entry.getValue() + "+new");
    return null;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void change_entryChangedOnceAndTwice_isMadeOnWhatIsThereNow(
      String operation, Consumer<MemoryCache> work) {
    for (int times = 1; times <= 2; times++) {
      MemoryCache cache = MemoryCache.heard(AN_HOUR);
      cache.prepare("present");
      beforeChange(cache, times, attempt -> cache.putElsewhere("k", "theirs" + attempt));

      work.accept(cache);

      boolean removes = operation.toLowerCase().contains("remove");
      boolean appends = operation.startsWith("invoke");
      String theirs = "theirs" + times;
      String expected = removes ? "absent" : appends ? theirs + "+new" : "new";
      assertThat(cache.stored("k")).isEqualTo(expected);
      assertThat(cache.events)
          .containsExactly(
              removes ? "removed " + theirs : "updated " + theirs + ">" + expected); // once
      if (!appends) { // a processor runs again, and says again what it wants
        assertThat(cache.writer.calls()).hasSize(1);
      }
      assertThat(cache.counts()).doesNotContain("2 ", "3 ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void change_entryChangedEachTime_givesUpAfterAThousandAttempts(
      String operation, Consumer<MemoryCache> work) {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    cache.prepare("present");
    beforeChange(cache, Integer.MAX_VALUE, attempt -> cache.putElsewhere("k", "theirs"));

    assertThatThrownBy(() -> work.accept(cache))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            operation
                + " on 'memory' gave up after 1000 attempts: the entry was changed each time,"
                + " perhaps by the entry processor itself, through the cache instead of the entry"
                + " that it was given");

    assertThat(Collections.frequency(cache.store.trips(), "read")).isEqualTo(1000);
    assertThat(Collections.frequency(cache.store.trips(), "change")).isEqualTo(1000);
    assertThat(cache.stored("k")).isEqualTo("theirs");
    assertThat(cache.events).isEmpty();
    assertThat(cache.counts()).isEqualTo("-");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void change_clearedInBetween_isDecidedAgainOnAnEmptyCache(
      String operation, Consumer<MemoryCache> work) {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    cache.prepare("present");
    beforeChange(cache, 1, attempt -> cache.store.clear(java.time.Duration.ZERO));

    work.accept(cache);

    switch (operation) {
      case "put", "putAll", "getAndPut" -> {
        assertThat(cache.stored("k")).isEqualTo("new");
        assertThat(cache.events).containsExactly("created new");
      }
      case "invoke", "invokeAll" -> {
        assertThat(cache.stored("k")).isEqualTo("null+new");
        assertThat(cache.events).containsExactly("created null+new");
      }
      default -> {
        assertThat(cache.stored("k")).isEqualTo("absent");
        assertThat(cache.events).isEmpty();
      }
    }
    assertThat(cache.counts()).doesNotContain("hit", "removal");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void change_serverGoesAwayInBetween_isLostAndClearedLater(
      String operation, Consumer<MemoryCache> work) {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    cache.prepare("present");
    cache.putElsewhere("other", "old");
    beforeChange(cache, 1, attempt -> cache.store.setAway(true));

    work.accept(cache);

    cache.store.beforeTrip(kind -> {});
    cache.store.setAway(false);
    assertThat(cache.stored("k")).isEqualTo("absent");
    assertThat(cache.stored("other")).isEqualTo("absent");
  }

  @Test
  void putIfAbsent_anotherProcessPutsFirst_returnsFalse() {
    for (MemoryCache cache : List.of(MemoryCache.plain(ETERNAL), MemoryCache.heard(AN_HOUR))) {
      beforeFirst(cache, "read", "add", () -> cache.putElsewhere("k", "theirs"));

      assertThat(cache.writes.putIfAbsent("k", "new")).isFalse();

      assertThat(cache.stored("k")).isEqualTo("theirs");
      assertThat(cache.counts()).isEqualTo("hit");
      assertThat(cache.writer.calls()).isEmpty();
    }
  }

  @Test
  void putIfAbsent_entryGoesBetweenAddAndRead_isPut() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    beforeFirst(
        cache,
        "read",
        "read",
        () -> cache.store.delete(new Operation("test"), List.of(cache.store.encodeKey("k"))));

    assertThat(cache.writes.putIfAbsent("k", "new")).isTrue();

    assertThat(cache.stored("k")).isEqualTo("new");
    assertThat(cache.store.trips()).startsWith("add", "read", "change");
    assertThat(cache.counts()).isEqualTo("miss, put");
  }

  @Test
  void conditionalOperations_entryBecomesAnotherOne_leaveIt() {
    MemoryCache replacing = MemoryCache.plain(AN_HOUR);
    replacing.prepare("present");
    beforeChange(replacing, 1, attempt -> replacing.putElsewhere("k", "theirs"));
    assertThat(replacing.writes.replace("k", "old", "new")).isFalse();
    assertThat(replacing.stored("k")).isEqualTo("theirs");
    assertThat(replacing.counts()).isEqualTo("hit");

    MemoryCache removing = MemoryCache.plain(AN_HOUR);
    removing.prepare("present");
    beforeChange(removing, 1, attempt -> removing.putElsewhere("k", "theirs"));
    assertThat(removing.removals.remove("k", "old")).isFalse();
    assertThat(removing.stored("k")).isEqualTo("theirs");
  }

  /** Operations that the writer is told of, and that what another process does makes void. */
  static Stream<Arguments> toldInVain() {
    return Stream.of(
        toldInVain("putIfAbsent", "absent", cache -> cache.writes.putIfAbsent("k", "new")),
        toldInVain("replace(k,o,n)", "present", cache -> cache.writes.replace("k", "old", "new")),
        toldInVain("remove(k,o)", "present", cache -> cache.removals.remove("k", "old")),
        toldInVain(
            "invoke that changes nothing then",
            "present",
            cache -> cache.processors.invoke("k", RaceTest::setInPlaceOfOld)),
        toldInVain(
            "invoke that fails then",
            "present",
            cache ->
                assertThatThrownBy(
                        () -> cache.processors.invoke("k", RaceTest::setInPlaceOfOld, "else fail"))
                    .isInstanceOf(EntryProcessorException.class)));
  }

  private static Arguments toldInVain(String name, String before, Consumer<MemoryCache> work) {
    return Arguments.of(name, before, Named.of(name, work));
  }

  private static Object setInPlaceOfOld(
      javax.cache.processor.MutableEntry<String, String> entry, Object... arguments) {
    if (entry.getValue().equals("old")) {
      entry.setValue("new");
    } else if (arguments.length > 0) {
      throw new IllegalStateException("no longer old");
    }
    return null;
  }

  /** The database may have the one or the other for good: so it is read again. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("toldInVain")
  void writerIsToldInVain_neitherValueStays(
      String operation, String before, Consumer<MemoryCache> work) {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    cache.prepare(before);
    beforeChange(cache, 1, attempt -> cache.putElsewhere("k", "theirs"));

    work.accept(cache);

    assertThat(cache.writer.calls()).hasSize(1);
    assertThat(cache.stored("k")).isEqualTo("absent");
    assertThat(cache.events).isEmpty();
    assertThat(cache.counts()).isEqualTo("hit");
  }

  /** As where another thread gets the entry, which moves its deadline. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void change_entryOnlyReadInBetween_isNotDecidedAgain(
      String operation, Consumer<MemoryCache> work) {
    MemoryCache cache = MemoryCache.heard(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.writes.put("k", "old");
    cache.events.clear();
    beforeChange(cache, 20, attempt -> readLater(cache));

    work.accept(cache);

    boolean removes = operation.toLowerCase().contains("remove");
    String expected = removes ? "absent" : operation.startsWith("invoke") ? "old+new" : "new";
    assertThat(cache.stored("k")).isEqualTo(expected);
    assertThat(cache.events)
        .containsExactly(removes ? "removed old" : "updated old>" + expected); // once
    assertThat(cache.writer.calls()).hasSize(2); // that of the first put, and this one
  }

  /** Gets the entry when that moves its deadline. */
  private static void readLater(MemoryCache cache) {
    cache.clock.turn(java.time.Duration.ofMinutes(10));
    assertThat(cache.reads.get("k")).isEqualTo("old");
  }

  /** The policy says so of updates, and something else of accesses. */
  @Test
  void change_entryOnlyReadInBetween_hasTheDeadlineOfAnUpdate() {
    Duration tenSeconds = new Duration(TimeUnit.SECONDS, 10);
    Policy policy = new Policy(() -> Duration.ETERNAL, () -> tenSeconds, () -> Duration.ETERNAL);
    for (Consumer<MemoryCache> change :
        List.<Consumer<MemoryCache>>of(
            cache -> cache.writes.getAndPut("k", "new"),
            cache -> cache.processors.invoke("k", RaceTest::append))) {
      MemoryCache cache = MemoryCache.plain(policy);
      cache.writes.put("k", "old");
      beforeChange(cache, 1, attempt -> cache.reads.get("k"));

      change.accept(cache);

      cache.clock.turn(java.time.Duration.ofDays(1));
      assertThat(cache.stored("k")).endsWith("new");
    }
  }

  /** What made the change impossible is itself undone: the writer was told in vain all the same. */
  @Test
  void writerIsToldInVain_andThenItWouldBePossible_staysInVain() {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    beforeChange(
        cache,
        2,
        attempt -> {
          if (attempt == 1) {
            cache.putElsewhere("k", "theirs");
          } else {
            cache.store.delete(new Operation("test"), List.of(cache.store.encodeKey("k")));
          }
        });

    assertThat(cache.writes.putIfAbsent("k", "new")).isFalse();

    assertThat(cache.stored("k")).isEqualTo("absent");
    assertThat(cache.events).isEmpty();
  }

  /** The writer is not told a second time of what was given up. */
  @Test
  void writerIsToldInVain_andTheEntryIsRead_isNotToldAgain() {
    MemoryCache cache = MemoryCache.heard(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.writes.put("k", "old");
    cache.writer.clear();
    beforeChange(
        cache,
        2,
        attempt -> {
          if (attempt == 1) {
            cache.writes.put("k", "theirs");
            cache.writer.clear();
          } else {
            cache.clock.turn(java.time.Duration.ofMinutes(10));
            cache.reads.get("k");
          }
        });

    cache.processors.invoke("k", RaceTest::setInPlaceOfOld);

    assertThat(cache.writer.calls()).isEmpty();
    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** Operations that go on whatever another process has done. */
  static Stream<Named<Consumer<MemoryCache>>> goingOn() {
    return Stream.of(
        Named.of("getAndPut", cache -> cache.writes.getAndPut("k", "new")),
        Named.of("replace", cache -> cache.writes.replace("k", "new")),
        Named.of("invoke", cache -> cache.processors.invoke("k", RaceTest::setNew)));
  }

  private static Object setNew(
      javax.cache.processor.MutableEntry<String, String> entry, Object... arguments) {
    entry.setValue("new");
    return null;
  }

  /** Nobody knows who told the writer last, and the loader will. */
  @ParameterizedTest
  @MethodSource("goingOn")
  void sameValueIsPutAfterTheWriterWasTold_isUpdatedAndReadAnew(Consumer<MemoryCache> work) {
    MemoryCache cache = MemoryCache.heardAndLoading(AN_HOUR);
    cache.prepare("present");
    cache.loadable.put("k", "what the database has");
    beforeChange(cache, 1, attempt -> cache.putElsewhere("k", "old"));

    work.accept(cache);

    assertThat(cache.events).containsExactly("updated old>new");
    assertThat(cache.counts()).contains("put");
    assertThat(cache.stored("k")).isEqualTo("absent");
    assertThat(cache.reads.get("k")).isEqualTo("what the database has");
  }

  @Test
  void invoke_entryOnlyReadInBetween_runsOnce_andKeepsTheLaterDeadline() {
    MemoryCache cache = MemoryCache.plain(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.writes.put("k", "old");
    AtomicInteger runs = new AtomicInteger();
    beforeChange(cache, 20, attempt -> readLater(cache));

    cache.processors.invoke(
        "k",
        (entry, arguments) -> {
          runs.incrementAndGet();
          entry.setValue("new"); // an update, for which this policy says nothing
          return null;
        });

    assertThat(runs).hasValue(1);
    cache.clock.turn(java.time.Duration.ofMinutes(59));
    assertThat(cache.stored("k")).isEqualTo("new");
    cache.clock.turn(java.time.Duration.ofMinutes(1));
    assertThat(cache.stored("k")).isEqualTo("dead");
  }

  @Test
  void conditionalOperations_sameValueAgain_areMade() {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    cache.prepare("present");
    beforeChange(cache, 2, attempt -> cache.putElsewhere("k", "old"));

    assertThat(cache.writes.replace("k", "old", "new")).isTrue();
    assertThat(cache.writer.calls()).containsExactly("write k");
    assertThat(cache.removals.remove("k", "new")).isTrue();
  }

  @Test
  void invoke_changedTwice_runsThreeTimesAndReturnsTheLastResult() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    beforeChange(cache, 2, attempt -> cache.putElsewhere("k", "theirs" + attempt));
    List<String> seen = new ArrayList<>();

    String result =
        cache.processors.invoke(
            "k",
            (entry, arguments) -> {
              seen.add(entry.getValue());
              entry.setValue("new");
              return "run " + seen.size();
            });

    assertThat(seen).containsExactly("old", "theirs1", "theirs2");
    assertThat(result).isEqualTo("run 3");
    assertThat(cache.counts()).isEqualTo("hit, put");
  }

  /** Who lost once asks for a lease, and doesn't run while another process has it. */
  @Test
  void invoke_changedOnce_waitsForTheLeaseOfAnother() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    List<Snapshot<String>> theirs = new ArrayList<>();
    AtomicInteger trips = new AtomicInteger();
    cache.store.beforeTrip(
        kind -> {
          if (trips.incrementAndGet() == 2) {
            cache.putElsewhere("k", "1");
            theirs.add(leaseElsewhere(cache));
          } else if (trips.get() == 6) {
            change(cache, theirs.get(0), "2");
          }
        });

    List<String> seen = new ArrayList<>();
    invokeAddingOne(cache, seen);

    assertThat(seen).containsExactly("old", "2");
    assertThat(cache.stored("k")).isEqualTo("2+1");
    assertThat(cache.store.trips())
        .containsExactly("read", "change", "read", "read", "read", "read", "change", "read");
    assertThat(leaseElsewhere(cache).isLeased()).as("given back").isTrue();
  }

  @Test
  void invoke_leaseIsNeverGivenBack_goesOnWithoutIt() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    beforeChange(
        cache,
        1,
        attempt -> {
          cache.putElsewhere("k", "theirs");
          leaseElsewhere(cache);
        });

    List<String> seen = new ArrayList<>();
    invokeAddingOne(cache, seen);

    assertThat(seen).containsExactly("old", "theirs");
    assertThat(cache.stored("k")).isEqualTo("theirs+1");
  }

  @Test
  void invoke_interruptedWhileAnotherHasTheLease_goesOnAtOnce() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    beforeChange(
        cache,
        1,
        attempt -> {
          cache.putElsewhere("k", "theirs");
          leaseElsewhere(cache);
          Thread.currentThread().interrupt();
        });

    invokeAddingOne(cache, new ArrayList<>());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(cache.stored("k")).isEqualTo("theirs+1");
    assertThat(Collections.frequency(cache.store.trips(), "read")).isEqualTo(3);
  }

  @Test
  void invoke_failsWhileItHasTheLease_givesItBack() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    beforeChange(cache, 1, attempt -> cache.putElsewhere("k", "theirs"));
    AtomicInteger runs = new AtomicInteger();

    assertThatThrownBy(
            () ->
                cache.processors.invoke(
                    "k",
                    (entry, arguments) -> {
                      if (runs.incrementAndGet() == 2) {
                        throw new AssertionError("on purpose");
                      }
                      entry.setValue("new");
                      return null;
                    }))
        .hasMessage("on purpose");

    assertThat(leaseElsewhere(cache).isLeased()).isTrue();
  }

  /** The loser of today would lose tomorrow, too, if only it gave way. */
  @Test
  void invoke_afterOneThatConflicted_asksForALeaseAtOnce() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    beforeChange(cache, 1, attempt -> cache.putElsewhere("k", "theirs"));
    invokeAddingOne(cache, new ArrayList<>());
    Snapshot<String> theirs = leaseElsewhere(cache);
    AtomicInteger trips = new AtomicInteger();
    cache.store.beforeTrip(
        kind -> {
          if (trips.incrementAndGet() == 3) {
            change(cache, theirs, "2");
          }
        });

    List<String> seen = new ArrayList<>();
    invokeAddingOne(cache, seen);

    assertThat(seen).containsExactly("2");
  }

  private static void invokeAddingOne(MemoryCache cache, List<String> seen) {
    cache.processors.invoke(
        "k",
        (entry, arguments) -> {
          seen.add(entry.getValue());
          entry.setValue(entry.getValue() + "+1");
          return null;
        });
  }

  private static Snapshot<String> leaseElsewhere(MemoryCache cache) {
    return cache.store.readLeased(new Operation("test"), cache.store.encodeKey("k"));
  }

  private static void change(MemoryCache cache, Snapshot<String> before, String value) {
    Change.Store store =
        new Change.Store(cache.store.encodeValue(value), Deadline.ETERNAL, /* inTime= */ true);
    cache.store.change(new Operation("test"), List.of(new PlannedChange<>(before, store, true)));
  }

  @Test
  void invoke_failsOnlyTheFirstTime_hasTheLastOutcome() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.prepare("present");
    AtomicInteger runs = new AtomicInteger();
    beforeChange(cache, 1, attempt -> cache.putElsewhere("k", "theirs"));

    Throwable failure =
        catchThrowable(
            () ->
                cache.processors.invoke(
                    "k",
                    (entry, arguments) -> {
                      if (runs.incrementAndGet() == 2) {
                        throw new IllegalStateException("odd");
                      }
                      entry.setValue("new");
                      return null;
                    }));

    assertThat(failure).isInstanceOf(EntryProcessorException.class);
    assertThat(cache.stored("k")).isEqualTo("theirs");
    assertThat(cache.counts()).isEqualTo("hit");
  }

  @Test
  void invokeAll_someChangedInBetween_onlyTheseRunAgain() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    for (String key : List.of("a", "b", "c")) {
      cache.putElsewhere(key, "old");
    }
    cache.store.trips().clear();
    beforeChange(cache, 1, attempt -> cache.putElsewhere("b", "theirs"));
    List<String> runs = Collections.synchronizedList(new ArrayList<>());

    cache.processors.invokeAll(
        new LinkedHashSet<>(List.of("a", "b", "c")),
        (entry, arguments) -> {
          runs.add(entry.getKey() + "=" + entry.getValue());
          entry.setValue("new");
          return null;
        });

    assertThat(runs).containsExactly("a=old", "b=old", "c=old", "b=theirs");
    assertThat(cache.store.trips()).containsExactly("read", "change", "read", "change");
    assertThat(cache.counts()).isEqualTo("3 hit, 3 put");
  }

  @Test
  void putAll_valueRejectedInTheMiddle_storesTheOthersAndTellsOfThem() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("a", "new");
    values.put("b", LARGE);
    values.put("c", "new");
    for (boolean heard : new boolean[] {false, true}) {
      MemoryCache cache = heard ? MemoryCache.heard(AN_HOUR) : MemoryCache.plain(ETERNAL);
      cache.store.throwRejections();
      for (String key : List.of("a", "b", "c")) {
        cache.putElsewhere(key, "old");
      }

      assertThatThrownBy(() -> cache.writes.putAll(values))
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("putAll on 'memory' failed: the value ");

      assertThat(Stream.of("a", "b", "c").map(cache::stored))
          .containsExactly("new", "absent", "new");
      if (heard) {
        assertThat(cache.events).containsExactly("updated old>new", "updated old>new");
      }
      assertThat(cache.counts()).isEqualTo("2 put");
    }
  }

  @Test
  void invokeAll_valueRejectedInTheMiddle_returnsAllResultsAndKeepsTheOthers() {
    MemoryCache cache = MemoryCache.plain(ETERNAL);
    cache.store.throwRejections();
    for (String key : List.of("a", "b", "c")) {
      cache.putElsewhere(key, "old");
    }

    Map<String, EntryProcessorResult<String>> results =
        cache.processors.invokeAll(
            new LinkedHashSet<>(Arrays.asList("a", "b", "c")),
            (entry, arguments) -> {
              entry.setValue(entry.getKey().equals("b") ? LARGE : "new");
              return "done";
            });

    assertThat(results.get("a").get()).isEqualTo("done");
    assertThat(results.get("b").get()).isEqualTo("done");
    assertThat(results.get("c").get()).isEqualTo("done");
    assertThat(Stream.of("a", "b", "c").map(cache::stored)).containsExactly("new", "absent", "new");
    assertThat(cache.counts()).isEqualTo("3 hit, 2 put");
  }

  @Test
  void access_serverHasNoRoomToMoveTheDeadline_returnsTheValueAndLeavesIt() {
    for (ExpiryPolicy policy :
        List.of(
            new AccessedExpiryPolicy(Duration.ONE_HOUR),
            new TouchedExpiryPolicy(Duration.ONE_HOUR))) {
      MemoryCache cache = MemoryCache.plain(policy);
      cache.prepare("present");
      cache.store.setMaxSize(0);

      assertThat(cache.reads.get("k")).isEqualTo("old");
      assertThat(cache.reads.getAll(Set.of("k"))).containsEntry("k", "old");
      assertThat(cache.processors.<String>invoke("k", (entry, args) -> entry.getValue()))
          .isEqualTo("old");
      assertThat(cache.writes.replace("k", "other", "new")).isFalse();
      assertThat(cache.removals.remove("k", "other")).isFalse();
      assertThat(new EntryIterator<>(cache.context, () -> false).next().getValue())
          .isEqualTo("old");

      assertThat(Collections.frequency(cache.store.trips(), "change")).isEqualTo(6);
      assertThat(cache.stored("k")).isEqualTo("old");
      assertThat(cache.counts()).isEqualTo("6 hit");
    }
  }

  @Test
  void access_entryChangedOrClearedInBetween_returnsWhatWasReadAndLeavesTheOther() {
    MemoryCache cache = MemoryCache.plain(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.prepare("present");
    beforeChange(cache, 1, attempt -> cache.putElsewhere("k", "theirs"));
    assertThat(cache.reads.get("k")).isEqualTo("old");
    assertThat(cache.stored("k")).isEqualTo("theirs");

    beforeChange(cache, 1, attempt -> cache.store.clear(java.time.Duration.ZERO));
    assertThat(cache.reads.getAll(Set.of("k"))).containsEntry("k", "theirs");
    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  @Test
  void loadedValue_entryPutOrClearedOrAwayInBetween_isReturnedAndNotStored() {
    Map<String, Consumer<MemoryCache>> interruptions =
        Map.of(
            "theirs", cache -> cache.putElsewhere("k", "theirs"),
            "absent", cache -> cache.store.clear(java.time.Duration.ZERO));
    interruptions.forEach(
        (stored, interruption) -> {
          MemoryCache cache = loading();
          beforeChange(cache, 1, attempt -> interruption.accept(cache));
          assertThat(cache.reads.get("k")).isEqualTo("loaded");
          assertThat(cache.stored("k")).isEqualTo(stored);

          MemoryCache many = loading();
          beforeChange(many, 1, attempt -> interruption.accept(many));
          assertThat(many.reads.getAll(Set.of("k"))).containsEntry("k", "loaded");
          assertThat(many.stored("k")).isEqualTo(stored);
          assertThat(many.store.trips()).startsWith("read", "change");
        });
    MemoryCache cache = loading();
    cache.putElsewhere("other", "old");
    beforeChange(cache, 1, attempt -> cache.store.setAway(true));
    assertThat(cache.reads.get("k")).isEqualTo("loaded");
    cache.store.setAway(false);
    assertThat(cache.stored("other")).isEqualTo("old"); // nothing wrong was left: no clear
  }

  @Test
  void loadedValue_isStoredAndNoPut() {
    MemoryCache cache = loading();

    assertThat(cache.reads.get("k")).isEqualTo("loaded");
    assertThat(cache.reads.get("k")).isEqualTo("loaded");
    assertThat(cache.reads.get("unknown")).isNull();

    assertThat(cache.store.trips()).containsExactly("read", "change", "read", "read");
    assertThat(cache.counts()).isEqualTo("hit, 2 miss");
  }

  @Test
  void away_operationsFindNothingAndLeaveAClear() {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    cache.prepare("present");
    cache.store.setAway(true);

    assertThat(cache.reads.get("k")).isNull();
    assertThat(cache.writes.replace("k", "new")).isFalse();
    assertThat(cache.removals.remove("k")).isFalse();
    assertThat(cache.writer.calls()).containsExactly("delete k");
    assertThat(cache.events).isEmpty();
    cache.store.setAway(false);

    assertThat(cache.stored("k")).isEqualTo("absent"); // the removal was lost: all is cleared
  }

  @Test
  void away_readsAndConditionsThatDoNotHold_leaveNoClear() {
    MemoryCache cache = MemoryCache.heard(AN_HOUR);
    cache.prepare("present");
    cache.store.setAway(true);

    assertThat(cache.reads.getAll(Set.of("k"))).isEmpty();
    assertThat(cache.reads.containsKey("k")).isFalse();
    assertThat(cache.writes.replace("k", "old", "new")).isFalse();
    assertThat(cache.removals.remove("k", "old")).isFalse();
    assertThat(cache.processors.<Boolean>invoke("k", (entry, args) -> entry.exists())).isFalse();
    cache.store.setAway(false);

    assertThat(cache.stored("k")).isEqualTo("old");
  }

  private static MemoryCache loading() {
    MemoryCache cache = MemoryCache.loading(ETERNAL);
    cache.loadable.put("k", "loaded");
    return cache;
  }

  /** Does something before the first changes; told which, from 1. */
  private static void beforeChange(MemoryCache cache, int times, Consumer<Integer> work) {
    AtomicInteger changes = new AtomicInteger();
    cache.store.beforeTrip(
        kind -> {
          if (kind.equals("change") && changes.incrementAndGet() <= times) {
            work.accept(changes.get());
          }
        });
  }

  /** Does something once, before the first round trip of one of two kinds. */
  private static void beforeFirst(MemoryCache cache, String kind, String other, Runnable work) {
    AtomicInteger trips = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if ((trip.equals(kind) || trip.equals(other)) && trips.incrementAndGet() == 1) {
            work.run();
          }
        });
  }
}
