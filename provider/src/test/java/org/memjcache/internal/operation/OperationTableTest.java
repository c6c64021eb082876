// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each operation on an entry that is absent, present, past its deadline or unreadable: what it
 * returns, what is stored then, what is counted, what listener and writer hear, and which round
 * trips it takes. An entry that is present has the value {@code old}.
 */
class OperationTableTest {

  private static final Map<String, Function<MemoryCache, Object>> OPERATIONS =
      Map.ofEntries(
          Map.entry("get", cache -> cache.reads.get("k")),
          Map.entry("getAll", cache -> cache.reads.getAll(Set.of("k"))),
          Map.entry("containsKey", cache -> cache.reads.containsKey("k")),
          Map.entry("put", cache -> done(() -> cache.writes.put("k", "new"))),
          Map.entry("putAll", cache -> done(() -> cache.writes.putAll(Map.of("k", "new")))),
          Map.entry("putIfAbsent", cache -> cache.writes.putIfAbsent("k", "new")),
          Map.entry("getAndPut", cache -> cache.writes.getAndPut("k", "new")),
          Map.entry("replace", cache -> cache.writes.replace("k", "new")),
          Map.entry("replace old", cache -> cache.writes.replace("k", "old", "new")),
          Map.entry("replace other", cache -> cache.writes.replace("k", "other", "new")),
          Map.entry("getAndReplace", cache -> cache.writes.getAndReplace("k", "new")),
          Map.entry("remove", cache -> cache.removals.remove("k")),
          Map.entry("remove old", cache -> cache.removals.remove("k", "old")),
          Map.entry("remove other", cache -> cache.removals.remove("k", "other")),
          Map.entry("getAndRemove", cache -> cache.removals.getAndRemove("k")),
          Map.entry("removeAll k", cache -> done(() -> cache.removals.removeAll(Set.of("k")))),
          Map.entry("removeAll", cache -> done(cache.removals::removeAll)),
          Map.entry("clear", cache -> done(cache.removals::clear)),
          Map.entry("invoke exists", cache -> invoke(cache, "exists")),
          Map.entry("invoke get", cache -> invoke(cache, "get")),
          Map.entry("invoke set", cache -> invoke(cache, "set")),
          Map.entry("invoke remove", cache -> invoke(cache, "remove")),
          Map.entry("invokeAll set", OperationTableTest::invokeAll),
          Map.entry("iterator", cache -> iterate(cache, false)),
          Map.entry("iterator remove", cache -> iterate(cache, true)));

  private static Object done(Runnable work) {
    work.run();
    return "-";
  }

  private static Object invoke(MemoryCache cache, String what) {
    return cache.processors.invoke(
        "k",
        (entry, arguments) -> {
          switch (what) {
            case "exists" -> {
              return entry.exists();
            }
            case "set" -> entry.setValue("new");
            case "remove" -> entry.remove();
            default -> {}
          }
          return entry.getValue();
        });
  }

  private static Object invokeAll(MemoryCache cache) {
    return cache
        .processors
        .invokeAll(
            Set.of("k"),
            (entry, arguments) -> {
              entry.setValue("new");
              return "set";
            })
        .get("k")
        .get();
  }

  private static Object iterate(MemoryCache cache, boolean remove) {
    List<String> seen = new ArrayList<>();
    for (EntryIterator<String, String> i = new EntryIterator<>(cache.context, () -> false);
        i.hasNext(); ) {
      Cache.Entry<String, String> entry = i.next();
      seen.add(entry.toString());
      if (remove) {
        i.remove();
      }
    }
    return seen;
  }

  private static List<String> columns(MemoryCache cache, String operation, String state) {
    cache.prepare(state);
    String returned = String.valueOf(OPERATIONS.get(operation).apply(cache));
    List<String> trips = List.copyOf(cache.store.trips());
    return List.of(
        returned,
        cache.stored("k"),
        cache.counts(),
        joined(cache.events),
        joined(cache.writer.calls()),
        joined(trips));
  }

