// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.memjcache.chaos.Operation.Entry;

/**
 * Operations that no process did: each makes a recorded history one with a violation. They are made
 * of what is in the history, so that they are as hard to find as real ones.
 */
final class FabricatedViolations {

  private static final long LATER = Duration.ofSeconds(1).toNanos();

  private final List<Operation> puts = new ArrayList<>();
  private final Map<String, Long> lastClears = new HashMap<>();

  /** When the last put of a key began, by its place. */
  private final Map<String, Long> lastPuts = new HashMap<>();

  private Operation expiring;
  private Operation invoke;
  private long end = Long.MIN_VALUE;

  /** Learns what there is in a history of processes that are all strict. */
  FabricatedViolations(Iterable<Operation> history) {
    history.forEach(this::learn);
  }

  private void learn(Operation operation) {
    end = Math.max(end, operation.end());
    if (!operation.done()) {
      return;
    }
    switch (operation.name()) {
      case Operation.CLEAR -> lastClears.merge(operation.place(), operation.start(), Math::max);
      case Operation.INVOKE -> {
        if (!operation.written().isEmpty()) {
          invoke = operation;
        }
      }
      case "put" -> {
        puts.add(operation);
        lastPuts.merge(entryOf(operation), operation.start(), Math::max);
        if (operation.place().endsWith("/" + SharedCaches.SHORT)) {
          expiring = operation;
        }
      }
      default -> {}
    }
  }

  /** Returns an operation that is a violation of this kind, at the end of the history. */
  Operation operation(Violation.Kind kind) {
    return switch (kind) {
      case CLEARED -> read(clearedPut(), clearedPut().place());
      case OUTDATED -> read(replacedPut(), replacedPut().place());
      case EXPIRED -> read(expiring, expiring.place());
      case FOREIGN -> read(puts.get(0), SharedCaches.cache("Another", "rooms"));
      case UNWRITTEN -> {
        Entry entry = puts.get(0).written().get(0);
        yield read(puts.get(0), new Entry(entry.key(), entry.value() + "-nobody"));
      }
      case LOST_UPDATE ->
          new Operation(
              invoke.process(),
              end + LATER,
              end + LATER + 1,
              Operation.INVOKE,
              true,
              invoke.place(),
              0,
              List.of(),
              invoke.written());
    };
  }

  private Operation clearedPut() {
    return puts.stream()
        .filter(put -> lastClear(put.place()) > put.end())
        .findFirst()
        .orElseThrow();
  }

  private Operation replacedPut() {
    return puts.stream()
        .filter(put -> lastPuts.get(entryOf(put)) > put.end())
        .findFirst()
        .orElseThrow();
  }

  private static String entryOf(Operation put) {
    return put.place() + "/" + put.written().get(0).key();
  }

  /** Returns when the last clear began of any level above a place. */
  private long lastClear(String place) {
    return lastClears.entrySet().stream()
        .filter(clear -> (place + "/").startsWith(clear.getKey() + "/"))
        .mapToLong(Map.Entry::getValue)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  private Operation read(Operation put, String place) {
    return read(put, place, put.written().get(0));
  }

  private Operation read(Operation put, Entry entry) {
    return read(put, put.place(), entry);
  }

  private Operation read(Operation put, String place, Entry entry) {
    return new Operation(
        put.process(),
        end + LATER,
        end + LATER + 1,
        "get",
        true,
        place,
        0,
        List.of(entry),
        List.of());
  }
}
