// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One operation of a history, as a line of text.
 *
 * <p>A value tells where it belongs and that nobody else wrote it: {@code
 * application/tenant/cache/key#unique}. The value of a counter ends with {@code .number}, and what
 * stands between {@code #} and the last point is the counter's life: from the operation that found
 * it absent until it is gone.
 *
 * @param process who did it
 * @param start when it began, as of {@link System#nanoTime()}, which all processes of a machine
 *     share
 * @param end when it returned or failed
 * @param name the method; {@link #CLEAR} is told apart
 * @param done whether it returned; if not, it may or may not have happened
 * @param place the level that was cleared, else the cache: {@code application/tenant/cache}
 * @param missed how many entries were asked for and absent
 * @param seen the entries that were there at some time after the start
 * @param written the entries that may have been written; of an {@link #INVOKE} that was done only
 *     the last one was
 */
record Operation(
    String process,
    long start,
    long end,
    String name,
    boolean done,
    String place,
    int missed,
    List<Entry> seen,
    List<Entry> written) {

  static final String CLEAR = "clear";
  static final String INVOKE = "invoke";

  /** As the names of all operations begin that only read. */
  static final String GET = "get";

  /** What stands for a value where the entry was removed. */
  static final String REMOVED = "";

  /** What replaces or removes an entry whatever it is. */
  private static final Set<String> UNCONDITIONAL = Set.of("put", "putAll", "remove", INVOKE);

  private static final String NOTHING = "-";

  /** An entry as it was seen or written. */
  record Entry(String key, String value) {

    /** Returns the life of a counter, null if the value isn't one of a counter. */
    String life() {
      int point = value.lastIndexOf('.');
      return point < 0 ? null : value.substring(0, point);
    }

    long number() {
      return Long.parseLong(value.substring(value.lastIndexOf('.') + 1));
    }
  }

  static Operation parse(String line) {
    String[] parts = line.split(" ");
    return new Operation(
        parts[0],
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        parts[3],
        parts[4].equals("done"),
        parts[5],
        Integer.parseInt(parts[6]),
        entries(parts[7]),
        entries(parts[8]));
  }

  private static List<Entry> entries(String text) {
    if (text.equals(NOTHING)) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>(1);
    for (String entry : text.split(",")) {
      int equals = entry.indexOf('=');
      entries.add(new Entry(entry.substring(0, equals), entry.substring(equals + 1)));
    }
    return entries;
  }

  /** Returns the line that {@link #parse} reads. */
  String line() {
    StringBuilder line = new StringBuilder(100);
    line.append(process).append(' ').append(start).append(' ').append(end).append(' ');
    line.append(name).append(' ').append(done ? "done" : "failed").append(' ');
    line.append(place).append(' ').append(missed).append(' ');
    append(line, seen);
    line.append(' ');
    append(line, written);
    return line.toString();
  }

  private static void append(StringBuilder line, List<Entry> entries) {
    if (entries.isEmpty()) {
      line.append(NOTHING);
    }
    for (int i = 0; i < entries.size(); i++) {
      line.append(i == 0 ? "" : ",").append(entries.get(i).key).append('=');
      line.append(entries.get(i).value);
    }
  }

  /** Returns whether what was there of the entries that it has written is gone. */
  boolean outdatesEntries() {
    return done && UNCONDITIONAL.contains(name);
  }

  boolean isClear() {
    return name.equals(CLEAR);
  }
}
