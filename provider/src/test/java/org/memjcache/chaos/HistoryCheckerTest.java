// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.chaos.Operation.Entry;
import org.memjcache.chaos.Violation.Kind;

/** The checker finds what was planted in a history, and nothing in one that is as it should be. */
class HistoryCheckerTest {

  private static final String CACHE = "app/Lisboa/rooms";
  private static final Map<String, Guarantee> PROMISES =
      Map.of(
          "a",
          Guarantee.STRICT,
          "b",
          Guarantee.STRICT,
          "bounded",
          Guarantee.bounded(Duration.ofMillis(100)),
          "near",
          Guarantee.near(true, Duration.ofMillis(100)),
          "miss",
          Guarantee.missing(),
          "soft",
          Guarantee.graced(true, Duration.ofMillis(100)));
  private static final Map<String, Duration> LIFETIMES = Map.of("short", Duration.ofMillis(200));

  @Test
  void read_withinTheGraceOfAClear_isAllowed() {
    long after = 90;
    assertThat(
            kinds(put("a", 1, 2, "v"), clear("b", 3, 4, CACHE), get("soft", after, after + 1, "v")))
        .isEmpty();
  }

  @Test
  void read_afterTheGraceOfAClear_isFound() {
    long after = 110;
    assertThat(
            kinds(put("a", 1, 2, "v"), clear("b", 3, 4, CACHE), get("soft", after, after + 1, "v")))
        .containsExactly(Kind.CLEARED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "app/Lisboa", CACHE})
  void read_afterAClearOfAnyLevelReturned_isFound(String level) {
    assertThat(kinds(put("a", 1, 2, "v"), clear("b", 3, 4, level), get("a", 5, 6, "v")))
        .containsExactly(Kind.CLEARED);
  }

  @Test
  void read_aPutThatFailedBeforeTheClear_isFound() {
    assertThat(kinds(failed(put("a", 1, 2, "v")), clear("b", 3, 4, CACHE), get("a", 5, 6, "v")))
        .containsExactly(Kind.CLEARED);
  }

