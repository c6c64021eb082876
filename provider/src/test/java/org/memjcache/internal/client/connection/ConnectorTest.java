// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.ScriptedServer;

/** What comes of connecting to something that is no memcached, or one that is out of its mind. */
@Timeout(60)
@Tag("slow")
class ConnectorTest {

  private static final Credentials ALICE = new Credentials("alice", "sesame");

  private static ClusterSettings settings(
      ServerAddress server, Duration limit, Protocol protocol, @Nullable Credentials credentials) {
    return new ClusterSettings(
        List.of(server), Duration.ofSeconds(30), limit, 1, protocol, credentials, null);
  }

  /**
   * An answer that is no memcached's, or none at all.
   *
   * @param bytes what comes before the connection is closed
   * @param words what the error says
   */
  private record Stranger(String what, Protocol protocol, byte[] bytes, List<String> words) {
    @Override
    public String toString() {
      return what + ", " + protocol;
    }
  }

  static Stream<Stranger> strangers() {
    byte[] alert = {0x15, 3, 1, 0, 2, 2, 70};
    byte[] full = Wire.bytes("ERROR Too many open connections\r\n");
    byte[] web = Wire.bytes("HTTP/1.1 400 Bad Request\r\n");
    List<String> tls = List.of("alert of TLS", "tls=true", "memcacheds://");
    List<String> nothing = List.of("closed the connection", "tls=true", "twemproxy before 0.5");
    List<String> many = List.of("as many connections as it takes", "option -c", "'connections'");
    List<String> other = List.of("HTTP/1.1 400 Bad Request", "not like a memcached");
    return Stream.of(Protocol.values())
        .flatMap(
            protocol ->
                Stream.of(
                    new Stranger("alert of TLS", protocol, alert, tls),
                    new Stranger("hangs up", protocol, new byte[0], nothing),
                    new Stranger("too many connections", protocol, full, many),
                    new Stranger("web server", protocol, web, other)));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void connect_notMemcached_saysWhatItMayBeAndWhatToDo(Stranger stranger) {
    try (ScriptedServer server = ScriptedServer.saying(stranger.bytes)) {
      ClusterSettings settings =
          settings(server.address(), Duration.ofSeconds(20), stranger.protocol, null);

      assertThatThrownBy(() -> new Connector(settings).connect(server.address()))
          .isInstanceOf(IOException.class)
          .satisfies(e -> assertThat(e.getMessage()).contains(stranger.words));
    }
  }

  /**
   * What a server sends byte by byte, more slowly than the time allows. Each would be a refusal, or
   * no memcached's answer, once all of it had come.
   *
   * @param bytes what comes at each step of the handshake
   */
  private record Drip(
      String step, Protocol protocol, @Nullable Credentials credentials, byte[] bytes) {
    @Override
    public String toString() {
      return step;
    }
  }

  static Stream<Drip> drips() {
    String rest = "x".repeat(300);
    return Stream.of(
        new Drip("version", Protocol.TEXT, null, Wire.bytes(rest)),
        new Drip(
            "login", Protocol.TEXT, ALICE, Wire.bytes("CLIENT_ERROR unauthenticated\r\n" + rest)),
        new Drip("noop", Protocol.BINARY, null, packet(0x0a, 0x81, rest)),
        new Drip("mechanisms", Protocol.BINARY, ALICE, packet(0x20, 0x00, rest)));
  }

  private static byte[] packet(int opcode, int status, String body) {
    return ByteBuffer.allocate(24 + body.length())
        .put((byte) 0x81)
        .put((byte) opcode)
        .putInt(0)
        .putShort((short) status)
        .putInt(body.length())
        .putInt(0)
        .putLong(0)
        .put(Wire.bytes(body))
        .array();
  }

  @ParameterizedTest
  @MethodSource("drips")
  void connect_answersByteByByte_oneLimitForAllOfIt(Drip drip) {
    Duration pause = Duration.ofMillis(10); // 3 seconds for all of it
    try (ScriptedServer server = ScriptedServer.dripping(drip.bytes, pause)) {
      ClusterSettings settings =
          settings(server.address(), Duration.ofMillis(700), drip.protocol, drip.credentials);

      assertThatThrownBy(() -> new Connector(settings).connect(server.address()))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("did not answer within ")
          .hasMessageContaining("in the middle of its answer");
    }
  }
}
