// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.testkit.server.TextConnection;

@DisabledIfEnvironmentVariable(named = "MEMJCACHE_TEST_SERVERS", matches = ".+")
@Tag("slow")
class MemcachedServerTest {

  private MemcachedServer server;

  @BeforeEach
  void start() {
    server = MemcachedServer.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void start_default_emptyOnAPortOfItsOwn() {
    assertThat(server.isRunning()).isTrue();
    assertThat(server.isManaged()).isTrue();
    assertThat(server.host()).isEqualTo("127.0.0.1");
    assertThat(server.stats()).containsEntry("curr_items", "0");
    try (MemcachedServer other = MemcachedServer.start()) {
      assertThat(other.port()).isNotEqualTo(server.port());
    }
  }

  @Test
  void address_andUri_nameHostAndPort() {
    String address = "127.0.0.1:" + server.port();
    assertThat(server.address()).isEqualTo(address);
    assertThat(server).hasToString("memcached at " + address);
    URI expected = URI.create("memcached://" + address + "/shop/tenant?staleness=100ms");
    assertThat(server.uri("/shop/tenant?staleness=100ms")).isEqualTo(expected);
    assertThat(server.uri("shop/tenant?staleness=100ms")).isEqualTo(expected);
    assertThatThrownBy(() -> server.uri("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void start_twentyAtOnce_allOnPortsOfTheirOwn() {
    List<CompletableFuture<MemcachedServer>> starts =
        IntStream.range(0, 20)
            .mapToObj(i -> CompletableFuture.supplyAsync(MemcachedServer::start))
            .toList();
    List<MemcachedServer> servers = starts.stream().map(CompletableFuture::join).toList();
    try {
      assertThat(servers).extracting(MemcachedServer::port).doesNotHaveDuplicates();
      assertThat(servers).allMatch(MemcachedServer::isRunning);
    } finally {
      servers.forEach(MemcachedServer::close);
    }
    assertThat(servers).noneMatch(MemcachedServer::isRunning);
  }

  @Nested
  class Settings {

    @Test
    void builder_everything_reachesTheServer() {
      try (MemcachedServer other =
          MemcachedServer.builder()
              .memoryMegabytes(32)
              .maxItemSize("2m")
              .threads(2)
              .option("-X")
              .option("-c", "77")
              .start()) {
        assertThat(other.stats("settings"))
            .containsEntry("maxbytes", "33554432")
            .containsEntry("item_size_max", "2097152")
            .containsEntry("num_threads", "2")
            .containsEntry("maxconns", "77");
        assertThat(other.command("lru_crawler metadump all"))
            .containsExactly("ERROR metadump not allowed");
        other.restart();
        assertThat(other.stats("settings")).containsEntry("num_threads", "2");
      }
    }

    @Test
    void start_optionUnknownToMemcached_errorQuotesMemcached() {
      assertThatThrownBy(() -> MemcachedServer.builder().option("--no-such-option").start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("memcached doesn't start");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "2 m", "2g", "-1", "m"})
    void maxItemSize_notASize_refused(String size) {
      assertThatThrownBy(() -> MemcachedServer.builder().maxItemSize(size))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("maxItemSize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-p", "-l", "-U", "-u", "-s", "-d", "-P", "-Y", "-S"})
    void option_setByTheTestKit_refused(String option) {
      assertThatThrownBy(() -> MemcachedServer.builder().option(option, "1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(option);
    }

    @Test
    void numbers_lessThanOne_refused() {
      assertThatThrownBy(() -> MemcachedServer.builder().memoryMegabytes(0))
          .hasMessage("memoryMegabytes: expected at least 1, got: 0");
      assertThatThrownBy(() -> MemcachedServer.builder().threads(-1))
          .hasMessage("threads: expected at least 1, got: -1");
      assertThatThrownBy(() -> MemcachedCluster.builder().servers(0))
          .hasMessage("servers: expected at least 1, got: 0");
    }
  }

  @Nested
  class Commands {

    @Test
    void command_storeAndFetch_linesOfTheAnswer() {
      assertThat(server.command("set k 7 0 5\r\nhello")).containsExactly("STORED");
      assertThat(server.command("get k other")).containsExactly("VALUE k 7 5", "hello", "END");
      assertThat(server.command("mg k v f")).containsExactly("VA 5 f7", "hello");
      assertThat(server.command("delete k")).containsExactly("DELETED");
      assertThat(server.command("get k")).containsExactly("END");
      assertThat(server.command("incr k 1")).containsExactly("NOT_FOUND");
    }

    @Test
    void command_binaryValueWithLineEnds_oneCharacterForEachByte() {
      byte[] bytes = new byte[256];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) i;
      }
      String value = new String(bytes, StandardCharsets.ISO_8859_1) + "\r\nEND\r\n";
      server.command("set k 0 0 %d\r\n%s".formatted(value.length(), value));
      assertThat(server.command("get k")).containsExactly("VALUE k 0 263", value, "END");
    }

    @Test
    void command_characterAboveOneByte_refused() {
      assertThatThrownBy(() -> server.command("get €"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("€");
    }

    @Test
    void command_answeredWithSilence_doneOnReturn() {
      assertThat(server.command("set k 0 0 1 noreply\r\n1")).isEmpty();
      assertThat(server.command("mg none v q")).isEmpty();
      assertThat(server.command("mg k v q")).containsExactly("VA 1", "1");
      assertThat(server.command("quit")).isEmpty();
    }

    @Test
    void command_errors_areAnswers() {
      assertThat(server.command("nonsense")).containsExactly("ERROR");
      assertThat(server.command("get " + "k".repeat(251)))
          .singleElement()
          .asString()
          .startsWith("CLIENT_ERROR");
    }

    @Test
    void command_keyDump_allKeys() {
      server.command("set a 0 0 1\r\n1");
      server.command("set b 0 0 1\r\n1");
      assertThat(server.command("lru_crawler metadump all"))
          .anyMatch(line -> line.startsWith("key=a "))
          .anyMatch(line -> line.startsWith("key=b "))
          .endsWith("END");
    }

    @Test
    void stats_sections_asMaps() {
      assertThat(server.stats()).containsKeys("pid", "version", "cmd_get");
      assertThat(server.stats("settings")).containsEntry("udpport", "0");
      assertThatThrownBy(() -> server.stats("detail on"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("expected lines with STAT");
    }

    @Test
    void flushAll_someItems_allGone() {
      server.command("set k 0 0 1\r\n1");
      server.flushAll();
      assertThat(server.command("get k")).containsExactly("END");
    }
  }

  @Nested
  class Lifecycle {

    @Test
    void kill_running_connectionsAreRefused() {
      server.kill();
      assertThat(server.isRunning()).isFalse();
      assertThatThrownBy(() -> server.command("version"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(server.toString())
          .hasCauseInstanceOf(ConnectException.class);
      server.kill();
    }

    @Test
    void pause_running_silentUntilResumed() throws Exception {
      server.command("set k 0 0 1\r\n1");
      server.pause();
      server.pause();
      assertThat(server.isRunning()).isTrue();
      try (TextConnection connection =
          TextConnection.open(server.host(), server.port(), Duration.ofMillis(100))) {
        assertThatThrownBy(() -> connection.ask("version"))
            .isInstanceOf(SocketTimeoutException.class);
      }
      server.resume();
      server.resume();
      assertThat(server.command("get k")).containsExactly("VALUE k 0 1", "1", "END");
    }

    @Test
    void pause_killed_refusedWithWords() {
      server.kill();
      assertThatThrownBy(server::pause)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not running");
      assertThatThrownBy(server::resume).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void kill_paused_gone() {
      server.pause();
      server.kill();
      assertThat(server.isRunning()).isFalse();
    }

    @Test
    void close_paused_gone() throws Exception {
      server.pause();
      long pid = server.pid().orElse(-1);
      server.close();
      server.close();
      assertThat(server.isRunning()).isFalse();
      Processes.awaitEnd(pid);
    }

    @Test
    void restart_running_emptyOnTheSamePort() {
      server.command("set k 0 0 1\r\n1");
      int port = server.port();
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      assertThat(server.command("get k")).containsExactly("END");
    }

    @Test
    void restart_killedOrPaused_answersAgain() {
      server.kill();
      server.restart();
      assertThat(server.command("version")).hasSize(1);
      server.pause();
      server.restart();
      assertThat(server.command("version")).hasSize(1);
    }

    @Test
    void restart_withOpenConnections_answersAgain() throws Exception {
      try (TextConnection connection =
          TextConnection.open(server.host(), server.port(), Duration.ofSeconds(5))) {
        connection.ask("version");
        for (int i = 0; i < 5; i++) {
          server.restart();
        }
        assertThat(server.command("version")).hasSize(1);
      }
    }

    @Test
    void restart_closed_refused() {
      server.close();
      assertThatThrownBy(server::restart)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      assertThatThrownBy(() -> server.command("version")).hasMessageContaining("(closed)");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void listen_otherAddressAndPort_isAServerOfItsOwn() {
    try (MemcachedServer one = MemcachedServer.start();
        MemcachedServer two = MemcachedServer.builder().listen("127.0.0.2", one.port()).start()) {
      assertThat(two.address()).isEqualTo("127.0.0.2:" + one.port());
      two.command("set k 0 0 1\r\n2");
      two.restart();

      assertThat(one.pid()).isNotEqualTo(two.pid());
      assertThat(two.stats()).containsEntry("curr_items", "0");
      assertThatThrownBy(
              () -> MemcachedServer.builder().listen("127.0.0.2", one.port()).start().close())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("" + one.port());
    }
  }
}
