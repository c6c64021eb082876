// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.util.ArrayList;
import java.util.List;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Endpoints;
import org.memjcache.benchmarks.server.ChildJvm;

/** One contestant in a JVM of its own, seen from outside. For one thread. */
public final class WorkerJvm implements AutoCloseable {

  private static final String FAILED = "failed ";

  private final ChildJvm jvm;
  private final ContestantKind kind;

  private WorkerJvm(ChildJvm jvm, ContestantKind kind) {
    this.jvm = jvm;
    this.kind = kind;
  }

  /**
   * Starts a JVM, in which the contestant connects.
   *
   * @param kind the contestant
   * @param endpoints where the servers are
   * @param options further options of the JVM
   * @return the worker
   */
  public static WorkerJvm start(ContestantKind kind, Endpoints endpoints, List<String> options) {
    List<String> all = new ArrayList<>(List.of("-Xms1g", "-Xmx1g"));
    all.addAll(options);
    List<String> arguments = new ArrayList<>();
    arguments.add(kind.name());
    arguments.addAll(List.of(endpoints.toArguments()));
    return new WorkerJvm(ChildJvm.start(Worker.class, all, arguments), kind);
  }

  /**
   * Executes an order.
   *
   * @param order what to measure
   * @return the result
   * @throws IllegalStateException if it failed; names contestant, order and reason
   */
  public Measurement measure(Order order) {
    jvm.tell(order.format());
    String answer = jvm.hear();
    if (answer.startsWith(FAILED)) {
      throw new IllegalStateException(
          kind.title() + ", " + order + ": " + answer.substring(FAILED.length()));
    }
    return Measurement.parse(answer);
  }

  @Override
  public void close() {
    jvm.close();
  }

  static String failed(Throwable reason) {
    StringBuilder text = new StringBuilder(FAILED);
    for (Throwable each = reason; each != null; each = each.getCause()) {
      text.append(String.valueOf(each).replaceAll("\\s+", " ")).append("; ");
    }
    return text.toString();
  }
}