  private static String joined(List<String> parts) {
    return parts.isEmpty() ? "-" : String.join(", ", parts);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # operation     | entry      | returns | then       | counted      | round trips
          get             | absent     | null    | absent     | miss         | read
          get             | present    | old     | old        | hit          | read
          get             | dead       | null    | dead       | miss         | read
          get             | unreadable | null    | unreadable | miss         | read
          getAll          | absent     | {}      | absent     | miss         | read
          getAll          | present    | {k=old} | old        | hit          | read
          getAll          | dead       | {}      | dead       | miss         | read
          getAll          | unreadable | {}      | unreadable | miss         | read
          containsKey     | absent     | false   | absent     | -            | read
          containsKey     | present    | true    | old        | -            | read
          containsKey     | dead       | false   | dead       | -            | read
          containsKey     | unreadable | false   | unreadable | -            | read
          iterator        | absent     | []      | absent     | -            | scan
          iterator        | present    | [k=old] | old        | hit          | scan
          iterator        | dead       | []      | dead       | -            | scan
          iterator        | unreadable | []      | unreadable | -            | scan
          put             | absent     | -       | new        | put          | set
          put             | present    | -       | new        | put          | set
          put             | dead       | -       | new        | put          | set
          put             | unreadable | -       | new        | put          | set
          putAll          | absent     | -       | new        | put          | set
          putAll          | present    | -       | new        | put          | set
          putAll          | dead       | -       | new        | put          | set
          putAll          | unreadable | -       | new        | put          | set
          putIfAbsent     | absent     | true    | new        | miss, put    | add
          putIfAbsent     | present    | false   | old        | hit          | add, read
          putIfAbsent     | dead       | true    | new        | miss, put    | add, read, change
          putIfAbsent     | unreadable | true    | new        | miss, put    | add, read, change
          getAndPut       | absent     | null    | new        | miss, put    | read, change
          getAndPut       | present    | old     | new        | hit, put     | read, change
          getAndPut       | dead       | null    | new        | miss, put    | read, change
          getAndPut       | unreadable | null    | new        | miss, put    | read, change
          replace         | absent     | false   | absent     | miss         | read
          replace         | present    | true    | new        | hit, put     | read, change
          replace         | dead       | false   | dead       | miss         | read
          replace         | unreadable | false   | unreadable | miss         | read
          replace old     | absent     | false   | absent     | miss         | read
          replace old     | present    | true    | new        | hit, put     | read, change
          replace old     | dead       | false   | dead       | miss         | read
          replace old     | unreadable | false   | unreadable | miss         | read
          replace other   | absent     | false   | absent     | miss         | read
          replace other   | present    | false   | old        | hit          | read
          replace other   | dead       | false   | dead       | miss         | read
          replace other   | unreadable | false   | unreadable | miss         | read
          getAndReplace   | absent     | null    | absent     | miss         | read
          getAndReplace   | present    | old     | new        | hit, put     | read, change
          getAndReplace   | dead       | null    | dead       | miss         | read
          getAndReplace   | unreadable | null    | unreadable | miss         | read
          remove          | absent     | false   | absent     | -            | delete
          remove          | present    | true    | absent     | removal      | delete
          remove          | dead       | true    | absent     | removal      | delete
          remove          | unreadable | true    | absent     | removal      | delete
          remove old      | absent     | false   | absent     | miss         | read
          remove old      | present    | true    | absent     | hit, removal | read, change
          remove old      | dead       | false   | dead       | miss         | read
          remove old      | unreadable | false   | unreadable | miss         | read
          remove other    | absent     | false   | absent     | miss         | read
          remove other    | present    | false   | old        | hit          | read
          remove other    | dead       | false   | dead       | miss         | read
          remove other    | unreadable | false   | unreadable | miss         | read
          getAndRemove    | absent     | null    | absent     | miss         | read
          getAndRemove    | present    | old     | absent     | hit, removal | read, change
          getAndRemove    | dead       | null    | absent     | miss         | read, change
          getAndRemove    | unreadable | null    | absent     | miss         | read, change
          removeAll k     | absent     | -       | absent     | -            | delete
          removeAll k     | present    | -       | absent     | removal      | delete
          removeAll k     | dead       | -       | absent     | removal      | delete
          removeAll k     | unreadable | -       | absent     | removal      | delete
          removeAll       | absent     | -       | absent     | -            | scan
          removeAll       | present    | -       | absent     | removal      | scan, delete
          removeAll       | dead       | -       | dead       | -            | scan
          removeAll       | unreadable | -       | unreadable | -            | scan
          clear           | absent     | -       | absent     | -            | clear
          clear           | present    | -       | absent     | -            | clear
          clear           | dead       | -       | absent     | -            | clear
          clear           | unreadable | -       | absent     | -            | clear
          iterator remove | absent     | []      | absent     | -            | scan
          iterator remove | present    | [k=old] | absent     | hit, removal | scan, read, change
          iterator remove | dead       | []      | dead       | -            | scan
          iterator remove | unreadable | []      | unreadable | -            | scan
          invoke exists   | absent     | false   | absent     | miss         | read
          invoke exists   | present    | true    | old        | hit          | read
          invoke exists   | dead       | false   | dead       | miss         | read
          invoke exists   | unreadable | false   | unreadable | miss         | read
          invoke get      | absent     | null    | absent     | miss         | read
          invoke get      | present    | old     | old        | hit          | read
          invoke get      | dead       | null    | dead       | miss         | read
          invoke get      | unreadable | null    | unreadable | miss         | read
          invoke set      | absent     | new     | new        | miss, put    | read, change
          invoke set      | present    | new     | new        | hit, put     | read, change
          invoke set      | dead       | new     | new        | miss, put    | read, change
          invoke set      | unreadable | new     | new        | miss, put    | read, change
          invoke remove   | absent     | null    | absent     | miss         | read
          invoke remove   | present    | null    | absent     | hit, removal | read, change
          invoke remove   | dead       | null    | absent     | miss         | read, change
          invoke remove   | unreadable | null    | absent     | miss         | read, change
          invokeAll set   | absent     | set     | new        | miss, put    | read, change
          invokeAll set   | present    | set     | new        | hit, put     | read, change
          invokeAll set   | dead       | set     | new        | miss, put    | read, change
          invokeAll set   | unreadable | set     | new        | miss, put    | read, change
          """)
  void operation_eternalAndUnheard_doesWhatTheTableSays(
      String operation, String state, String returned, String stored, String counts, String trips) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());

    assertThat(columns(cache, operation, state))
        .containsExactly(returned, stored, counts, "-", "-", trips);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # operation     | entry      | returns | then       | counted      | events          | writer        | round trips
          get             | absent     | null    | absent     | miss         | -               | -             | read
          get             | present    | old     | old        | hit          | -               | -             | read
          get             | dead       | null    | dead       | miss         | -               | -             | read
          get             | unreadable | null    | unreadable | miss         | -               | -             | read
          getAll          | absent     | {}      | absent     | miss         | -               | -             | read
          getAll          | present    | {k=old} | old        | hit          | -               | -             | read
          getAll          | dead       | {}      | dead       | miss         | -               | -             | read
          getAll          | unreadable | {}      | unreadable | miss         | -               | -             | read
          containsKey     | absent     | false   | absent     | -            | -               | -             | read
          containsKey     | present    | true    | old        | -            | -               | -             | read
          containsKey     | dead       | false   | dead       | -            | -               | -             | read
          containsKey     | unreadable | false   | unreadable | -            | -               | -             | read
          iterator        | absent     | []      | absent     | -            | -               | -             | scan
          iterator        | present    | [k=old] | old        | hit          | -               | -             | scan
          iterator        | dead       | []      | dead       | -            | -               | -             | scan
          iterator        | unreadable | []      | unreadable | -            | -               | -             | scan
          put             | absent     | -       | new        | put          | created new     | write k       | read, change
          put             | present    | -       | new        | put          | updated old>new | write k       | read, change
          put             | dead       | -       | new        | put          | created new     | write k       | read, change
          put             | unreadable | -       | new        | put          | created new     | write k       | read, change
          putAll          | absent     | -       | new        | put          | created new     | writeAll [k]  | read, change
          putAll          | present    | -       | new        | put          | updated old>new | writeAll [k]  | read, change
          putAll          | dead       | -       | new        | put          | created new     | writeAll [k]  | read, change
          putAll          | unreadable | -       | new        | put          | created new     | writeAll [k]  | read, change
          putIfAbsent     | absent     | true    | new        | miss, put    | created new     | write k       | read, change
          putIfAbsent     | present    | false   | old        | hit          | -               | -             | read
          putIfAbsent     | dead       | true    | new        | miss, put    | created new     | write k       | read, change
          putIfAbsent     | unreadable | true    | new        | miss, put    | created new     | write k       | read, change
          getAndPut       | absent     | null    | new        | miss, put    | created new     | write k       | read, change
          getAndPut       | present    | old     | new        | hit, put     | updated old>new | write k       | read, change
          getAndPut       | dead       | null    | new        | miss, put    | created new     | write k       | read, change
          getAndPut       | unreadable | null    | new        | miss, put    | created new     | write k       | read, change
          replace         | absent     | false   | absent     | miss         | -               | -             | read
          replace         | present    | true    | new        | hit, put     | updated old>new | write k       | read, change
          replace         | dead       | false   | dead       | miss         | -               | -             | read
          replace         | unreadable | false   | unreadable | miss         | -               | -             | read
          replace old     | absent     | false   | absent     | miss         | -               | -             | read
          replace old     | present    | true    | new        | hit, put     | updated old>new | write k       | read, change
          replace old     | dead       | false   | dead       | miss         | -               | -             | read
          replace old     | unreadable | false   | unreadable | miss         | -               | -             | read
          replace other   | absent     | false   | absent     | miss         | -               | -             | read
          replace other   | present    | false   | old        | hit          | -               | -             | read
          replace other   | dead       | false   | dead       | miss         | -               | -             | read
          replace other   | unreadable | false   | unreadable | miss         | -               | -             | read
          getAndReplace   | absent     | null    | absent     | miss         | -               | -             | read
          getAndReplace   | present    | old     | new        | hit, put     | updated old>new | write k       | read, change
          getAndReplace   | dead       | null    | dead       | miss         | -               | -             | read
          getAndReplace   | unreadable | null    | unreadable | miss         | -               | -             | read
          remove          | absent     | false   | absent     | -            | -               | delete k      | read
          remove          | present    | true    | absent     | removal      | removed old     | delete k      | read, change
          remove          | dead       | false   | absent     | -            | -               | delete k      | read, change
          remove          | unreadable | false   | absent     | -            | -               | delete k      | read, change
          remove old      | absent     | false   | absent     | miss         | -               | -             | read
          remove old      | present    | true    | absent     | hit, removal | removed old     | delete k      | read, change
          remove old      | dead       | false   | dead       | miss         | -               | -             | read
          remove old      | unreadable | false   | unreadable | miss         | -               | -             | read
          remove other    | absent     | false   | absent     | miss         | -               | -             | read
          remove other    | present    | false   | old        | hit          | -               | -             | read
          remove other    | dead       | false   | dead       | miss         | -               | -             | read
          remove other    | unreadable | false   | unreadable | miss         | -               | -             | read
          getAndRemove    | absent     | null    | absent     | miss         | -               | delete k      | read
          getAndRemove    | present    | old     | absent     | hit, removal | removed old     | delete k      | read, change
          getAndRemove    | dead       | null    | absent     | miss         | -               | delete k      | read, change
          getAndRemove    | unreadable | null    | absent     | miss         | -               | delete k      | read, change
          removeAll k     | absent     | -       | absent     | -            | -               | deleteAll [k] | read
          removeAll k     | present    | -       | absent     | removal      | removed old     | deleteAll [k] | read, change
          removeAll k     | dead       | -       | absent     | -            | -               | deleteAll [k] | read, change
          removeAll k     | unreadable | -       | absent     | -            | -               | deleteAll [k] | read, change
          removeAll       | absent     | -       | absent     | -            | -               | -             | scan
          removeAll       | present    | -       | absent     | removal      | removed old     | deleteAll [k] | scan, read, change
          removeAll       | dead       | -       | dead       | -            | -               | -             | scan
          removeAll       | unreadable | -       | unreadable | -            | -               | -             | scan
          clear           | absent     | -       | absent     | -            | -               | -             | clear
          clear           | present    | -       | absent     | -            | -               | -             | clear
          clear           | dead       | -       | absent     | -            | -               | -             | clear
          clear           | unreadable | -       | absent     | -            | -               | -             | clear
          iterator remove | absent     | []      | absent     | -            | -               | -             | scan
          iterator remove | present    | [k=old] | absent     | hit, removal | removed old     | delete k      | scan, read, change
          iterator remove | dead       | []      | dead       | -            | -               | -             | scan
          iterator remove | unreadable | []      | unreadable | -            | -               | -             | scan
          invoke exists   | absent     | false   | absent     | miss         | -               | -             | read
          invoke exists   | present    | true    | old        | hit          | -               | -             | read
          invoke exists   | dead       | false   | dead       | miss         | -               | -             | read
          invoke exists   | unreadable | false   | unreadable | miss         | -               | -             | read
          invoke get      | absent     | null    | absent     | miss         | -               | -             | read
          invoke get      | present    | old     | old        | hit          | -               | -             | read
          invoke get      | dead       | null    | dead       | miss         | -               | -             | read
          invoke get      | unreadable | null    | unreadable | miss         | -               | -             | read
          invoke set      | absent     | new     | new        | miss, put    | created new     | write k       | read, change
          invoke set      | present    | new     | new        | hit, put     | updated old>new | write k       | read, change
          invoke set      | dead       | new     | new        | miss, put    | created new     | write k       | read, change
          invoke set      | unreadable | new     | new        | miss, put    | created new     | write k       | read, change
          invoke remove   | absent     | null    | absent     | miss         | -               | delete k      | read
          invoke remove   | present    | null    | absent     | hit, removal | removed old     | delete k      | read, change
          invoke remove   | dead       | null    | absent     | miss         | -               | delete k      | read, change
          invoke remove   | unreadable | null    | absent     | miss         | -               | delete k      | read, change
          invokeAll set   | absent     | set     | new        | miss, put    | created new     | write k       | read, change
          invokeAll set   | present    | set     | new        | hit, put     | updated old>new | write k       | read, change
          invokeAll set   | dead       | set     | new        | miss, put    | created new     | write k       | read, change
          invokeAll set   | unreadable | set     | new        | miss, put    | created new     | write k       | read, change
          """)
  void operation_withDeadlineListenerAndWriter_doesWhatTheTableSays(
      String operation,
      String state,
      String returned,
      String stored,
      String counts,
      String events,
      String writer,
      String trips) {
    MemoryCache cache = MemoryCache.heard(new CreatedExpiryPolicy(Duration.ONE_HOUR));

    assertThat(columns(cache, operation, state))
        .containsExactly(returned, stored, counts, events, writer, trips);
  }
}
