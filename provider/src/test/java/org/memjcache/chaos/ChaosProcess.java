// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.memjcache.support.ChildJvm;

/** A JVM in which a {@link ChaosWorker} is at work, and the history that it writes. */
final class ChaosProcess implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ChildJvm jvm;
  private final Path history;

  private ChaosProcess(ChildJvm jvm, Path history) {
    this.jvm = jvm;
    this.history = history;
  }

  /**
   * Starts a JVM.
   *
   * @param worker {@link ChaosWorker} or {@link InjectedChaosWorker}
   */
  static ChaosProcess start(
      Class<?> worker,
      String name,
      URI servers,
      String options,
      Path folder,
      long seed,
      int pauseMicros) {
    Path history = folder.resolve(name + ".history");
    ChildJvm jvm =
        ChildJvm.start(
            TIMEOUT,
            List.of(
                "-Xmx192m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"),
            worker,
            name,
            servers.toString(),
            options,
            history.toString(),
            Long.toString(seed),
            Integer.toString(pauseMicros));
    return new ChaosProcess(jvm, history);
  }

  /** Gives an order and returns the answer. */
  String ask(String order) {
    return jvm.ask(order);
  }

  /** Returns the operations that were recorded, in the order of their ends. To be closed. */
  Stream<Operation> operations() {
    try {
      return Files.lines(history).map(Operation::parse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    jvm.close();
  }
}
