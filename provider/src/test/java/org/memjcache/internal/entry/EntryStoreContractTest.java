// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.support.TurnableClock;
import org.memjcache.support.Waiting;

/** What operations may rely on, whatever store they are given. */
@Timeout(60)
abstract class EntryStoreContractTest {

  private static final String LARGE = "x".repeat(1_100_000);

  final TurnableClock clock = new TurnableClock();
  private final long inAnHour = clock.millis() + Duration.ofHours(1).toMillis();

  /** Returns the store, which has {@code failure=miss}; what it holds goes with a clear. */
  abstract EntryStore<String, String> store();

  /** Makes the item of an entry one that can't be read. */
  abstract void damage(EntryKey entry);

  /** Clears the cache as another process does. */
  abstract void clearElsewhere();

  abstract void goAway();

  abstract void comeBack();

  @Test
  void read_absent_isMissingAndHasNoToken() {
    EntryStore<String, String> store = emptied();

    Snapshot<String> seen = read(store, "k");

    assertThat(seen.isLive()).isFalse();
    assertThat(seen.isAway()).isFalse();
    assertThat(seen.token()).isNull();
    assertThat(seen.missing()).isEqualTo(MissReason.COLD);
    assertThat(seen.valueOrNull()).isNull();
  }

  @Test
  void read_present_hasValueAndDeadline() {
    EntryStore<String, String> store = emptied();
    store.set(new Operation("test"), List.of(entry(store, "k", "v")), () -> inAnHour);

    Snapshot<String> seen = read(store, "k");

    assertThat(seen.value()).isEqualTo("v").isNotSameAs(seen.value());
    assertThat(seen.deadline()).isEqualTo(inAnHour);
    assertThat(seen.token()).isNotNull().isNotEqualTo(CasToken.NONE);
    assertThat(store.read(new Operation("test"), store.encodeKey("k"), false).token())
        .isEqualTo(CasToken.NONE);
  }

  @Test
  void read_dead_isMissingAndHasAToken() {
    EntryStore<String, String> store = emptied();
    putDead(store, "k");
    damage(store.encodeKey("l"));

    assertThat(read(store, "k").isLive()).isFalse();
    assertThat(read(store, "k").missing()).isEqualTo(MissReason.PAST_DEADLINE);
    assertThat(read(store, "k").token()).isNotNull();
    assertThat(read(store, "l").isLive()).isFalse();
    assertThat(read(store, "l").missing()).isEqualTo(MissReason.DAMAGED);
    assertThat(read(store, "l").token()).isNotNull();
  }

  @Test
  void readAll_keepsTheOrder() {
    EntryStore<String, String> store = emptied();
    put(store, "b", "2");
    put(store, "d", "4");
    List<EntryKey> keys = List.of("d", "a", "b").stream().map(store::encodeKey).toList();

    assertThat(store.readAll(new Operation("test"), keys, true))
        .extracting(Snapshot::valueOrNull)
        .containsExactly("4", null, "2");
  }

  @Test
  void change_entryIsAsSeen_isMade() {
    EntryStore<String, String> store = emptied();
    putDead(store, "dead");
    damage(store.encodeKey("damaged"));
    put(store, "present", "old");
    for (String key : List.of("absent", "present", "dead", "damaged")) {
      assertThat(change(store, read(store, key), storing(store, "new"))).isEqualTo(Outcome.DONE);
      assertThat(read(store, key).value()).isEqualTo("new");
      assertThat(change(store, read(store, key), Change.Simple.REMOVE)).isEqualTo(Outcome.DONE);
      assertThat(read(store, key).token()).isNull();
    }
  }

  @Test
  void change_entryIsAnotherOne_conflictsAndLeavesIt() {
    EntryStore<String, String> store = emptied();
    for (Change change :
        List.of(storing(store, "mine"), Change.Simple.REMOVE, storingTooLate(store))) {
      put(store, "k", "old");
      Snapshot<String> seen = read(store, "k");
      put(store, "k", "theirs");

      assertThat(change(store, seen, change)).isEqualTo(Outcome.CONFLICT);
      assertThat(read(store, "k").value()).isEqualTo("theirs");
    }
    Snapshot<String> absent = read(store, "l");
    put(store, "l", "theirs");
    assertThat(change(store, absent, storing(store, "mine"))).isEqualTo(Outcome.CONFLICT);
    assertThat(read(store, "l").value()).isEqualTo("theirs");
  }

