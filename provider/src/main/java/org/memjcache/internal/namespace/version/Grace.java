// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace.version;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.common.VersionTime;

/**
 * What may still be served of a level that was cleared softly: entries that are stored under older
 * versions of it, those of each until a deadline. Beside a version, memcached keeps it as an item
 * of its own, which is written before the version comes into force and never changed.
 *
 * <p>Immutable.
 *
 * @param older the newest first
 */
public record Grace(List<Older> older) {

  /** Of a version that came into force by a hard clear, or so long ago that nothing is left. */
  public static final Grace NONE = new Grace(List.of());

  /**
   * How many older versions are kept. Each is looked under when an entry is loaded that was not
   * loaded since, so they have to be few.
   */
  static final int MOST = 4;

  /**
   * A version that was in force before.
   *
   * @param clearedAt when it was replaced, in milliseconds since 1970
   * @param deadline in milliseconds since 1970: from then on, nothing stored under it is served
   */
  public record Older(long version, long clearedAt, long deadline) {}

  public Grace {
    older = List.copyOf(older);
  }

  /**
   * Returns the grace of the version that comes into force when a level is cleared softly. What was
   * cleared before is served no longer than what is cleared now: it was there before this clear,
   * too.
   */
  public Grace and(Older replaced) {
    List<Older> all = new ArrayList<>(MOST);
    all.add(replaced);
    for (Older each : older.subList(0, Math.min(older.size(), MOST - 1))) {
      all.add(new Older(each.version, each.clearedAt, Math.min(each.deadline, replaced.deadline)));
    }
    return new Grace(all);
  }

  /** Returns what is left of it at a moment, in milliseconds since 1970. */
  public Grace at(long now) {
    if (older.isEmpty()) {
      return this;
    }
    return new Grace(older.stream().filter(each -> now < each.deadline).toList());
  }

  /** Returns when nothing is left of it, in milliseconds since 1970. */
  public long end() {
    return older.stream().mapToLong(Older::deadline).max().orElse(0);
  }

  /** Returns it as the text of its item: {@code version:cleared:deadline}, separated by spaces. */
  public byte[] encode() {
    return older.stream()
        .map(each -> each.version + ":" + each.clearedAt + ":" + each.deadline)
        .collect(Collectors.joining(" "))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns what an item says.
   *
   * @param item null if there is none; what is no grace says that there is none
   */
  public static Grace decode(@Nullable Item item) {
    if (item == null) {
      return NONE;
    }
    List<Older> all = new ArrayList<>(1);
    for (String one : new String(item.data(), StandardCharsets.ISO_8859_1).split(" ", MOST + 1)) {
      String[] numbers = one.split(":", -1);
      if (numbers.length != 3 || all.size() == MOST) {
        return NONE;
      }
      try {
        Older read =
            new Older(
                Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
        if (read.version < VersionTime.SMALLEST) {
          return NONE;
        }
        all.add(read);
      } catch (NumberFormatException e) {
        return NONE;
      }
    }
    return new Grace(all);
  }
}
