// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.membership.Member.State;
import org.memjcache.internal.common.VersionTime;

/** What servers keep of each other, and what becomes of it where processes disagree. */
class MemberListTest {

  private static final Member MEMBER = new Member("id", "host:11211", 100, 3, 0, State.JOINED);

  @Provide
  static Arbitrary<MemberList> lists() {
    Arbitrary<Member> members =
        Combinators.combine(
                Arbitraries.of("a", "b", "c"),
                Arbitraries.of("host:1", "host:2"),
                Arbitraries.of(0L, VersionTime.SMALLEST, VersionTime.SMALLEST + 1),
                Arbitraries.longs().between(0, 3),
                Arbitraries.longs().between(0, 3),
                Arbitraries.of(State.class))
            .as(Member::new);
    return members.list().ofMaxSize(4).map(MemberListTest::of);
  }

  private static MemberList of(List<Member> members) {
    MemberList list = MemberList.EMPTY;
    for (Member member : members) {
      list = list.with(member);
    }
    return list;
  }

  @Property(tries = 300)
  void merge_inWhicheverOrder_givesTheSame(
      @ForAll("lists") MemberList a, @ForAll("lists") MemberList b, @ForAll("lists") MemberList c) {
    assertThat(a.merge(b)).isEqualTo(b.merge(a));
    assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
    assertThat(a.merge(b).merge(b)).isEqualTo(a.merge(b));
  }

  @Property(tries = 300)
  void parse_ofWhatWasFormatted_givesTheSame(@ForAll("lists") MemberList list) {
    assertThat(MemberList.parse(list.format())).isEqualTo(list);
  }

  @Test
  void merge_laterTerm_counts() {
    Member again = Member.joining("id", "host:2", 50, MEMBER.left(150));

    assertThat(again.merge(MEMBER.left(150))).isEqualTo(again);
    assertThat(MEMBER.left(150).merge(again)).isEqualTo(again);
  }

  /** One process could not reach it, others gave it other names, and none saw the first. */
  @Test
  void merge_leftAndOftenNamedAtOnce_hasLeft() {
    Member named = MEMBER.named("host:1").named("host:2").named("host:3");

    assertThat(named.merge(MEMBER.left(150))).isEqualTo(MEMBER.left(150));
    assertThat(MEMBER.left(150).merge(named)).isEqualTo(MEMBER.left(150));
  }

  /** Clears go there as long as it may be in use. */
  @Test
  void used_leaving_isAmongThem() {
    assertThat(of(List.of(MEMBER.leaving())).used()).containsExactly(MEMBER.leaving());
    assertThat(of(List.of(MEMBER.left(150))).used()).isEmpty();
    assertThat(MEMBER.leaving().merge(MEMBER)).isEqualTo(MEMBER.leaving());
    assertThat(MEMBER.leaving().merge(MEMBER.left(150))).isEqualTo(MEMBER.left(150));
  }

  @Test
  void admits_joinedOrNothingKnown() {
    assertThat(MemberList.EMPTY.admits("id")).isTrue();
    assertThat(of(List.of(MEMBER)).admits("id")).isTrue();
    assertThat(of(List.of(MEMBER)).admits("other")).isFalse();
    assertThat(of(List.of(MEMBER.leaving())).admits("id")).isFalse();
    assertThat(of(List.of(MEMBER.left(150))).admits("id")).isFalse();
  }

  /** Two processes had it join at once. */
  @Test
  void merge_joinedTwiceAtOnce_hasTheHigherFloorAndTheLastName() {
    Member other = new Member("id", "host:11211", 200, 3, 0, State.JOINED);
    Member named = MEMBER.named("host:2");

    assertThat(other.merge(named)).isEqualTo(named.merge(other));
    assertThat(other.merge(named).floor()).isEqualTo(200);
    assertThat(other.merge(named).name()).isEqualTo("host:2");
  }

  @Test
  void merge_manyHaveLeft_isBoundedAndKeepsThoseThatHaveNot() {
    MemberList list = MemberList.EMPTY.with(MEMBER);
    for (int i = 0; i < 1_000; i++) {
      Member left = new Member("left" + i, "host:" + i, i, 2, 0, State.LEFT);
      list = list.merge(MemberList.EMPTY.with(left));
    }

    assertThat(list.format().length).isLessThan(2_000);
    assertThat(list.used()).containsExactly(MEMBER);
    assertThat(list.get("left999")).isNotNull();
  }

  /** It has been there for long, and so its floor was the lowest. */
  @Test
  void merge_oldServerLeavesAfterManyOthers_isKept() {
    MemberList list = MemberList.EMPTY.with(MEMBER);
    for (int i = 0; i < 100; i++) {
      Member other = new Member("left" + i, "host:" + i, 1_000 + i, 2, 0, State.JOINED);
      list = list.merge(MemberList.EMPTY.with(other.left(2_000 + i)));
    }

    list = list.merge(MemberList.EMPTY.with(MEMBER.left(3_000)));

    assertThat(list.get(MEMBER.id())).isEqualTo(MEMBER.left(3_000));
  }

  /** Earlier releases made floors by clocks that were wrong by decades. */
  @ParameterizedTest
  @CsvSource({"joined, LEAVING", "leaving, LEAVING", "left, LEFT"})
  void parse_floorOfAWrongClock_hasToJoinAgain(String state, State read) {
    for (long floor : new long[] {1, 1_447_034_880_000L, 5_294_397_378_327_074_247L}) {
      byte[] text =
          ("1\nid host:11211 " + floor + " 3 1 " + state).getBytes(StandardCharsets.US_ASCII);

      assertThat(MemberList.parse(text).get("id"))
          .isEqualTo(new Member("id", "host:11211", 0, 3, 1, read));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "1\n",
        "1\nid host:1 1 1",
        "1\nid host:1 1 1 0 joined more",
        "1\nid host:1 1 1 joined",
        "1\nid host:1 x 1 0 joined",
        "1\nid host:1 1 1 0 perhaps",
        "1\nid host 1 1 0 joined",
        "1\nid host:x 1 1 0 joined",
        "1\nid :11211 1 1 0 joined",
        "1\nid host:11211 -1 1 0 joined"
      })
  void parse_somethingElse_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberList.parse(text.getBytes(StandardCharsets.US_ASCII)));
  }
}
