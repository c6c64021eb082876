// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.concurrency.CacheWorker;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** A clear can be logged: with the level, and its version before and after. */
@Memcached
@Tag("slow")
@Tag("any-jdk")
class ClearLogTest {

  private static final Pattern LINE =
      Pattern.compile("Cleared '([^']*)' on [^ ]+: version ([0-9]{19}) became ([0-9]{19})");

  private final MemcachedServer server;

  ClearLogTest(MemcachedServer server) {
    this.server = server;
  }

  @ParameterizedTest
  @ValueSource(strings = {"application", "application/tenant", "application/tenant/cache"})
  void clear_atDebugLevel_tellsLevelOldAndNewVersion(String level) throws Exception {
    String name = level.substring(level.lastIndexOf('/') + 1);

    String log = logOf("put k v", "clear " + name, "clear " + name);

    List<Matcher> clears =
        LINE.matcher(log).results().map(any -> LINE.matcher(any.group())).toList();
    assertThat(clears).hasSize(2).allMatch(Matcher::matches);
    assertThat(clears).extracting(clear -> clear.group(1)).containsOnly(level);
    assertThat(clears.get(1).group(2)).isEqualTo(clears.get(0).group(3));
    assertThat(clears.get(1).group(3))
        .isGreaterThan(clears.get(1).group(2))
        .isEqualTo(
            server.command("get " + level + (name.equals("cache") ? ":cache" : ":version")).get(1));
  }

  @Test
  void clear_ofALevelThatHadNoVersion_saysSo() throws Exception {
    server.flushAll();

    assertThat(logOf("clear cache"))
        .containsPattern(
            "Cleared 'application/tenant/cache' on [^ ]+: it had no version, now [0-9]{19}");
  }

  /** Returns what a process logs that is given some orders. */
  private String logOf(String... orders) throws IOException, InterruptedException {
    Process process =
        ChildJvm.command(
                List.of(
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-Dorg.slf4j.simpleLogger.log.org.memjcache.internal.namespace=debug"),
                CacheWorker.class,
                LongTimeoutUri.of(server, "application").toString(),
                "logging")
            .start();
    process.getOutputStream().write(String.join("\n", orders).getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(log).isZero();
    return log;
  }
}
