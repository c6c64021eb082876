// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.Comparator;
import java.util.Locale;
import org.memjcache.cli.walk.LevelUsage;

/** By what the levels of {@link TenantsCommand} are sorted. */
enum LevelOrder {
  /** Largest first. */
  BYTES,
  /** Most first. */
  ITEMS,
  /** Most bytes first. */
  GARBAGE,
  /** Longest first. */
  OLDEST,
  /** In the order of the alphabet. */
  NAME;

  Comparator<LevelUsage> order() {
    Comparator<LevelUsage> order =
        switch (this) {
          case BYTES -> Comparator.comparingLong(LevelUsage::bytes).reversed();
          case ITEMS -> Comparator.comparingLong(LevelUsage::items).reversed();
          case GARBAGE -> Comparator.comparingLong(LevelUsage::garbageBytes).reversed();
          case OLDEST -> Comparator.comparingLong(LevelUsage::oldest).reversed();
          case NAME -> Comparator.comparing(LevelUsage::name);
        };
    return order.thenComparing(LevelUsage::name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
