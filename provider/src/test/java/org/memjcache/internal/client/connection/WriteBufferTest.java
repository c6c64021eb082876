package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.Wire;

class WriteBufferTest {

  /** A channel that takes only so many bytes at once. */
  private static final class Narrow implements WritableByteChannel {
    private final int width;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    Narrow(int width) {
      this.width = width;
    }

    @Override
    public int write(ByteBuffer source) {
      int count = Math.min(width, source.remaining());
      for (int i = 0; i < count; i++) {
        written.write(source.get());
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 100_000})
  void writeTo_messagesSmallAndLarge_arriveInOrder(int width) throws IOException {
    RequestBuffer[] messages = {
      new RequestBuffer(10).text("get a").endOfLine(),
      new RequestBuffer(0)
          .text("set b")
          .endOfLine()
          .value(new byte[3 * RequestBuffer.LARGE])
          .endOfLine(),
      new RequestBuffer(10).text("get c").endOfLine(),
    };
    WriteBuffer buffer = new WriteBuffer(64);
    Narrow channel = new Narrow(width);
    int next = 0;
    while (next < messages.length || !buffer.isEmpty()) {
      while (next < messages.length && buffer.isOpen()) {
        buffer.put(messages[next++]);
      }
      buffer.writeTo(channel);
    }
    assertThat(Wire.text(channel.written.toByteArray()))
        .isEqualTo("get a\r\nset b\r\n" + "\0".repeat(3 * RequestBuffer.LARGE) + "\r\nget c\r\n");
  }

  @Test
  void writeTo_channelTakesLess_tellsSo() throws IOException {
    WriteBuffer buffer = new WriteBuffer(64);
    buffer.put(new RequestBuffer(10).text("123456"));
    assertThat(buffer.writeTo(new Narrow(5))).isFalse();
    assertThat(buffer.isEmpty()).isFalse();
    assertThat(buffer.writeTo(new Narrow(5))).isTrue();
    assertThat(buffer.isEmpty()).isTrue();
  }

  @Test
  void value_large_isNotCopied() {
    byte[] value = new byte[RequestBuffer.LARGE];
    RequestBuffer message = new RequestBuffer(4).text("a").value(value).text("b");
    assertThat(message.segmentCount()).isEqualTo(3);
    assertThat(message.segment(1)).isSameAs(value);
    assertThat(message.toByteArray()).hasSize(RequestBuffer.LARGE + 2);
  }
}