  @Test
  void change_entryIsGone_conflicts() {
    EntryStore<String, String> store = emptied();
    for (Change change : List.of(storing(store, "mine"), Change.Simple.REMOVE)) {
      put(store, "k", "old");
      Snapshot<String> seen = read(store, "k");
      assertThat(store.delete(new Operation("test"), List.of(store.encodeKey("k")))).isEqualTo(1);

      assertThat(change(store, seen, change)).isEqualTo(Outcome.CONFLICT);
      assertThat(read(store, "k").token()).isNull();
    }
  }

  @Test
  void change_clearedSince_conflictsAndIsOutOfReach() {
    EntryStore<String, String> store = emptied();
    for (Runnable clear :
        List.<Runnable>of(() -> store.clear(Duration.ZERO), this::clearElsewhere)) {
      put(store, "k", "old");
      Snapshot<String> present = read(store, "k");
      Snapshot<String> absent = read(store, "l");
      clear.run();

      assertThat(change(store, absent, storing(store, "mine"))).isEqualTo(Outcome.CONFLICT);
      assertThat(change(store, present, Change.Simple.REMOVE)).isEqualTo(Outcome.CONFLICT);
      assertThat(change(store, present, new Change.Touch(inAnHour))).isEqualTo(Outcome.DONE);
      assertThat(change(store, absent, Change.Simple.REMOVE))
          .isEqualTo(Outcome.DONE); // nothing to do
      assertThat(read(store, "k").token()).isNull();
      assertThat(read(store, "l").token()).isNull();
    }
  }

  @Test
  void change_several_eachHasItsOutcome() {
    EntryStore<String, String> store = emptied();
    for (String key : List.of("a", "b", "c", "d")) {
      put(store, key, "old");
    }
    List<EntryKey> keys = List.of("a", "b", "c", "d").stream().map(store::encodeKey).toList();
    List<Snapshot<String>> seen = store.readAll(new Operation("test"), keys, true);
    put(store, "b", "theirs");

    List<Outcome> outcomes =
        store.change(
            new Operation("test"),
            List.of(
                planned(seen.get(0), storing(store, "new")),
                planned(seen.get(1), storing(store, "new")),
                planned(seen.get(2), storing(store, LARGE)),
                planned(seen.get(3), Change.Simple.KEEP)));

    assertThat(outcomes).extracting(Outcome::isDone).containsExactly(true, false, true, true);
    assertThat(outcomes).extracting(Outcome::rejection).containsOnlyNulls();
    assertThat(store.readAll(new Operation("test"), keys, false))
        .extracting(Snapshot::valueOrNull)
        .containsExactly("new", "theirs", null, "old");
  }

  @Test
  void change_touch_movesTheDeadlineOfWhatWasSeen() {
    EntryStore<String, String> store = emptied();
    store.set(new Operation("test"), List.of(entry(store, "k", "v")), () -> inAnHour);
    Snapshot<String> seen = read(store, "k");

    assertThat(change(store, seen, new Change.Touch(inAnHour + 1))).isEqualTo(Outcome.DONE);
    assertThat(read(store, "k").deadline()).isEqualTo(inAnHour + 1);
    assertThat(read(store, "k").value()).isEqualTo("v");

    assertThat(change(store, seen, new Change.Touch(inAnHour + 2))).isEqualTo(Outcome.DONE);
    assertThat(read(store, "k").deadline()).isEqualTo(inAnHour + 1); // it was another one
    assertThat(change(store, seen, new Change.Touch(clock.millis()))).isEqualTo(Outcome.DONE);
    assertThat(read(store, "k").isLive()).isTrue();

    Snapshot<String> current = read(store, "k");
    assertThat(change(store, current, new Change.Touch(clock.millis()))).isEqualTo(Outcome.DONE);
    assertThat(read(store, "k").token()).isNull();
  }

