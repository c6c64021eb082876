// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.memjcache.benchmarks.contestant.Contestant;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Endpoints;
import org.memjcache.benchmarks.server.ChildJvm;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Reads orders from standard input and writes measurements to standard output, until the end. */
public final class Worker {

  private Worker() {}

  /**
   * Runs until standard input ends.
   *
   * @param arguments the contestant and the addresses of the servers
   * @throws IOException if standard input fails
   */
  public static void main(String[] arguments) throws IOException {
    Endpoints endpoints = Endpoints.ofArguments(arguments, 1);
    try (Contestant contestant = ContestantKind.valueOf(arguments[0]).open(endpoints);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      Subject.use(contestant);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        ChildJvm.say(carryOut(Order.parse(line)));
      }
    }
    // Also ends threads that a library leaves behind.
    System.exit(0);
  }

  private static String carryOut(Order order) {
    try {
      return run(order).format();
    } catch (RunnerException | RuntimeException | Error e) {
      return WorkerJvm.failed(e);
    }
  }

  private static Measurement run(Order order) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(
                "^"
                    + Benchmarks.class.getName()
                    + "\\."
                    + Benchmarks.method(order.operation())
                    + "$")
            .param("valueSize", Integer.toString(order.valueSize()))
            .param("entries", Integer.toString(order.entries()))
            .threads(order.threads())
            .forks(0)
            .addProfiler(GCProfiler.class)
            .addProfiler(ProcessorTime.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (order.isSingleShot()) {
      options
          .mode(Mode.SingleShotTime)
          .timeUnit(TimeUnit.MICROSECONDS)
          .warmupIterations(0)
          .measurementIterations(order.millis());
    } else {
      options
          .mode(Mode.Throughput)
          .timeUnit(TimeUnit.SECONDS)
          .warmupIterations(order.warmupMillis() == 0 ? 0 : 1)
          .warmupTime(TimeValue.milliseconds(Math.max(1, order.warmupMillis())))
          .measurementIterations(1)
          .measurementTime(TimeValue.milliseconds(order.millis()));
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    RunResult result = results.iterator().next();
    return new Measurement(
        order.isSingleShot()
            ? median(result.getAggregatedResult().getIterationResults())
            : result.getPrimaryResult().getScore(),
        secondary(result, "gc.alloc.rate.norm"),
        secondary(result, ProcessorTime.LABEL));
  }

  private static double median(Collection<IterationResult> iterations) {
    List<Double> times =
        iterations.stream().map(each -> each.getPrimaryResult().getScore()).sorted().toList();
    return times.get(times.size() / 2);
  }

  @SuppressWarnings("rawtypes") // JMH's
  private static double secondary(RunResult result, String name) {
    return result.getSecondaryResults().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(name))
        .map(Map.Entry::getValue)
        .mapToDouble(Result::getScore)
        .findFirst()
        .orElse(Double.NaN);
  }
}
