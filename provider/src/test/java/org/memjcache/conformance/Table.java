// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import static org.memjcache.support.Waiting.await;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Runs the whole table on one provider.
 *
 * <p>There is one cache for each situation. Its entries are prepared together: first those that
 * shall be dead, with a life of a moment, then the living ones. Then each operation has keys of its
 * own. Afterwards the operations on whole caches, each on entries of its own.
 */
final class Table {

  private static final String[] COUNTERS = {
    "CacheHits", "CacheMisses", "CachePuts", "CacheRemovals", "CacheEvictions"
  };

  private final CacheManager manager;
  private final Map<Row, Outcome> outcomes = new LinkedHashMap<>();

  private Table(CacheManager manager) {
    this.manager = manager;
  }

  /**
   * Returns what comes of each row, in the order of the table.
   *
   * @param betweenSituations does away with what is left of the caches before
   */
  static Map<Row, Outcome> run(CacheManager manager, Runnable betweenSituations) {
    Table table = new Table(manager);
    int number = 0;
    for (Situation situation : Situation.all()) {
      betweenSituations.run();
      table.new Run(situation, "table-" + number++).run();
    }
    return table.outcomes;
  }

  /** One situation. */
  private final class Run {

    private final Situation situation;
    private final PluginRecorder recorder = new PluginRecorder();
    private final Cache<String, String> cache;
    private final @Nullable ObjectName statistics;
    private final Map<Row, Set<String>> keysOfRows = new LinkedHashMap<>();
    private final Map<Row, Set<String>> unseen = new LinkedHashMap<>();
    private Map<String, Long> counted = new TreeMap<>();

    Run(Situation situation, String name) {
      this.situation = situation;
      this.cache = manager.createCache(name, situation.configuration(recorder));
      this.statistics = situation.statistics() ? statisticsOf(name) : null;
    }

    void run() {
      operations();
      if (situation.takesOperationsOnAll()) {
        operationsOnAll();
      }
      cache.close(); // asynchronous listeners have heard everything now
      keysOfRows.forEach(
          (row, keys) -> {
            for (String key : keys) {
              if (!recorder.events(key).isEmpty()) {
                outcomes.get(row).events.put(Presence.of(key), recorder.events(key));
              }
            }
          });
    }

    private void operations() {
      Map<Operation, List<Set<String>>> keysOf = new LinkedHashMap<>();
      Set<String> all = new LinkedHashSet<>();
      int row = 0;
      for (Operation operation : Operation.values()) {
        if (!situation.takes(operation)) {
          continue;
        }
        List<Set<String>> rows = new ArrayList<>();
        if (operation.isBatch()) {
          Set<String> keys = new LinkedHashSet<>();
          for (Presence presence : situation.presences()) {
            keys.add(presence.key(row));
          }
          rows.add(keys);
          row++;
        } else {
          for (Presence presence : situation.presences()) {
            rows.add(new LinkedHashSet<>(Set.of(presence.key(row++))));
          }
        }
        rows.forEach(all::addAll);
        keysOf.put(operation, rows);
      }
      prepare(all);
      keysOf.forEach(
          (operation, rows) -> {
            for (Set<String> keys : rows) {
              String presence =
                  keys.size() > 1 ? Row.SEVERAL : Presence.of(keys.iterator().next()).name();
              measure(
                  new Row(situation, operation.name(), presence),
                  keys,
                  () -> operation.on(cache, keys));
            }
          });
      look();
    }

    private void operationsOnAll() {
      int row = 1_000_000;
      for (Operation.OfAll operation : Operation.OfAll.values()) {
        if (operation.isMisuse() && situation.policy() != PolicyKind.ETERNAL) {
          continue;
        }
        Set<String> keys = new LinkedHashSet<>();
        for (Presence presence : situation.presences()) {
          keys.add(presence.key(row));
        }
        row++;
        recorder.probe();
        cache.clear();
        prepare(keys);
        measure(
            new Row(situation, operation.name(), "all entries"), keys, () -> operation.on(cache));
        look();
      }
    }

    private void prepare(Set<String> keys) {
      int before = recorder.preparedHeard();
      Map<String, String> dying = new LinkedHashMap<>();
      Map<String, String> living = new LinkedHashMap<>();
      for (String key : keys) {
        switch (Presence.of(key)) {
          case PRESENT -> living.put(key, PluginRecorder.OLD);
          case DEAD -> dying.put(key, PluginRecorder.OLD);
          case ABSENT -> {}
        }
      }
      recorder.prepareDying();
      cache.putAll(dying);
      long dead = System.currentTimeMillis() + 2;
      recorder.prepareLiving();
      cache.putAll(living);
      recorder.probe();
      if (situation.listener().isAsynchronous()) {
        await("all prepared entries were heard of")
            .until(() -> recorder.preparedHeard() - before == dying.size() + living.size());
      }
      await("the dying entries are dead").until(() -> System.currentTimeMillis() > dead);
      counted = counters();
    }

    private void measure(Row row, Set<String> keys, Supplier<@Nullable Object> work) {
      Outcome outcome = new Outcome();
      outcomes.put(row, outcome);
      unseen.put(row, keys);
      recorder.measure();
      try {
        outcome.result = Outcome.result(work.get());
      } catch (RuntimeException e) {
        outcome.result = Outcome.failure(e);
      }
      recorder.probe();
      outcome.writerCalls = recorder.writerCalls();
      outcome.loaderCalls = recorder.loaderCalls();
      outcome.policyCalls = recorder.policyCalls();
      outcome.statistics = countedSinceLastTime();
    }

    /** Looks at the entries of the rows that were run since the last time. */
    private void look() {
      Set<String> all = new LinkedHashSet<>();
      unseen.values().forEach(all::addAll);
      Map<String, String> found = cache.getAll(all);
      unseen.forEach(
          (row, keys) -> {
            for (String key : keys) {
              if (found.containsKey(key)) {
                outcomes.get(row).content.put(Presence.of(key), found.get(key));
              }
            }
          });
      keysOfRows.putAll(unseen);
      unseen.clear();
    }

    private Map<String, Long> countedSinceLastTime() {
      Map<String, Long> now = counters();
      Map<String, Long> grown = new TreeMap<>();
      now.forEach(
          (counter, count) -> {
            if (count > counted.get(counter)) {
              grown.put(counter, count - counted.get(counter));
            }
          });
      counted = now;
      return grown;
    }

    private Map<String, Long> counters() {
      Map<String, Long> counts = new TreeMap<>();
      if (statistics != null) {
        try {
          MBeanServer server = ManagementFactory.getPlatformMBeanServer();
          server
              .getAttributes(statistics, COUNTERS)
              .asList()
              .forEach(counter -> counts.put(counter.getName(), (Long) counter.getValue()));
        } catch (JMException e) {
          throw new AssertionError(e);
        }
      }
      return counts;
    }
  }

  private static ObjectName statisticsOf(String cacheName) {
    try {
      ObjectName pattern =
          new ObjectName("javax.cache:type=CacheStatistics,Cache=" + cacheName + ",*");
      Set<ObjectName> found = ManagementFactory.getPlatformMBeanServer().queryNames(pattern, null);
      if (found.size() != 1) {
        throw new AssertionError("Statistics of " + cacheName + ": " + found);
      }
      return found.iterator().next();
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }
}