  @Test
  void change_touchOfWhatHasExpiredSince_removesIt() {
    EntryStore<String, String> store = emptied();
    long inAMinute = clock.millis() + 60_000;
    store.set(new Operation("test"), List.of(entry(store, "k", "v")), () -> inAMinute);
    Snapshot<String> seen = read(store, "k");
    clock.turn(Duration.ofMinutes(1));

    assertThat(change(store, seen, new Change.Touch(inAMinute + 60_000))).isEqualTo(Outcome.DONE);

    assertThat(read(store, "k").token()).isNull();
  }

  @Test
  void change_storeWhoseTimeIsOver_removesWhatIsThere() {
    EntryStore<String, String> store = emptied();
    put(store, "k", "old");

    assertThat(change(store, read(store, "k"), storingTooLate(store))).isEqualTo(Outcome.DONE);
    assertThat(read(store, "k").token()).isNull();
    assertThat(change(store, read(store, "k"), storingTooLate(store))).isEqualTo(Outcome.DONE);
  }

  @Test
  void change_rejectedValue_takesWhatWasSeenWithItButNothingNewer() {
    EntryStore<String, String> store = emptied();
    put(store, "k", "old");
    put(store, "l", "old");
    Snapshot<String> seen = read(store, "k");
    Snapshot<String> outdated = read(store, "l");
    Snapshot<String> absent = read(store, "m");
    put(store, "l", "theirs");
    put(store, "m", "theirs");

    for (Snapshot<String> before : List.of(seen, outdated, absent)) {
      assertThat(change(store, before, storing(store, LARGE)))
          .as("it goes on without what a server doesn't take")
          .isEqualTo(Outcome.LOST);
    }
    assertThat(read(store, "k").token()).isNull();
    assertThat(read(store, "l").value()).isEqualTo("theirs");
    assertThat(read(store, "m").value()).isEqualTo("theirs");
  }

  @Test
  void set_storesWhateverIsThere() {
    EntryStore<String, String> store = emptied();
    put(store, "present", "old");
    putDead(store, "dead");
    damage(store.encodeKey("damaged"));

    for (String key : List.of("absent", "present", "dead", "damaged")) {
      put(store, key, "new");
      assertThat(read(store, key).value()).isEqualTo("new");
    }
    clearElsewhere();
    put(store, "k", "new");
    assertThat(read(store, "k").value()).isEqualTo("new");
    assertThat(read(store, "present").token()).isNull();
  }

  @Test
  void set_rejectedValues_takeOlderEntriesWithThemAndLeaveTheOthers() {
    EntryStore<String, String> store = emptied();
    put(store, "b", "old");
    List<NewEntry<String, String>> entries =
        List.of(
            entry(store, "a", "new"),
            entry(store, "b", LARGE),
            entry(store, "c", LARGE),
            entry(store, "d", "new"));

    store.set(new Operation("test"), entries, () -> Deadline.ETERNAL);

    assertThat(read(store, "a").value()).isEqualTo("new");
    assertThat(read(store, "b").token()).isNull();
    assertThat(read(store, "c").token()).isNull();
    assertThat(read(store, "d").value()).isEqualTo("new");
  }

  @Test
  void add_onlyWhereNoItemIs() {
    EntryStore<String, String> store = emptied();
    put(store, "present", "old");
    putDead(store, "dead");
    damage(store.encodeKey("damaged"));

    assertThat(add(store, "absent", "new")).isTrue();
    assertThat(add(store, "absent", "newer")).isFalse();
    assertThat(add(store, "present", "new")).isFalse();
    assertThat(add(store, "dead", "new")).isFalse();
    assertThat(add(store, "damaged", "new")).isFalse();
    assertThat(add(store, "large", LARGE)).isFalse();
    assertThat(add(store, "present", LARGE)).isFalse();

    assertThat(read(store, "absent").value()).isEqualTo("new");
    assertThat(read(store, "present").value()).isEqualTo("old");
    assertThat(read(store, "large").token()).isNull();
    clearElsewhere();
    assertThat(add(store, "present", "new")).isTrue();
    assertThat(read(store, "present").value()).isEqualTo("new");
  }

