// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.Wire;

class WriteBufferTest {

  /** A channel that takes only so many bytes at once. */
  private static final class Narrow implements BufferingChannel {
    private final int width;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    Narrow(int width) {
      this.width = width;
    }

    @Override
    public int read(ByteBuffer into) {
      return 0;
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
    WriteBuffer buffer = new WriteBuffer(64, false);
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
    WriteBuffer buffer = new WriteBuffer(64, false);
    buffer.put(new RequestBuffer(10).text("123456"));
    assertThat(buffer.writeTo(new Narrow(5))).isFalse();
    assertThat(buffer.isEmpty()).isFalse();
    assertThat(buffer.writeTo(new Narrow(5))).isTrue();
    assertThat(buffer.isEmpty()).isTrue();
  }

  /**
   * A record that begins within a request ends with it, so that memcached before 1.6.39 overlooks
   * nothing: it reads the rest of a value from the record, and then waits for the socket.
   */
  @Test
  void writeTo_inRecords_noRequestFollowsTheEndOfASplitOne() throws IOException {
    WriteBuffer buffer = new WriteBuffer(RequestBuffer.RECORD, true);
    int[] sizes = {10, 16_000, 500, 20_000, 10, 16_384, 16_385, 40_000, 40_000, 3, 3};
    RequestBuffer batch = new RequestBuffer(10);
    StringBuilder sent = new StringBuilder();
    Set<Integer> ends = new HashSet<>();
    for (int i = 0; i < sizes.length; i++) {
      String request = String.valueOf((char) ('a' + i)).repeat(sizes[i]);
      sent.append(request);
      ends.add(sent.length());
      batch.value(Wire.bytes(request)).endRequest();
    }
    RequestBuffer last = new RequestBuffer(10).text("last");
    sent.append("last");
    ends.add(sent.length());
    Narrow channel = new Narrow(Integer.MAX_VALUE);
    buffer.put(batch);
    boolean wasLast = false;
    int from = 0;
    int records = 0;
    while (!buffer.isEmpty() || !wasLast) {
      if (buffer.isOpen() && !wasLast) {
        buffer.put(last);
        wasLast = true;
      }
      buffer.writeTo(channel);
      int to = channel.written.size();
      int start = from;
      if (start > 0 && !ends.contains(start)) {
        assertThat(ends.stream().filter(end -> end > start && end < to)).isEmpty();
      }
      from = to;
      records++;
    }
    assertThat(Wire.text(channel.written.toByteArray())).isEqualTo(sent.toString());
    assertThat(records).isGreaterThan(1).isLessThan(2 + sent.length() / 5_000);
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