  @Test
  void read_oneOfManyClearsLiesBetween_isFound() {
    assertThat(
            kinds(
                put("a", 10, 20, "v"),
                clear("b", 1, 5, CACHE),
                clear("b", 19, 22, CACHE),
                clear("b", 21, 90, CACHE),
                clear("b", 25, 30, CACHE),
                clear("b", 26, 95, CACHE),
                get("a", 31, 40, "v")))
        .containsExactly(Kind.CLEARED);
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 3, 5, 6, 7", "1, 2, 3, 6, 5, 7", "4, 5, 1, 3, 6, 7"})
  void read_clearOverlapsWithTheOneOrTheOther_isRight(
      long put, long putEnd, long clear, long clearEnd, long get, long getEnd) {
    assertThat(
            kinds(
                put("a", put, putEnd, "v"),
                clear("b", clear, clearEnd, CACHE),
                get("a", get, getEnd, "v")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "app/Porto", "app/Lisboa/guests", "app/Lisboa/room"})
  void read_anotherLevelWasCleared_isRight(String level) {
    assertThat(kinds(put("a", 1, 2, "v"), clear("b", 3, 4, level), get("a", 5, 6, "v"))).isEmpty();
  }

  @Test
  void read_clearFailed_isRight() {
    assertThat(kinds(put("a", 1, 2, "v"), failed(clear("b", 3, 4, CACHE)), get("a", 5, 6, "v")))
        .isEmpty();
  }

  @Test
  void read_clearOfAProcessThatMayOweIt_countsForItselfOnly() {
    Operation put = put("a", 1, 2, "v");
    Operation clear = clear("miss", 3, 4, CACHE);

    assertThat(kinds(put, clear, get("a", 5, 6, "v"))).isEmpty();
    assertThat(kinds(put, clear, get("miss", 5, 6, "v"))).containsExactly(Kind.CLEARED);
    assertThat(kinds(put, clear("a", 3, 4, CACHE), get("miss", 5, 6, "v")))
        .containsExactly(Kind.CLEARED);
  }

  @Test
  void read_bounded_mayBeLateAfterTheClearsOfOthers() {
    Operation put = put("a", 1, 2, "v");

    assertThat(kinds(put, clear("a", 3, 4, CACHE), get("bounded", 104, 105, "v"))).isEmpty();
    assertThat(kinds(put, clear("a", 3, 4, CACHE), get("bounded", 105, 106, "v")))
        .containsExactly(Kind.CLEARED);
    assertThat(kinds(put, clear("bounded", 3, 4, CACHE), get("bounded", 5, 6, "v")))
        .containsExactly(Kind.CLEARED);
  }

  @Test
  void read_ofWhatWasReplacedOrRemoved_isFound() {
    Operation old = put("a", 1, 2, "v");

    assertThat(kinds(old, put("b", 3, 4, "w"), get("a", 5, 6, "v"))).containsExactly(Kind.OUTDATED);
    assertThat(kinds(old, remove("b", 3, 4), get("a", 5, 6, "v"))).containsExactly(Kind.OUTDATED);
    assertThat(kinds(old, put("b", 3, 6, "w"), get("a", 5, 7, "v"))).isEmpty();
    assertThat(kinds(old, put("b", 2, 4, "w"), get("a", 5, 6, "v"))).isEmpty();
    assertThat(kinds(old, failed(put("b", 3, 4, "w")), get("a", 5, 6, "v"))).isEmpty();
    assertThat(kinds(failed(old), put("b", 3, 4, "w"), get("a", 5, 6, "v"))).isEmpty();
  }

  @Test
  void read_near_mayBeLateAfterTheChangesOfOthers_notAfterItsOwn() {
    Operation old = put("a", 1, 2, "v");

    assertThat(kinds(old, put("a", 3, 4, "w"), get("near", 104, 105, "v"))).isEmpty();
    assertThat(kinds(old, put("a", 3, 4, "w"), get("near", 105, 106, "v")))
        .containsExactly(Kind.OUTDATED);
    Operation known = get("near", 103, 104, "v");
    assertThat(kinds(old, known, put("near", 105, 106, "w"), get("near", 107, 108, "v")))
        .containsExactly(Kind.OUTDATED);
    assertThat(kinds(old, known, remove("near", 105, 106), get("near", 107, 108, "v")))
        .containsExactly(Kind.OUTDATED);
    assertThat(kinds(put("near", 1, 2, "v"), remove("near", 3, 4), get("near", 5, 6, "v")))
        .containsExactly(Kind.OUTDATED);
  }

  /** It may have been lost with a clear, after which the other value was stored. */
  @Test
  void read_ofWhatABoundedProcessReplacedWithoutKnowingIt_isRight() {
    Operation old = put("a", 1, 2, "v");

    assertThat(kinds(old, put("near", 3, 4, "w"), get("near", 5, 6, "v"))).isEmpty();
    assertThat(kinds(old, put("bounded", 3, 4, "w"), get("a", 5, 6, "v"))).isEmpty();
  }

  /** It was stored once more, under a version that the process that replaced it didn't know. */
  @Test
  void read_ofWhatABoundedProcessReplacedBeforeItMustKnowOfAClear_isRight() {
    Operation old = put("a", 1, 2, "v");
    Operation known = get("bounded", 3, 4, "v");

    assertThat(kinds(old, known, put("bounded", 101, 106, "w"), get("bounded", 107, 108, "v")))
        .isEmpty();
    assertThat(kinds(old, known, put("bounded", 103, 106, "w"), get("bounded", 107, 108, "v")))
        .containsExactly(Kind.OUTDATED);
  }

  @Test
  void read_ofWhatAProcessReplacedThatMayOweIt_countsForItselfOnly() {
    Operation old = put("a", 1, 2, "v");

    assertThat(kinds(old, put("miss", 3, 4, "w"), get("a", 5, 6, "v"))).isEmpty();
    assertThat(kinds(old, put("miss", 3, 4, "w"), get("miss", 5, 6, "v")))
        .containsExactly(Kind.OUTDATED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app/Porto/rooms/k", "app/Lisboa/guests/k", CACHE + "/l"})
  void read_aValueOfSomewhereElse_isFound(String home) {
    Entry entry = new Entry("k", home + "#v");
    String writer = home.substring(0, home.lastIndexOf('/'));

    assertThat(
            kinds(
                operation("a", 1, 2, "put", writer, List.of(), List.of(entry)),
                operation("a", 3, 4, "get", CACHE, List.of(entry), List.of())))
        .containsExactly(Kind.FOREIGN);
  }

  @Test
  void read_aValueThatIsWrittenLaterOrNever_isFound() {
    assertThat(kinds(get("a", 1, 2, "v"), put("a", 3, 4, "v"))).containsExactly(Kind.UNWRITTEN);
    assertThat(kinds(get("a", 1, 2, "v"))).containsExactly(Kind.UNWRITTEN);
  }

  @Test
  void read_pastTheDeadline_isFound() {
    String place = "app/Lisboa/short";
    List<Entry> entry = List.of(new Entry("k", place + "/k#v"));
    Operation put = operation("a", 1, 10, "put", place, List.of(), entry);

    assertThat(kinds(put, operation("a", 205, 206, "get", place, entry, List.of()))).isEmpty();
    assertThat(kinds(put, operation("a", 216, 217, "get", place, entry, List.of())))
        .containsExactly(Kind.EXPIRED);
  }

  @Test
  void invokes_twoMakeTheSameNumberOfALife_isFound() {
    assertThat(
            kinds(
                invoke("a", 1, 2, null, "x.1"),
                invoke("a", 3, 6, "x.1", "x.2"),
                invoke("b", 4, 5, "x.1", "x.2")))
        .contains(Kind.LOST_UPDATE);
  }

  @Test
  void invokes_oneThatMayHaveLostItsUpdateOrFailed_isRight() {
    assertThat(
            kinds(
                invoke("a", 1, 2, null, "x.1"),
                failed(invoke("a", 3, 4, "x.1", "x.2")),
                invoke("miss", 5, 6, "x.1", "x.2"),
                invoke("b", 7, 8, "x.1", "x.2"),
                invoke("b", 9, 10, null, "y.1")))
        .isEmpty();
  }

  @Test
  void invokes_onlyTheLastTryCounts() {
    Operation again =
        operation(
            "a",
            2,
            9,
            Operation.INVOKE,
            CACHE,
            List.of(entry("x.2")),
            List.of(entry("x.2"), entry("x.3")));

    assertThat(kinds(invoke("a", 0, 1, null, "x.1"), again, invoke("b", 3, 4, "x.1", "x.2")))
        .isEmpty();
  }

  @Test
  void read_aCounterGoesBack_isFound() {
    assertThat(
            kinds(
                invoke("a", 1, 2, null, "x.1"),
                invoke("b", 3, 4, "x.1", "x.2"),
                operation("a", 5, 6, "get", CACHE, List.of(entry("x.1")), List.of())))
        .containsExactly(Kind.OUTDATED, Kind.LOST_UPDATE);
  }

  @Test
  void cleanHistory_inAnyOrder_nothingIsFound() {
    List<Operation> history =
        new ArrayList<>(
            List.of(
                put("a", 1, 4, "v"),
                get("b", 2, 3, "v"),
                clear("b", 5, 8, "app"),
                get("a", 6, 7, "v"),
                put("b", 9, 10, "w"),
                get("a", 11, 12, "w"),
                invoke("a", 13, 14, null, "x.1"),
                invoke("b", 15, 16, "x.1", "x.2"),
                clear("b", 17, 18, CACHE),
                invoke("b", 19, 20, null, "y.1")));
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(history, new Random(i));

      assertThat(new HistoryChecker(PROMISES, LIFETIMES).check(history)).isEmpty();
    }
  }

  @Test
  void line_isReadAsItWasWritten() {
    for (Operation operation :
        List.of(
            put("a", 1, 4, "v"),
            failed(clear("b", 5, 8, "app")),
            invoke("b", 15, 16, "x.1", "x.2"),
            new Operation("a", 1, 2, "getAll", true, CACHE, 2, List.of(), List.of()))) {
      assertThat(Operation.parse(operation.line())).isEqualTo(operation);
    }
  }

  private static List<Kind> kinds(Operation... history) {
    return new HistoryChecker(PROMISES, LIFETIMES)
        .check(Arrays.asList(history)).stream().map(Violation::kind).toList();
  }

  private static Operation put(String process, long start, long end, String value) {
    return operation(process, start, end, "put", CACHE, List.of(), List.of(entry(value)));
  }

  private static Operation get(String process, long start, long end, String value) {
    return operation(process, start, end, "get", CACHE, List.of(entry(value)), List.of());
  }

  private static Operation remove(String process, long start, long end) {
    Entry removed = new Entry("k", Operation.REMOVED);
    return operation(process, start, end, "remove", CACHE, List.of(), List.of(removed));
  }

  private static Operation invoke(
      String process, long start, long end, String before, String after) {
    return operation(
        process,
        start,
        end,
        Operation.INVOKE,
        CACHE,
        before == null ? List.of() : List.of(entry(before)),
        List.of(entry(after)));
  }

  private static Entry entry(String unique) {
    return new Entry("k", CACHE + "/k#" + unique);
  }

  private static Operation clear(String process, long start, long end, String level) {
    return operation(process, start, end, Operation.CLEAR, level, List.of(), List.of());
  }

  /** Moments are milliseconds. */
  private static Operation operation(
      String process,
      long start,
      long end,
      String name,
      String place,
      List<Entry> seen,
      List<Entry> written) {
    return new Operation(
        process,
        TimeUnit.MILLISECONDS.toNanos(start),
        TimeUnit.MILLISECONDS.toNanos(end),
        name,
        true,
        place,
        0,
        seen,
        written);
  }

  private static Operation failed(Operation operation) {
    return new Operation(
        operation.process(),
        operation.start(),
        operation.end(),
        operation.name(),
        false,
        operation.place(),
        operation.missed(),
        operation.seen(),
        operation.written());
  }
}
