// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Long work in a JVM with little memory: all entries are put, iterated over, loaded and removed.
 *
 * <p>150,000 in 20 MB in every build; with {@code -Pendurance} 1,000,000 in 64 MB. Entries that an
 * asynchronous listener has to hear of take no more memory, however slow it is.
 */
@Memcached(memoryMegabytes = 1024)
@Tag("slow")
class SmallHeapTest {

  private static final String ENTRIES = System.getProperty("endurance.entries", "150000");
  private static final String HEAP = System.getProperty("endurance.heap", "20m");
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Test
  void longWork_inASmallHeap_comesToItsEnd(MemcachedServer server)
      throws IOException, InterruptedException {
    String output = run(HEAP, LongWork.class, server, ENTRIES);
    System.out.printf("%s entries in %s:%n%s", ENTRIES, HEAP, output);

    assertThat(output).contains("put", "iterate", "loadAll", "removeAll");
  }

  /** More than twice the heap, if nothing of what the listener hasn't heard were dropped. */
  @ParameterizedTest
  @Tag("any-jdk")
  @ValueSource(strings = {"put", "update", "remove"})
  void changesForAListenerThatIsStuck_inASmallHeap_areMade(String change)
      throws IOException, InterruptedException {
    // Of its own: memcached never gives memory of large items to small ones again.
    try (MemcachedServer server = MemcachedServer.builder().memoryMegabytes(1024).start()) {
      String output = run("64m", StuckListener.class, server, change, "1500", "100000");

      assertThat(output).contains("1500 changes made");
    }
  }

  private static String run(
      String heap, Class<?> program, MemcachedServer server, String... arguments)
      throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of(LongTimeoutUri.of(server, "application").toString()));
    all.addAll(List.of(arguments));
    Process process =
        ChildJvm.command(
                List.of(
                    "-Xmx" + heap,
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                program,
                all.toArray(String[]::new))
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
