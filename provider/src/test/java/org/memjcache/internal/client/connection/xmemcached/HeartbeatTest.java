// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.xmemcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.config.value.Protocol;

class HeartbeatTest {

  private static ByteBuffer packet(String firstTwoBytes) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(firstTwoBytes + "00".repeat(22)));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void binary_isANoop() {
    Heartbeat heartbeat = new Heartbeat(Protocol.BINARY);
    assertThat(heartbeat.bytes().toByteArray()).isEqualTo(packet("800a").array());
    ByteBuffer in = packet("810a");

    assertThat(heartbeat.decode(in.slice(0, 23))).isFalse();
    assertThat(heartbeat.decode(in)).isTrue();
    assertThat(in.hasRemaining()).isFalse();
    assertThatThrownBy(() -> heartbeat.decode(packet("810b")))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void text_asksForTheVersion() {
    Heartbeat heartbeat = new Heartbeat(Protocol.TEXT);
    assertThat(heartbeat.bytes().toByteArray()).isEqualTo(text("version\r\n").array());
    ByteBuffer in = text("VERSION 1.6.18\r\nVALUE");

    assertThat(heartbeat.decode(in.slice(0, 15))).isFalse();
    assertThat(heartbeat.decode(in)).isTrue();
    assertThat(in.remaining()).isEqualTo("VALUE".length());
    assertThatThrownBy(() -> heartbeat.decode(text("END\r\n")))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("END");
  }
}
