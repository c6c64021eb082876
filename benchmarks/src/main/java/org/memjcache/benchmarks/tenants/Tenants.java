// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.tenants;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.benchmarks.plan.Extent;
import org.memjcache.benchmarks.plan.Finding;
import org.memjcache.benchmarks.plan.Finding.Bound;
import org.memjcache.benchmarks.plan.Group;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.benchmarks.server.ChildJvm;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Measures the cost of many tenants in one JVM, and how clears of some affect the others. */
public final class Tenants {

  private static final int THREADS = 16;
  private static final int CLEARED_TENANTS = 1_000;
  private static final int MEMCACHED_MEGABYTES = 1_024;

  /** Counts live objects, not regions of the heap. */
  private static final String COLLECTOR = "-XX:+UseSerialGC";

  private final int tenants;
  private final int rounds;
  private final int millis;
  private final List<String> jvmOptions;
  private final Results results;
  private final Consumer<String> progress;

  /**
   * Creates the measurement.
   *
   * @param extent how much is measured
   * @param rounds how often each load has its turn
   * @param jvmOptions further options of the JVM of the tenants
   * @param results receives the results
   * @param progress receives a line of text after each step
   */
  public Tenants(
      Extent extent,
      int rounds,
      List<String> jvmOptions,
      Results results,
      Consumer<String> progress) {
    this.tenants = extent == Extent.FULL ? 100_000 : 10_000;
    this.millis = 4 * extent.millis();
    this.rounds = rounds;
    this.jvmOptions = jvmOptions;
    this.results = results;
    this.progress = progress;
  }

  /**
   * Runs all of it, on servers of its own.
   *
   * @return the version of the servers
   */
  public String run() {
    clears();
    try (MemcachedServer server =
            MemcachedServer.builder().memoryMegabytes(MEMCACHED_MEGABYTES).start();
        ChildJvm jvm = start(server.address())) {
      opening(server, jvm);
      throughput(jvm);
      return "memcached " + server.stats().get("version");
    }
  }

  private ChildJvm start(String addresses) {
    List<String> options = new ArrayList<>(List.of("-Xms1g", "-Xmx2g", COLLECTOR));
    options.addAll(jvmOptions);
    return ChildJvm.start(TenantsJvm.class, options, List.of(addresses));
  }

  private static double[] ask(ChildJvm jvm, String order) {
    jvm.tell(order);
    return Arrays.stream(jvm.hear().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  private void opening(MemcachedServer server, ChildJvm jvm) {
    double before = ask(jvm, "warm")[0];
    Map<String, String> stats = server.stats();
    double nanos = ask(jvm, "open " + tenants)[0];
    Map<String, String> after = server.stats();
    double opened = ask(jvm, "heap")[0];
    jvm.tell("fill 1");
    jvm.hear();
    double used = ask(jvm, "heap")[0];
    String each = "each of %,d tenants".formatted(tenants);
    add("time to open a manager and a cache, " + each, "µs", nanos / 1_000, 20.0);
    add("commands to memcached for opening all", "", commands(after) - commands(stats), 0.0);
    add("additional connections for all", "", connections(after) - connections(stats), 0.0);
    add("heap, " + each + ", opened", "bytes", (opened - before) / tenants, 2_048.0);
    add("heap, " + each + ", used once", "bytes", (used - before) / tenants, 2_048.0);
  }

  /** Returns the number of commands for items, of all kinds. */
  private static double commands(Map<String, String> stats) {
    return stats.entrySet().stream()
        .filter(
            stat -> stat.getKey().matches("cmd_(get|set|touch)|(delete|incr|decr)_(hits|misses)"))
        .mapToDouble(stat -> Double.parseDouble(stat.getValue()))
        .sum();
  }

  private static double connections(Map<String, String> stats) {
    return Double.parseDouble(stats.getOrDefault("curr_connections", "0"));
  }

  private void throughput(ChildJvm jvm) {
    String order = " " + THREADS + " ";
    ask(jvm, "random" + order + 2 * millis);
    ask(jvm, "one" + order + 2 * millis);
    List<Double> random = new ArrayList<>();
    List<Double> one = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      random.add(ask(jvm, "random" + order + millis)[0]);
      one.add(ask(jvm, "one" + order + millis)[0]);
      ratios.add(random.get(round) / one.get(round));
    }
    add("get in a random one of %,d tenants, 16 threads".formatted(tenants), "/s", random, null);
    add("get of a random entry of one tenant with as many entries", "/s", one, null);
    add("get in a random tenant / in one tenant", "", ratios, new Bound(0.85, false));
  }

  private void clears() {
    try (MemcachedCluster servers =
            MemcachedCluster.builder().servers(3).memoryMegabytes(MEMCACHED_MEGABYTES).start();
        ChildJvm jvm = start(servers.addresses())) {
      ask(jvm, "open " + CLEARED_TENANTS);
      jvm.tell("fill " + CLEARED_TENANTS);
      jvm.hear();
      progress.accept("Wrote a million entries for a thousand tenants");
      String order = "clears " + THREADS + " ";
      ask(jvm, order + 2 * millis + " 1");
      List<double[]> without = new ArrayList<>();
      List<double[]> with = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        without.add(ask(jvm, order + millis + " 0"));
        with.add(ask(jvm, order + millis + " 1"));
      }
      latencies("without clears", without);
      latencies("while tenants are cleared and filled again", with);
      add("clears of a tenant meanwhile", "/s", perSecond(with, 2), null);
    }
  }

  private void latencies(String when, List<double[]> rounds) {
    String gets = "gets in 1,000 tenants with 1,000 entries, three servers, 16 threads, " + when;
    add(gets, "/s", perSecond(rounds, 0), null);
    add(gets + ": p50", "µs", column(rounds, 3), null);
    add(gets + ": p99", "µs", column(rounds, 4), null);
    add(gets + ": p99.9", "µs", column(rounds, 5), null);
  }

  private List<Double> perSecond(List<double[]> rounds, int index) {
    return rounds.stream().map(each -> each[index] * 1_000 / millis).toList();
  }

  private static List<Double> column(List<double[]> rounds, int index) {
    return rounds.stream().map(each -> each[index]).toList();
  }

  private void add(String title, String unit, double value, double atMost) {
    add(title, unit, List.of(value), new Bound(atMost, true));
  }

  private void add(String title, String unit, List<Double> values, @Nullable Bound bound) {
    Finding finding = new Finding(Group.TENANTS, title, unit, values, bound);
    results.add(finding);
    progress.accept(title + ": " + finding.median() + " " + unit);
  }
}
