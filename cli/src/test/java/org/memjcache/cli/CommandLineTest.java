// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** Options, exit codes and errors; and the commands that look at servers as a whole. */
@Memcached
class CommandLineTest {

  private final MemcachedServer server;

  CommandLineTest(MemcachedServer server) {
    this.server = server;
  }

  private static Run run(String... args) {
    return Run.of(InstantSource.system(), null, args);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenants",
        "usage",
        "keys",
        "get",
        "clear",
        "versions",
        "servers",
        "top",
        "doctor",
        "bench"
      })
  void help_ofEachCommand_hasAnExampleAndIsOnThePage(String command) throws IOException {
    Run help = run(command, "--help");

    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("Usage: memjcache " + command)
        .contains("Example")
        .contains("  memjcache ");
    assertThat(run("--help").out()).contains(command).contains("Exit codes:");
    assertThat(Files.readString(Path.of("..", "docs", "operations.md")))
        .containsPattern("\\| `" + command + "( .*)?` \\|");
  }

  @Test
  void completion_isAScript() {
    assertThat(run("generate-completion").out()).contains("complete -F").contains("memjcache");
  }

  @Test
  void options_beforeAndAfterTheCommand_areTheSame() {
    String servers = server.address();

    assertThat(run("-s", servers, "servers", "-f", "csv").rows()).containsKey(servers);
    assertThat(run("-f", "csv", "servers", "--servers", servers, "-n", "hotels").rows())
        .containsKey(servers);
  }

  @Test
  void wrongOptions_areErrorsThatSayWhatIsExpected() {
    assertUsage(run("-o", "timout=1s", "servers"), "did you mean 'timeout'");
    assertUsage(run("-o", "timeout=fast", "servers"), "timeout");
    assertUsage(run("-s", "a:1", "-u", "memcached://b", "servers"), "expected one of them");
    assertUsage(run("-u", "http://b", "servers"), "unknown scheme 'http'");
    assertUsage(run("servers", "--colour"), "Unknown option");
    assertUsage(run("nonsense"), "nonsense");
    assertUsage(run("-s", "a:1", "clear", "a//b"), "is empty");
    assertUsage(run("-s", "a:1", "tenants", "--sort", "colour"), "colour");
    assertUsage(run("-s", "a:1", "bench", "--threads", "0"), "--threads is 0; expected 1 to 1,000");
    assertUsage(run("-s", server.address(), "--user", "me", "servers"), "'password'");
  }

  private static void assertUsage(Run run, String message) {
    assertThat(run.err()).contains(message);
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void servers_oneUpAndOneDown_showsBoth() {
    try (MemcachedServer other = MemcachedServer.start()) {
      URI uri = URI.create("memcached://" + server.address() + "," + other.address() + "/");
      Run both = Run.on(uri, "-f", "csv", "servers");
      assertThat(both.code()).as(both.err()).isZero();
      assertThat(both.rows().get(server.address()).subList(1, 3))
          .containsExactly("up", server.stats().get("version"));
      assertThat(both.rows().get(other.address()).get(11)).isEqualTo("iteration cas");
      assertThat(both.rows().get(other.address()).get(10)).hasSize(22);

      other.kill();
      Run one = Run.on(uri, "-f", "csv", "servers");
      assertThat(one.code()).isEqualTo(ExitCode.FAILED);
      assertThat(one.rows().get(server.address()).get(1)).isEqualTo("up");
      assertThat(one.rows().get(other.address()).get(1)).contains("Connection refused");
    }
  }

  @Test
  void login_byOptions_letsIn() {
    try (MemcachedServer closed =
        MemcachedServer.builder().textLogin("operator", "let-me-in").start()) {
      Run without = Run.on(closed.uri(""), "-q", "-f", "csv", "servers");
      assertThat(without.code()).isEqualTo(ExitCode.FAILED);
      assertThat(without.out()).contains("'user'");

      Run with =
          Run.on(closed.uri(""), "servers", "--user", "operator", "-o", "password=let-me-in");
      assertThat(with.code()).as(with.out()).isZero();
      assertThat(with.out() + with.err()).doesNotContain("let-me-in");
    }
  }

  @Test
  void tls_byOptions_isSpoken() {
    try (MemcachedServer secure = MemcachedServer.builder().tls().start();
        Hotels hotels = new Hotels()) {
      hotels.cache(secure.uri("hotels/Lisboa"), "info").put("k", "v");
      String trust = secure.uri("").getQuery().replaceAll(".*tls.trust=([^&]*).*", "$1");

      Run run = run("-s", secure.address(), "--tls", "--tls.trust", trust, "-f", "csv", "tenants");

      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.rows().get("hotels").get(1)).isEqualTo("1");
    }
  }

  @Test
  void walk_serverThatRefuses_isAnErrorThatNamesTheOption() {
    try (MemcachedServer closed = MemcachedServer.builder().option("-X").start()) {
      Run run = Run.on(closed.uri(""), "tenants");

      assertThat(run.code()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err()).contains(closed.address()).contains("without the option -X");
    }
  }

  @Test
  void top_withTenants_countsByPathAndTurnsItOffAgain() throws InterruptedException {
    try (Hotels hotels = new Hotels()) {
      var cache = hotels.cache(server.uri("top/Lisboa"), "info");
      cache.put("k", "v");
      AtomicBoolean ended = new AtomicBoolean();
      Thread reader =
          new Thread(
              () -> {
                while (!ended.get()) {
                  cache.get("k");
                }
              });
      reader.start();

      Run run = Run.on(server.uri(""), "-f", "csv", "top", "--tenants", "--every", "1");

      ended.set(true);
      reader.join();
      assertThat(run.code()).as(run.err()).isZero();
      List<String> row =
          run.out()
              .lines()
              .filter(line -> line.startsWith("top/Lisboa/info,"))
              .findFirst()
              .map(line -> List.of(line.split(",")))
              .orElseThrow();
      assertThat(Double.parseDouble(row.get(1))).isPositive();
      assertThat(Double.parseDouble(row.get(2))).isEqualTo(1);
      assertThat(server.stats("settings")).containsEntry("detail_enabled", "no");
    }
  }

  @Test
  void bench_someOperations_leavesNothingBehind() {
    server.flushAll();

    Run run =
        Run.on(
            server.uri("hotels"),
            "-f",
            "csv",
            "bench",
            "--seconds",
            "1",
            "--threads",
            "2",
            "--entries",
            "2500");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Long.parseLong(run.rows().get("get").get(1))).isPositive();
    assertThat(run.rows().get("put").get(6)).isEqualTo("0");
    List<String> left = Run.on(server.uri(""), "-f", "csv", "usage").rows().get(server.address());
    assertThat(left.get(3)).isEqualTo("0"); // entries
    assertThat(left.get(7)).isEqualTo("0"); // garbage
    assertThat(left.get(9)).isEqualTo("1"); // the version of hotels
  }
}
