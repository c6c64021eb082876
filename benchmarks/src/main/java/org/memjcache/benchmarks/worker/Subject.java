// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.benchmarks.contestant.Contestant;
import org.memjcache.benchmarks.contestant.Operation;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The contestant of this JVM, and the entries it is measured with. */
@State(Scope.Benchmark)
public class Subject {

  /** How many entries one call fills in. */
  private static final int FILL_BATCH = 1_000;

  /** How many numbers there are for entry processors. */
  private static final int NUMBERS = 1_000;

  /** How many entries are looked at to find out whether all are there. */
  private static final int SAMPLES = 20;

  private static @Nullable Contestant used;

  /** Length of the values. */
  @Param("100")
  int valueSize;

  /** How many entries there are. */
  @Param("10000")
  int entries;

  Contestant contestant = unset();
  String value = "";
  String[] keys = {};
  String[] absentKeys = {};
  String[] numbers = {};

  /** Creates a state for JMH. */
  public Subject() {}

  /** Names the contestant for all that is measured in this JVM. */
  static void use(Contestant contestant) {
    used = contestant;
  }

  private static Contestant unset() {
    if (used == null) {
      throw new IllegalStateException("No contestant is named");
    }
    return used;
  }

  /** Sees to it that the entries are there, with values of the right size. */
  @Setup(Level.Trial)
  public void prepare() {
    value = "v".repeat(valueSize);
    keys = names("entry:");
    absentKeys = names("absent:");
    numbers = new String[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      numbers[i] = "number:" + i;
    }
    if (!isFilled()) {
      fill();
    }
  }

  private String[] names(String prefix) {
    String[] names = new String[entries];
    for (int i = 0; i < entries; i++) {
      names[i] = prefix + i;
    }
    return names;
  }

  /** Looks at some entries. */
  final boolean isFilled() {
    for (int i = 0; i < SAMPLES; i++) {
      String found = contestant.get(keys[(int) ((long) i * (entries - 1) / SAMPLES)]);
      if (found == null || found.length() != valueSize) {
        return false;
      }
    }
    return true;
  }

  /** Writes all entries. */
  final void fill() {
    for (int from = 0; from < entries; from += FILL_BATCH) {
      contestant.putAll(batch(from, Math.min(FILL_BATCH, entries - from)));
    }
  }

  /** Returns entries from one index on, around the end if need be. */
  final Map<String, String> batch(int from, int count) {
    Map<String, String> batch = new LinkedHashMap<>(count * 4 / 3 + 1);
    for (int i = 0; i < count; i++) {
      batch.put(keys[(from + i) % entries], value);
    }
    return batch;
  }

  /** Returns the keys of entries from one index on, around the end if need be. */
  final Set<String> batchOfKeys(int from) {
    Set<String> batch = new LinkedHashSet<>(Operation.BATCH * 4 / 3 + 1);
    for (int i = 0; i < Operation.BATCH; i++) {
      batch.add(keys[(from + i) % entries]);
    }
    return batch;
  }
}