  @Test
  void delete_countsItemsWhateverTheyAre() {
    EntryStore<String, String> store = emptied();
    put(store, "present", "old");
    putDead(store, "dead");
    damage(store.encodeKey("damaged"));
    List<EntryKey> keys =
        List.of("absent", "present", "dead", "damaged").stream().map(store::encodeKey).toList();

    assertThat(store.delete(new Operation("test"), keys)).isEqualTo(3);
    assertThat(store.delete(new Operation("test"), keys)).isZero();
    assertThat(store.readAll(new Operation("test"), keys, true))
        .extracting(Snapshot::token)
        .containsOnlyNulls();
  }

  @Test
  void lease_isSeenByOthersUntilTheChangeIsDone() {
    EntryStore<String, String> store = emptied();
    for (Change change :
        List.of(
            Change.Simple.KEEP, storing(store, "v"), Change.Simple.KEEP, Change.Simple.REMOVE)) {
      Snapshot<String> ours = readLeased(store, "k");
      assertThat(ours.isLeased()).isTrue();
      assertThat(ours.isLeasedElsewhere()).isFalse();

      Snapshot<String> theirs = readLeased(store, "k");
      assertThat(theirs.isLeased()).isFalse();
      assertThat(theirs.isLeasedElsewhere()).isTrue();
      assertThat(theirs.valueOrNull()).isEqualTo(ours.valueOrNull());
      assertThat(change(store, theirs, Change.Simple.KEEP)).isEqualTo(Outcome.DONE);
      assertThat(readLeased(store, "k").isLeasedElsewhere()).isTrue();

      assertThat(change(store, ours, change)).isEqualTo(Outcome.DONE);
    }
    Snapshot<String> last = readLeased(store, "k");
    assertThat(last.isLeased()).isTrue();
    assertThat(last.isLive()).isFalse();
    assertThat(change(store, last, Change.Simple.KEEP)).isEqualTo(Outcome.DONE);
  }

  /** The cas token decides, whoever has the lease. */
  @Test
  void lease_isAdviceOnly() {
    EntryStore<String, String> store = emptied();
    put(store, "k", "old");
    Snapshot<String> ours = readLeased(store, "k");

    assertThat(change(store, read(store, "k"), storing(store, "theirs"))).isEqualTo(Outcome.DONE);

    assertThat(change(store, ours, storing(store, "ours"))).isEqualTo(Outcome.CONFLICT);
    assertThat(read(store, "k").value()).isEqualTo("theirs");
    Snapshot<String> again = readLeased(store, "k");
    assertThat(again.isLeased()).as("given back in spite of the conflict").isTrue();
    assertThat(change(store, again, storing(store, "ours"))).isEqualTo(Outcome.DONE);
  }

  @Test
  void lease_isOfOneEntryUnderOneVersionAndIsNoEntry() {
    EntryStore<String, String> store = emptied();
    assertThat(readLeased(store, "k").isLeased()).isTrue();

    assertThat(readLeased(store, "l").isLeased()).isTrue();
    assertThat(store.scan(new Operation("test")).hasNext()).isFalse();
    assertThat(read(store, "k").token()).isNull();
    store.clear(Duration.ZERO);
    assertThat(readLeased(store, "k").isLeased()).isTrue();
  }

  @Test
  void lease_serverAway_nobodyHasIt() {
    EntryStore<String, String> store = emptied();
    goAway();
    try {
      Snapshot<String> away = readLeased(store, "k");
      assertThat(away.isAway()).isTrue();
      assertThat(away.isLeasedElsewhere()).isFalse();
      assertThat(change(store, away, storing(store, "new"))).isEqualTo(Outcome.LOST);
    } finally {
      comeBack();
    }
  }

  @Test
  void scan_showsLiveEntriesThatCanBeChanged() {
    EntryStore<String, String> store = emptied();
    assertThat(store.scan(new Operation("test")).hasNext()).isFalse();
    putDead(store, "dead");
    put(store, "a", "1");
    put(store, "b", "2");
    damage(store.encodeKey("damaged"));

    List<String> seen = new ArrayList<>();
    for (Iterator<SeenEntry<String, String>> i = store.scan(new Operation("test")); i.hasNext(); ) {
      SeenEntry<String, String> entry = i.next();
      seen.add(entry.key() + "=" + entry.snapshot().value());
      assertThat(entry.encodedKey()).isEqualTo(store.encodeKey(entry.key()));
      assertThat(change(store, entry.snapshot(), Change.Simple.REMOVE)).isEqualTo(Outcome.DONE);
    }

    assertThat(seen).containsExactlyInAnyOrder("a=1", "b=2");
    assertThat(store.scan(new Operation("test")).hasNext()).isFalse();
  }

