// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.stampede;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.memjcache.benchmarks.plan.Extent;
import org.memjcache.benchmarks.plan.Finding;
import org.memjcache.benchmarks.plan.Group;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.benchmarks.server.ChildJvm;
import org.memjcache.testkit.MemcachedServer;

/**
 * Clears a tenant whose thousand entries four JVMs read all the time, and shows what the database
 * behind the cache and those who read see of it: without a lease of loads, with one, and with a
 * soft clear. Writes the chart {@code stampede.svg}.
 */
public final class Stampede {

  private static final int JVMS = 4;
  private static final int CLEAR_AT_MILLIS = 2_000;

  /** Starting so many JVMs takes long on a small machine. */
  private static final String PATIENCE = "?timeout=20s&connectTimeout=20s";

  /** Ways to clear, with the options of the tenant. */
  private static final Map<String, String> WAYS = ways();

  private final int millis;
  private final List<String> jvmOptions;
  private final Results results;
  private final Path folder;
  private final Consumer<String> progress;

  /**
   * Creates the measurement.
   *
   * @param extent how much is measured
   * @param jvmOptions further options of the JVMs
   * @param results receives the results
   * @param folder where the chart is written to; created if missing
   * @param progress receives a line of text after each step
   */
  public Stampede(
      Extent extent,
      List<String> jvmOptions,
      Results results,
      Path folder,
      Consumer<String> progress) {
    this.millis = CLEAR_AT_MILLIS + 12 * extent.millis();
    this.jvmOptions = jvmOptions;
    this.results = results;
    this.folder = folder;
    this.progress = progress;
  }

  private static Map<String, String> ways() {
    Map<String, String> ways = new LinkedHashMap<>();
    ways.put("hard clear", "");
    ways.put("hard clear, load.lease=30s", "&load.lease=30s");
    ways.put("soft clear, load.lease=30s, clear.grace=1m", "&load.lease=30s&clear.grace=1m");
    return ways;
  }

  /**
   * Runs all of it, on a server of its own for each way.
   *
   * @return the version of the servers
   * @throws IOException if the chart can't be written
   */
  public String run() throws IOException {
    List<Timeline> timelines = new ArrayList<>();
    String version = "";
    for (Map.Entry<String, String> way : WAYS.entrySet()) {
      try (MemcachedServer server = MemcachedServer.start()) {
        Timeline timeline = measure(server, way.getKey(), way.getValue());
        timelines.add(timeline);
        version = "memcached " + server.stats().get("version");
        add(way.getKey(), timeline);
      }
    }
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("stampede.svg"), new StampedeChart(timelines, CLEAR_AT_MILLIS).text());
    return version;
  }

  private Timeline measure(MemcachedServer server, String way, String options) {
    List<ChildJvm> jvms = new ArrayList<>();
    try {
      for (int i = 0; i < JVMS; i++) {
        List<String> all = new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC"));
        all.addAll(jvmOptions);
        String uri = "memcached://" + server.address() + "/application/tenant" + PATIENCE + options;
        jvms.add(ChildJvm.start(StampedeJvm.class, all, List.of(uri)));
      }
      warmUp(jvms);
      tellAll(jvms, "run " + millis);
      sleep(CLEAR_AT_MILLIS);
      jvms.get(0).tell("clear");
      Timeline timeline = new Timeline(way, millis);
      jvms.forEach(jvm -> timeline.addAll(jvm.hear()));
      return timeline;
    } finally {
      jvms.forEach(ChildJvm::close);
    }
  }

  /** Has the code compiled, with a clear, too. */
  private void warmUp(List<ChildJvm> jvms) {
    for (int i = 0; i < 2; i++) {
      jvms.get(0).tell("fill");
      jvms.get(0).hear();
      tellAll(jvms, "run " + millis / 2);
      sleep(millis / 4);
      jvms.get(0).tell("clear");
      jvms.forEach(ChildJvm::hear);
    }
    jvms.get(0).tell("fill");
    jvms.get(0).hear();
  }

  private static void tellAll(List<ChildJvm> jvms, String order) {
    jvms.forEach(jvm -> jvm.tell(order));
  }

  private static void sleep(int forMillis) {
    try {
      TimeUnit.MILLISECONDS.sleep(forMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(String way, Timeline timeline) {
    add(way + ": calls of the database", "", timeline.queries(CLEAR_AT_MILLIS));
    add(
        way + ": reads that took longer than 20 ms",
        "",
        (double) timeline.slow(CLEAR_AT_MILLIS, 20_000));
    add(way + ": p99 of the second after the clear", "ms", timeline.p99Millis(CLEAR_AT_MILLIS));
  }

  private void add(String title, String unit, double value) {
    Finding finding = new Finding(Group.STAMPEDE, title, unit, List.of(value), null);
    results.add(finding);
    progress.accept(title + ": " + finding.median() + " " + unit);
  }
}
