package org.memjcache.cost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Long work in a JVM with little memory: all entries are put, iterated over, loaded and removed.
 *
 * <p>150,000 in 20 MB in every build; with {@code -Pendurance} 1,000,000 in 64 MB.
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
    Process process =
        ChildJvm.command(
                List.of(
                    "-Xmx" + HEAP,
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                LongWork.class,
                LongTimeoutUri.of(server, "application").toString(),
                ENTRIES)
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      System.out.printf("%s entries in %s:%n%s", ENTRIES, HEAP, output);

      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      assertThat(output).contains("put", "iterate", "loadAll", "removeAll");
    } finally {
      process.destroyForcibly();
    }
  }
}
