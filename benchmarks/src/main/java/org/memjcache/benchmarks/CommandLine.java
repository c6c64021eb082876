// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.plan.Cell;
import org.memjcache.benchmarks.plan.Extent;
import org.memjcache.benchmarks.plan.Group;

/**
 * The options of the command line.
 *
 * @param extent how much is measured
 * @param rounds how often each contestant has its turn
 * @param groups what is measured, in this order
 * @param operations which operations of these
 * @param threads which numbers of threads of these; all if empty
 * @param contestants who takes part
 * @param jvmOptions options for the JVMs of the contestants, such as those of a profiler
 * @param folder where the report goes
 */
record CommandLine(
    Extent extent,
    int rounds,
    Set<Group> groups,
    Set<Operation> operations,
    Set<Integer> threads,
    Set<ContestantKind> contestants,
    List<String> jvmOptions,
    Path folder) {

  static final String USAGE =
      """
      java -jar memjcache-benchmarks.jar [quick|full] [option=value ...]

        quick                  a few minutes: 1 and 16 threads, 2 rounds (the default)
        full                   what docs/performance.md shows, about an hour
        rounds=5               how often each contestant has its turn
        groups=single,sizes    what is measured: %s
        operations=get,put     which operations of these: %s
        threads=16             which numbers of threads of these
        contestants=strict     who takes part: %s
        jvm=-Xlog:gc           options for the JVMs of the contestants, separated by spaces
        out=folder             where the report goes, benchmarks/target/report by default
      """
          .formatted(
              names(Arrays.asList(Group.values())),
              names(Arrays.asList(Operation.values())),
              names(Arrays.asList(ContestantKind.values())));

  static CommandLine parse(String... arguments) {
    Extent extent = Extent.QUICK;
    int rounds = 0;
    Set<Group> groups = EnumSet.allOf(Group.class);
    Set<Operation> operations = EnumSet.allOf(Operation.class);
    Set<Integer> threads = Set.of();
    Set<ContestantKind> contestants = EnumSet.allOf(ContestantKind.class);
    List<String> jvmOptions = List.of();
    Path folder = Path.of("benchmarks", "target", "report");
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String value = argument.substring(equals + 1);
      switch (equals < 0 ? argument : argument.substring(0, equals)) {
        case "quick" -> extent = Extent.QUICK;
        case "full" -> extent = Extent.FULL;
        case "rounds" -> rounds = Integer.parseInt(value);
        case "groups" -> groups = set(Group.class, value);
        case "operations" -> operations = set(Operation.class, value);
        case "threads" ->
            threads =
                Arrays.stream(value.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
        case "contestants" -> contestants = set(ContestantKind.class, value);
        case "jvm" -> jvmOptions = List.of(value.split(" "));
        case "out" -> folder = Path.of(value);
        default ->
            throw new IllegalArgumentException("unknown argument '" + argument + "'\n\n" + USAGE);
      }
    }
    return new CommandLine(
        extent,
        rounds == 0 ? extent.rounds() : rounds,
        groups,
        operations,
        threads,
        contestants,
        jvmOptions,
        folder);
  }

  /** Returns the rows of a group that are wanted. */
  List<Cell> cells(Group group) {
    return group.cells(extent).stream()
        .filter(cell -> operations.contains(cell.operation()))
        .filter(cell -> threads.isEmpty() || threads.contains(cell.threads()))
        .toList();
  }

  private static <E extends Enum<E>> Set<E> set(Class<E> type, String names) {
    EnumSet<E> set = EnumSet.noneOf(type);
    for (String name : names.split(",")) {
      set.add(Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_')));
    }
    return set;
  }

  private static String names(Collection<? extends Enum<?>> values) {
    return String.join(
        ", ",
        values.stream()
            .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList());
  }
}