  @Test
  void clear_isCountedAndTakesEverything() {
    EntryStore<String, String> store = emptied();
    put(store, "k", "v");
    long before = store.clears().values().iterator().next();

    store.clear(Duration.ZERO);

    assertThat(store.clears().values()).containsExactly(before + 1);
    assertThat(read(store, "k").token()).isNull();
    assertThat(store.scan(new Operation("test")).hasNext()).isFalse();
  }

  @Test
  void away_nothingIsSeenAndWhatIsLostIsClearedLater() {
    EntryStore<String, String> store = emptied();
    put(store, "k", "old");
    Snapshot<String> seen = read(store, "k");
    goAway();
    try {
      Snapshot<String> away = read(store, "k");
      assertThat(away.isAway()).isTrue();
      assertThat(away.isLive()).isFalse();
      assertThat(away.token()).isNull();
      assertThat(change(store, away, Change.Simple.KEEP)).isEqualTo(Outcome.DONE);
      assertThat(change(store, seen, storing(store, "new"))).isEqualTo(Outcome.LOST);
      assertThat(change(store, away, storing(store, "new"))).isEqualTo(Outcome.LOST);
      assertThat(change(store, away, Change.Simple.REMOVE)).isEqualTo(Outcome.LOST);
      put(store, "k", "new");
      assertThat(add(store, "k", "new")).isTrue();
      assertThat(store.delete(new Operation("test"), List.of(store.encodeKey("k")))).isZero();
      assertThat(store.scan(new Operation("test")).hasNext()).isFalse();
      store.clear(Duration.ZERO);
      assertThat(read(store, "k").isAway()).isTrue();
    } finally {
      comeBack();
    }
    Waiting.await("the server is back").until(() -> !read(store, "k").isAway());

    assertThat(read(store, "k").token()).isNull();
    assertThat(change(store, seen, storing(store, "mine"))).isEqualTo(Outcome.CONFLICT);
    put(store, "k", "new");
    assertThat(read(store, "k").value()).isEqualTo("new");
  }

  private EntryStore<String, String> emptied() {
    store().clear(Duration.ZERO);
    return store();
  }

  private static Snapshot<String> read(EntryStore<String, String> store, String key) {
    return store.read(new Operation("test"), store.encodeKey(key), true);
  }

  private static Snapshot<String> readLeased(EntryStore<String, String> store, String key) {
    return store.readLeased(new Operation("test"), store.encodeKey(key));
  }

  private static NewEntry<String, String> entry(
      EntryStore<String, String> store, String key, String value) {
    return new NewEntry<>(key, store.encodeKey(key), value, store.encodeValue(value));
  }

  private static void put(EntryStore<String, String> store, String key, String value) {
    store.set(new Operation("test"), List.of(entry(store, key, value)), () -> Deadline.ETERNAL);
  }

  /** Stores an entry that is past its deadline; memcached keeps it, its clock being another. */
  private void putDead(EntryStore<String, String> store, String key) {
    store.set(
        new Operation("test"), List.of(entry(store, key, "dead")), () -> clock.millis() + 60_000);
    clock.turn(Duration.ofMinutes(1));
  }

  private static boolean add(EntryStore<String, String> store, String key, String value) {
    return store.add(new Operation("test"), entry(store, key, value), Deadline.ETERNAL) != null;
  }

  private static Change storing(EntryStore<String, String> store, String value) {
    return new Change.Store(store.encodeValue(value), Deadline.ETERNAL, true);
  }

  private Change storingTooLate(EntryStore<String, String> store) {
    return new Change.Store(store.encodeValue("late"), clock.millis(), false);
  }

  private static PlannedChange<String> planned(Snapshot<String> before, Change change) {
    return new PlannedChange<>(before, change, true);
  }

  private static Outcome change(
      EntryStore<String, String> store, Snapshot<String> before, Change change) {
    return store.change(new Operation("test"), Arrays.asList(planned(before, change))).get(0);
  }
}
