// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.testkit.MemcachedServer;

/**
 * Very many items of 200 tenants, looked at by a process with little memory. How many items there
 * are is for {@code -Dcli.items} to say, and how much memory for {@code -Dcli.heap}; with {@code
 * -Pendurance}, there are 1,000,000.
 */
@Tag("slow")
class MillionItemsTest {

  private static final int TENANTS = 200;
  private static final int ITEMS = Integer.getInteger("cli.items", 40_000);
  private static final String HEAP = System.getProperty("cli.heap", "64m");
  private static final int BATCH = 2_000;

  @TempDir private Path folder;

  /** Returns how many entries a tenant has, each another number. */
  private static int entries(int tenant) {
    return ITEMS / TENANTS + tenant - TENANTS / 2;
  }

  @Test
  void tenants_veryManyItems_agreeWithWhatWasWritten() throws Exception {
    try (MemcachedServer server = MemcachedServer.builder().memoryMegabytes(1024).start();
        Hotels hotels = new Hotels()) {
      for (int i = 0; i < TENANTS; i++) {
        fill(hotels.cache(server.uri("many/tenant" + i), "rooms"), entries(i));
      }
      assertThat(server.stats()).containsEntry("evictions", "0");

      Map<String, List<String>> before = run(server, "tenants", "many").rows();
      assertThat(before).hasSize(TENANTS);
      for (int i = 0; i < TENANTS; i++) {
        assertCounts(before, i, entries(i), 0);
      }

      Run cleared = run(server, "clear", "many/tenant7", "--yes");
      assertThat(cleared.code()).isZero();

      Map<String, List<String>> after = run(server, "tenants", "many").rows();
      assertCounts(after, 7, 0, entries(7));
      for (int i = 0; i < TENANTS; i++) {
        if (i != 7) {
          assertCounts(after, i, entries(i), 0);
          assertThat(after.get("many/tenant" + i).get(2))
              .isEqualTo(before.get("many/tenant" + i).get(2));
        }
        Cache<Object, Object> cache =
            hotels.manager(server.uri("many/tenant" + i)).getCache("rooms");
        assertThat(cache.containsKey(entries(i) - 1)).isEqualTo(i != 7);
      }
      assertThat(run(server, "usage").rows()).hasSize(1);
      assertThat(run(server, "keys", "many/tenant9/rooms", "--limit", "100000").rows())
          .hasSize(entries(9));
    }
  }

  private static void assertCounts(
      Map<String, List<String>> rows, int tenant, int items, int garbage) {
    List<String> row = rows.get("many/tenant" + tenant);
    assertThat(row.get(1)).as(row.get(0)).isEqualTo("" + items);
    assertThat(row.get(5)).as(row.get(0)).isEqualTo("" + garbage);
  }

  private static void fill(Cache<Object, Object> cache, int entries) {
    Map<Object, Object> batch = new HashMap<>();
    for (int i = 0; i < entries; i++) {
      batch.put(i, "value " + i);
      if (batch.size() == BATCH || i == entries - 1) {
        cache.putAll(batch);
        batch.clear();
      }
    }
  }

  /** Runs the command line in a process of its own. */
  private Run run(MemcachedServer server, String... args) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "-u",
                server.uri("").toString(),
                "-f",
                "csv"));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    Run run =
        new Run(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
