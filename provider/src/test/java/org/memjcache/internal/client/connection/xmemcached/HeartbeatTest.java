package org.memjcache.internal.client.connection.xmemcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.text.TextVersionCommand;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.config.value.Protocol;

class HeartbeatTest {

  private final CountDownLatch latch = new CountDownLatch(1);
  private final Command ofXmemcached = new TextVersionCommand(latch, null);

  @BeforeEach
  void encode() {
    ofXmemcached.encode();
  }

  private static ByteBuffer packet(String firstTwoBytes) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(firstTwoBytes + "00".repeat(22)));
  }

  @Test
  void binary_isANoop_andTellsXmemcached() {
    Heartbeat heartbeat = new Heartbeat(ofXmemcached, null, Protocol.BINARY);
    assertThat(heartbeat.bytes().toByteArray()).isEqualTo(packet("800a").array());
    ByteBuffer in = packet("810a");

    assertThat(heartbeat.decode(in.slice(0, 23))).isFalse();
    assertThat(latch.getCount()).isEqualTo(1);
    assertThat(heartbeat.decode(in)).isTrue();
    assertThat(latch.getCount()).isZero();
    assertThat(ofXmemcached.getResult()).isNotNull();
    assertThatThrownBy(() -> heartbeat.decode(packet("810b")))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void text_isXmemcachedsOwn() {
    Heartbeat heartbeat = new Heartbeat(ofXmemcached, null, Protocol.TEXT);
    assertThat(new String(heartbeat.bytes().toByteArray())).isEqualTo("version\r\n");

    assertThat(heartbeat.decode(ByteBuffer.wrap("VERSION 1.6.18\r\n".getBytes()))).isTrue();

    assertThat(latch.getCount()).isZero();
    assertThat(ofXmemcached.getResult()).isEqualTo("1.6.18");
  }

  @Test
  void lose_tellsXmemcachedThatThereIsNoResult() {
    new Heartbeat(ofXmemcached, null, Protocol.TEXT).lose(DisconnectReason.CLOSED);

    assertThat(latch.getCount()).isZero();
    assertThat(ofXmemcached.getResult()).isNull();
  }
}
