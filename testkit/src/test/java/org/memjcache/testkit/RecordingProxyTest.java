// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.memjcache.testkit.server.TextConnection;

@Tag("slow")
class RecordingProxyTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(400);

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  private RecordingProxy proxy;

  @BeforeEach
  void start() {
    memcached.server().flushAll();
    proxy = RecordingProxy.start(memcached.server());
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void address_andUri_nameTheProxy() {
    assertThat(proxy.address()).isEqualTo("127.0.0.1:" + proxy.port());
    assertThat(proxy.port()).isNotEqualTo(memcached.server().port());
    assertThat(proxy.uri("a/b"))
        .isEqualTo(URI.create("memcached://127.0.0.1:%d/a/b".formatted(proxy.port())));
    assertThat(proxy)
        .hasToString(
            "proxy at %s for memcached at %s"
                .formatted(proxy.address(), memcached.server().address()));
  }

  @Nested
  class Records {

    @Test
    void requests_storeAndFetch_commandLinesAndBytes() throws Exception {
      try (TextConnection client = connect(LONG)) {
        client.ask("set k 0 0 5\r\nhello");
        client.ask("get k");
      }
      String up = "set k 0 0 5\r\nhello\r\nget k\r\n";
      String down = "STORED\r\nVALUE k 0 5\r\nhello\r\nEND\r\n";
      assertThat(proxy.requests()).containsExactly("set k 0 0 5", "get k");
      assertThat(new String(proxy.recordedUp(), ISO_8859_1)).isEqualTo(up);
      assertThat(new String(proxy.recordedDown(), ISO_8859_1)).isEqualTo(down);
      assertThat(proxy.bytesUp()).isEqualTo(up.length());
      assertThat(proxy.bytesDown()).isEqualTo(down.length());
    }

    @Test
    void roundTrips_oneAfterTheOther_eachCounts() throws Exception {
      try (TextConnection client = connect(LONG)) {
        for (int i = 1; i <= 3; i++) {
          client.ask("get k");
          assertThat(proxy.roundTrips()).isEqualTo(i);
        }
      }
    }

    @Test
    void roundTrips_commandsSentTogether_countOnce() throws Exception {
      try (Socket client = new Socket(proxy.host(), proxy.port())) {
        client.getOutputStream().write("get a\r\nget b\r\nget c\r\n".getBytes(ISO_8859_1));
        readFully(client, "END\r\nEND\r\nEND\r\n");
        assertThat(proxy.roundTrips()).isEqualTo(1);
        client.getOutputStream().write("get a\r\n".getBytes(ISO_8859_1));
        readFully(client, "END\r\n");
        assertThat(proxy.roundTrips()).isEqualTo(2);
      }
    }

    @Test
    void roundTrips_oneBigWriteAnsweredMeanwhile_countsOnce() throws Exception {
      byte[] value = "x".repeat(500_000).getBytes(ISO_8859_1);
      try (Socket client = new Socket(proxy.host(), proxy.port())) {
        client.getOutputStream().write("get a\r\nset k 0 0 500000\r\n".getBytes(ISO_8859_1));
        readFully(client, "END\r\n");
        client.getOutputStream().write(value);
        client.getOutputStream().write("\r\n".getBytes(ISO_8859_1));
        readFully(client, "STORED\r\n");
      }
      assertThat(proxy.roundTrips()).isEqualTo(1);
      assertThat(proxy.requests()).containsExactly("get a", "set k 0 0 500000");
    }

    @Test
    void roundTrips_twoConnections_countApart() throws Exception {
      try (TextConnection one = connect(LONG);
          TextConnection two = connect(LONG)) {
        one.ask("get a");
        two.ask("get b");
        assertThat(proxy.roundTrips()).isEqualTo(2);
        assertThat(proxy.connections()).isEqualTo(2);
        assertThat(proxy.openConnections()).isEqualTo(2);
      }
      await("no connections").until(() -> proxy.openConnections() == 0);
      assertThat(proxy.connections()).isEqualTo(2);
    }

    @Test
    void reset_openConnection_countsFromZeroOnIt() throws Exception {
      try (TextConnection client = connect(LONG)) {
        client.ask("get k");
        proxy.reset();
        assertThat(proxy.requests()).isEmpty();
        assertThat(proxy.roundTrips()).isZero();
        assertThat(proxy.bytesUp()).isZero();
        assertThat(proxy.bytesDown()).isZero();
        client.ask("get other");
        assertThat(proxy.requests()).containsExactly("get other");
        assertThat(proxy.roundTrips()).isEqualTo(1);
        assertThat(proxy.bytesDown()).isEqualTo(5);
      }
    }

    @Test
    void requests_manyThreads_noneIsLostOrMixedUp() {
      List<CompletableFuture<Void>> clients =
          IntStream.range(0, 8)
              .mapToObj(
                  n ->
                      CompletableFuture.runAsync(
                          () -> {
                            try (TextConnection client = connect(LONG)) {
                              for (int i = 0; i < 50; i++) {
                                client.ask("set key-%d-%d 0 0 3\r\nabc".formatted(n, i));
                              }
                            } catch (IOException e) {
                              throw new IllegalStateException(e);
                            }
                          }))
              .toList();
      clients.forEach(CompletableFuture::join);
      assertThat(proxy.requests())
          .hasSize(400)
          .doesNotHaveDuplicates()
          .allMatch(line -> line.matches("set key-\\d+-\\d+ 0 0 3"));
      assertThat(proxy.roundTrips()).isEqualTo(400);
      assertThat(proxy.bytesDown()).isEqualTo(400 * 8);
    }
  }

  @Nested
  class Faults {

    @Test
    void delay_answers_comeLaterUntilItEnds() throws Exception {
      try (TextConnection client = connect(LONG)) {
        client.ask("get k");
        proxy.delay(Duration.ofMillis(120));
        assertThat(millisFor(client)).isGreaterThanOrEqualTo(115);
        proxy.delay(Duration.ZERO);
        client.ask("get k");
      }
      assertThatThrownBy(() -> proxy.delay(Duration.ofMillis(-1)))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Tag("slow")
    @Test
    void delay_commandsSentTogether_notAddedUp() throws Exception {
      proxy.delay(Duration.ofMillis(200));
      try (Socket client = new Socket(proxy.host(), proxy.port())) {
        client.setTcpNoDelay(true);
        long start = System.nanoTime();
        for (int i = 1; i <= 10; i++) {
          int sent = i;
          client.getOutputStream().write("get a\r\n".getBytes(ISO_8859_1));
          await("request seen").until(() -> proxy.requests().size() == sent);
        }
        readFully(client, "END\r\n".repeat(10));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
      }
    }

    @Test
    void dropConnections_open_closedAndNewOnesAccepted() throws Exception {
      try (TextConnection client = connect(LONG)) {
        client.ask("get k");
        proxy.dropConnections();
        assertThat(proxy.openConnections()).isZero();
        assertThatThrownBy(() -> client.ask("get k")).isInstanceOf(IOException.class);
      }
      try (TextConnection client = connect(LONG)) {
        assertThat(client.ask("get k")).containsExactly("END");
      }
    }

    @Test
    void blackhole_on_acceptsAndSwallows() throws Exception {
      try (TextConnection before = connect(SHORT);
          TextConnection idle = connect(SHORT)) {
        before.ask("get k");
        idle.ask("get k");
        proxy.blackhole(true);
        assertThatThrownBy(() -> before.ask("set k 0 0 1\r\n1"))
            .isInstanceOf(SocketTimeoutException.class);
        try (TextConnection during = connect(SHORT)) {
          assertThatThrownBy(() -> during.ask("get k")).isInstanceOf(SocketTimeoutException.class);
          proxy.blackhole(false);
          assertThatThrownBy(() -> during.ask("get k")).isInstanceOf(IOException.class);
          assertThatThrownBy(() -> before.ask("get k")).isInstanceOf(IOException.class);
        }
        assertThat(idle.ask("get k")).containsExactly("END");
      }
      assertThat(proxy.requests()).contains("set k 0 0 1");
      assertThat(memcached.server().command("get k")).containsExactly("END");
      try (TextConnection after = connect(LONG)) {
        assertThat(after.ask("get k")).containsExactly("END");
      }
    }

    @Test
    void refuse_onAndOff_newConnectionsOnly() throws Exception {
      try (TextConnection before = connect(LONG)) {
        before.ask("get k");
        proxy.refuse(true);
        proxy.refuse(true);
        assertThatThrownBy(() -> connect(LONG)).isInstanceOf(ConnectException.class);
        assertThat(before.ask("get k")).containsExactly("END");
      }
      for (int i = 0; i < 10; i++) {
        proxy.refuse(false);
        try (TextConnection after = connect(LONG)) {
          assertThat(after.ask("get k")).containsExactly("END");
        }
        proxy.refuse(true);
      }
      proxy.refuse(false);
      proxy.refuse(false);
    }

    @Test
    void truncateNextAnswer_someBytes_restIsCutAndConnectionClosed() throws Exception {
      memcached.server().command("set k 0 0 10\r\n0123456789");
      try (Socket client = new Socket(proxy.host(), proxy.port())) {
        client.getOutputStream().write("get k\r\n".getBytes(ISO_8859_1));
        readFully(client, "VALUE k 0 10\r\n0123456789\r\nEND\r\n");
        proxy.reset();
        proxy.truncateNextAnswer(20);
        client.getOutputStream().write("get k\r\n".getBytes(ISO_8859_1));
        assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
            .isEqualTo("VALUE k 0 10\r\n012345");
        assertThat(proxy.bytesDown()).isEqualTo(20);
      }
      try (TextConnection client = connect(LONG)) {
        assertThat(client.ask("get k")).hasSize(3);
      }
    }

    @Test
    void truncateNextAnswer_zero_nothingComes() throws Exception {
      proxy.truncateNextAnswer(0);
      try (TextConnection client = connect(LONG)) {
        assertThatThrownBy(() -> client.ask("get k")).isInstanceOf(EOFException.class);
      }
      assertThatThrownBy(() -> proxy.truncateNextAnswer(-1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Ends {

    @Test
    void close_withConnections_allClosedPortFreeAndThreadsGone() throws Exception {
      try (TextConnection client = connect(LONG)) {
        client.ask("get k");
        proxy.close();
        proxy.close();
        assertThatThrownBy(() -> client.ask("get k")).isInstanceOf(IOException.class);
      }
      assertThatThrownBy(() -> connect(LONG)).isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> proxy.refuse(false)).isInstanceOf(IllegalStateException.class);
      await("threads gone").until(() -> threadsOfProxy() == 0);
    }

    @Test
    void clientLeaves_threadsGone() throws Exception {
      connect(LONG).close();
      await("only the listening thread").until(() -> threadsOfProxy() == 1);
    }

    @Test
    void start_serverAway_connectionsAreClosedUntilItIsThere() throws Exception {
      try (RecordingProxy toNobody = RecordingProxy.start("127.0.0.1", 1);
          TextConnection client = TextConnection.open(toNobody.host(), toNobody.port(), LONG)) {
        assertThatThrownBy(() -> client.ask("get k")).isInstanceOf(IOException.class);
      }
    }

    private long threadsOfProxy() {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().startsWith("memcached-proxy-" + proxy.port()))
          .filter(Thread::isDaemon)
          .count();
    }
  }

  private TextConnection connect(Duration timeout) throws IOException {
    return TextConnection.open(proxy.host(), proxy.port(), timeout);
  }

  private static long millisFor(TextConnection client) throws IOException {
    long start = System.nanoTime();
    client.ask("get k");
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static void readFully(Socket client, String expected) throws IOException {
    client.setSoTimeout((int) LONG.toMillis());
    assertThat(new String(client.getInputStream().readNBytes(expected.length()), ISO_8859_1))
        .isEqualTo(expected);
  }
}
