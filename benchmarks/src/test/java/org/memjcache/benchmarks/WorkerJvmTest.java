// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.server.Servers;
import org.memjcache.benchmarks.worker.Measurement;
import org.memjcache.benchmarks.worker.Order;
import org.memjcache.benchmarks.worker.WorkerJvm;

class WorkerJvmTest {

  private static Servers servers;
  private static WorkerJvm worker;

  @BeforeAll
  static void start() {
    servers = Servers.start(List.of(ContestantKind.STRICT), Duration.ZERO);
    worker = WorkerJvm.start(ContestantKind.STRICT, servers.endpoints(), List.of());
  }

  @AfterAll
  static void end() {
    worker.close();
    servers.close();
  }

  @ParameterizedTest
  @EnumSource
  void measure_everyOperation_givesAScore(Operation operation) {
    assertThat(worker.measure(new Order(operation, 1, 10, 200, 0, 2)).score()).isPositive();
  }

  @Test
  void measure_impossibleOrder_saysWhatIsWrongAndGoesOn() {
    assertThatThrownBy(() -> worker.measure(new Order(Operation.GET, 0, 10, 200, 0, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("MemJCache strict")
        .hasMessageContaining("GET");
    Measurement gets = worker.measure(new Order(Operation.GET, 2, 10, 200, 1, 200));
    assertThat(gets.score()).isPositive();
    assertThat(gets.processorMicros()).isPositive();
  }
}
