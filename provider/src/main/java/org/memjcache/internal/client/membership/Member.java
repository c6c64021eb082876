package org.memjcache.internal.client.membership;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * What is known of one memcached, whatever name leads to it.
 *
 * @param id its identity: a random text that it keeps until it is restarted
 * @param name the name that it was last joined by, {@code host:port}
 * @param floor versions below this are void there: they may have missed a clear. Once it has left,
 *     a number that tells when
 * @param change how often it has joined, left or got another name. Of two notes of the same server
 *     the one with the higher number counts; no clock is asked
 * @param joined whether all clears since it joined have reached it
 */
record Member(String id, String name, long floor, long change, boolean joined) {

  private static final Pattern FORM =
      Pattern.compile("(\\S+) (\\S+):(\\d{1,5}) (\\d{1,19}) (\\d{1,18}) (joined|left)");

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
    return new Member(
        fields.group(1),
        address.toString(),
        Long.parseLong(fields.group(4)),
        Long.parseLong(fields.group(5)),
        fields.group(6).equals("joined"));
  }

  String format() {
    return String.join(
        " ", id, name, Long.toString(floor), Long.toString(change), joined ? "joined" : "left");
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
    return new Member(id, name, floor, before == null ? 1 : before.change + 1, true);
  }

  /** Returns the same by a name. */
  Member named(String newName) {
    return newName.equals(name) ? this : new Member(id, newName, floor, change + 1, joined);
  }

  /**
   * Returns the same as it has left.
   *
   * @param now the floor that it would join with now, by which those can be told that left first
   */
  Member left(long now) {
    return new Member(id, name, Math.max(floor, now), change + 1, false);
  }

  /** Returns which of two notes of the same server counts, the same whichever is asked. */
  Member newer(Member other) {
    if (change != other.change) {
      return change > other.change ? this : other;
    }
    // Two processes noted at once: void is safer than in step, and a higher floor than a lower one.
    if (joined != other.joined) {
      return joined ? other : this;
    }
    if (floor != other.floor) {
      return floor > other.floor ? this : other;
    }
    return name.compareTo(other.name) <= 0 ? this : other;
  }
}
