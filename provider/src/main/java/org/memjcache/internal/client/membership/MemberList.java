// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The servers that processes use or have used, as each of them keeps the list, under {@code
 * memjcache:servers}: a line of text for each.
 *
 * <p>Every process adds what it knows, and nobody waits for others: two lists are merged member by
 * member, in any order and as often as one likes, with the same result. Immutable.
 *
 * @param members by identity
 */
record MemberList(Map<String, Member> members) {

  static final MemberList EMPTY = new MemberList(Map.of());

  /** The first line: another form, if there ever is one, has another number. */
  private static final String FORM = "1";

  /**
   * How many servers that have left are kept, those that left last. One that isn't in the list
   * counts as outdated when it joins, just as one that has left, whatever it says of itself.
   */
  private static final int MAX_LEFT = 32;

  /**
   * Returns the list that a text is.
   *
   * @throws IllegalArgumentException if it is none, which the message quotes no part of
   */
  static MemberList parse(byte[] text) {
    String[] lines = new String(text, StandardCharsets.US_ASCII).split("\n", -1);
    if (!lines[0].equals(FORM)) {
      throw new IllegalArgumentException("it is not of form " + FORM);
    }
    Map<String, Member> members = new TreeMap<>();
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      Member member = Member.parse(line);
      members.merge(member.id(), member, Member::merge);
    }
    return new MemberList(members);
  }

  byte[] format() {
    StringBuilder text = new StringBuilder(FORM);
    for (Member member : members.values()) {
      text.append('\n').append(member.format());
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Nullable Member get(String id) {
    return members.get(id);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  MemberList with(Member member) {
    Map<String, Member> more = new TreeMap<>(members);
    more.merge(member.id(), member, Member::merge);
    return new MemberList(more);
  }

  /**
   * Returns whether who has this list, and no other, clears a server as well, as far as it can be
   * reached. An empty list says nothing: it was lost, or there never was one.
   */
  boolean admits(String id) {
    Member member = members.get(id);
    return isEmpty() || (member != null && member.isJoined());
  }

  /** Returns the highest floor of all members, 0 if there is none. */
  long highestFloor() {
    return members.values().stream().mapToLong(Member::floor).max().orElse(0);
  }

  /** Returns the members that clears go to. */
  List<Member> used() {
    return members.values().stream().filter(member -> !member.hasLeft()).toList();
  }

  MemberList merge(MemberList other) {
    Map<String, Member> all = new TreeMap<>(members);
    other.members.forEach((id, member) -> all.merge(id, member, Member::merge));
    Stream<Member> left =
        all.values().stream()
            .filter(Member::hasLeft)
            .sorted(Comparator.comparingLong(Member::floor).reversed())
            .skip(MAX_LEFT);
    left.toList().forEach(oldest -> all.remove(oldest.id()));
    return new MemberList(all);
  }
}
