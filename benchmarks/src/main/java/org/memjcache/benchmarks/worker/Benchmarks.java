// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.util.Map;
import org.memjcache.benchmarks.contestant.Operation;
import org.openjdk.jmh.annotations.Benchmark;

/** One method for each operation. Each checks that it got what it had to get. */
public class Benchmarks {

  private static final int WRITE_EVERY = 10;

  /** Creates the benchmarks for JMH. */
  public Benchmarks() {}

  /** Returns the name of the method for an operation. */
  static String method(Operation operation) {
    return switch (operation) {
      case GET -> "get";
      case GET_ZIPF -> "getZipf";
      case GET_MISS -> "getMiss";
      case PUT -> "put";
      case MIXED -> "mixed";
      case PUT_IF_ABSENT -> "putIfAbsent";
      case INVOKE -> "invoke";
      case GET_ALL -> "getAll";
      case PUT_ALL -> "putAll";
      case CLEAR -> "clear";
      case REMOVE_ALL -> "removeAll";
      case ITERATE -> "iterate";
    };
  }

  /**
   * Reads an entry that is there.
   *
   * @param subject the contestant
   * @param turn which entry
   * @return its value
   */
  @Benchmark
  public String get(Subject subject, Turn turn) {
    return read(subject, turn.any(subject.keys));
  }

  /**
   * Reads an entry that is there, the first ones much more often.
   *
   * @param subject the contestant
   * @param turn which entry
   * @return its value
   */
  @Benchmark
  public String getZipf(Subject subject, Turn turn) {
    return read(subject, turn.anyByRank(subject.keys));
  }

  private static String read(Subject subject, String key) {
    String value = subject.contestant.get(key);
    if (value == null) {
      throw new IllegalStateException("an entry is missing");
    }
    return value;
  }

  /**
   * Reads an entry that isn't there.
   *
   * @param subject the contestant
   * @param turn which entry
   */
  @Benchmark
  public void getMiss(Subject subject, Turn turn) {
    if (subject.contestant.get(turn.any(subject.absentKeys)) != null) {
      throw new IllegalStateException("unexpected entry: no benchmark wrote it");
    }
  }

  /**
   * Writes an entry.
   *
   * @param subject the contestant
   * @param turn which entry
   */
  @Benchmark
  public void put(Subject subject, Turn turn) {
    subject.contestant.put(turn.any(subject.keys), subject.value);
  }

  /**
   * Reads nine times, writes once.
   *
   * @param subject the contestant
   * @param turn which entry
   */
  @Benchmark
  public void mixed(Subject subject, Turn turn) {
    if (turn.next() % WRITE_EVERY == 0) {
      put(subject, turn);
    } else {
      get(subject, turn);
    }
  }

  /**
   * Writes an entry that isn't there.
   *
   * @param subject the contestant
   * @param turn which entry
   */
  @Benchmark
  public void putIfAbsent(Subject subject, Turn turn) {
    if (!subject.contestant.putIfAbsent(turn.freshKey(), subject.value)) {
      throw new IllegalStateException("unexpected entry: no benchmark wrote it");
    }
  }

  /**
   * Adds one to a number.
   *
   * @param subject the contestant
   * @param turn which number
   * @return the number
   */
  @Benchmark
  public long invoke(Subject subject, Turn turn) {
    return subject.contestant.increment(turn.any(subject.numbers));
  }

  /**
   * Reads many entries.
   *
   * @param subject the contestant
   * @param turn which ones
   * @return the entries
   */
  @Benchmark
  public Map<String, String> getAll(Subject subject, Turn turn) {
    Map<String, String> found =
        subject.contestant.getAll(subject.batchOfKeys(turn.random(subject.entries)));
    if (found.size() != Operation.BATCH) {
      throw new IllegalStateException("entries are missing: found only " + found.size());
    }
    return found;
  }

  /**
   * Writes many entries.
   *
   * @param subject the contestant
   * @param turn which ones
   */
  @Benchmark
  public void putAll(Subject subject, Turn turn) {
    subject.contestant.putAll(subject.batch(turn.random(subject.entries), Operation.BATCH));
  }

  /**
   * Clears the entries.
   *
   * @param subject the contestant
   */
  @Benchmark
  public void clear(Refilled subject) {
    subject.contestant.clear();
  }

  /**
   * Removes the entries.
   *
   * @param subject the contestant
   */
  @Benchmark
  public void removeAll(Refilled subject) {
    subject.contestant.removeAll();
  }

  /**
   * Walks over all entries.
   *
   * @param subject the contestant
   */
  @Benchmark
  public void iterate(Subject subject) {
    int count = subject.contestant.iterate();
    if (count != subject.entries) {
      throw new IllegalStateException("expected " + subject.entries + " entries, found " + count);
    }
  }
}
