// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.VersionTime;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * What is known of one memcached, whatever name leads to it.
 *
 * @param id its identity: a random text that it keeps until it is restarted
 * @param name the name that it was last joined by, {@code host:port}
 * @param floor versions below this are void there: they may have missed a clear. Once it has left,
 *     a number that tells when
 * @param term how often it has joined. Of two notes of the same server the one of the later term
 *     counts; no clock is asked
 * @param names how often it got another name in this term
 */
record Member(String id, String name, long floor, long term, long names, State state) {

  /** What a member goes through in a term, in this order. */
  enum State {
    /** All clears since it joined have reached it. */
    JOINED,
    /**
     * A clear may have missed it. It has to join again before it is used; clears still go there.
     */
    LEAVING,
    /** A clear could not reach it after that was noted. Clears don't go there. */
    LEFT
  }

  private static final Pattern FORM =
      Pattern.compile(
          "(\\S+) (\\S+):(\\d{1,5}) (\\d{1,19}) (\\d{1,18}) (\\d{1,18}) (joined|leaving|left)");

  /** The later state counts, whatever the names. */
  private static final Comparator<Member> AGE =
      Comparator.comparingLong(Member::term).thenComparing(Member::state);

  /**
   * Returns the member that a line is.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Member parse(String line) {
    Matcher fields = FORM.matcher(line);
    if (!fields.matches()) {
      throw new IllegalArgumentException("a line of it is not of a server");
    }
    ServerAddress address = new ServerAddress(fields.group(2), Integer.parseInt(fields.group(3)));
    long floor = Long.parseLong(fields.group(4));
    long term = Long.parseLong(fields.group(5));
    long names = Long.parseLong(fields.group(6));
    State state = State.valueOf(fields.group(7).toUpperCase(Locale.ROOT));
    Member member = new Member(fields.group(1), address.toString(), floor, term, names, state);
    return floor == 0 || VersionTime.isPossible(floor) ? member : member.withoutFloor();
  }

  String format() {
    return String.format(
        "%s %s %d %d %d %s", id, name, floor, term, names, state.name().toLowerCase(Locale.ROOT));
  }

  ServerAddress address() {
    int colon = name.lastIndexOf(':');
    return new ServerAddress(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1)));
  }

  /**
   * Returns a server as it joins.
   *
   * @param before what was known of it, null if nothing
   */
  static Member joining(String id, String name, long floor, @Nullable Member before) {
    return new Member(id, name, floor, before == null ? 1 : before.term + 1, 0, State.JOINED);
  }

  /** Returns the same by a name. */
  Member named(String newName) {
    return newName.equals(name) ? this : new Member(id, newName, floor, term, names + 1, state);
  }

  boolean isJoined() {
    return state == State.JOINED;
  }

  boolean hasLeft() {
    return state == State.LEFT;
  }

  /** Returns the same when a clear may have missed it. */
  Member leaving() {
    return hasLeft() ? this : new Member(id, name, floor, term, names, State.LEAVING);
  }

  /**
   * Returns the same with a floor that nobody can have made by a right clock: it has to join again.
   */
  private Member withoutFloor() {
    return new Member(id, name, 0, term, names, hasLeft() ? state : State.LEAVING);
  }

  /**
   * Returns the same as it has left.
   *
   * @param number higher than all floors, by which those can be told that left first
   */
  Member left(long number) {
    return new Member(id, name, number, term, names, State.LEFT);
  }

  /** Returns what two notes of the same server come to, the same whichever is asked. */
  Member merge(Member other) {
    int later = AGE.compare(this, other);
    if (later != 0) {
      return later > 0 ? this : other;
    }
    boolean ours = names == other.names ? name.compareTo(other.name) <= 0 : names > other.names;
    Member named = ours ? this : other;
    return new Member(id, named.name, Math.max(floor, other.floor), term, named.names, state);
  }
}
