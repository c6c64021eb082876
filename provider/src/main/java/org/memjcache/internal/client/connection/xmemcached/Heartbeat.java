// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.xmemcached;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.memjcache.internal.client.binary.BinaryHeader;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.ResponseLines;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.Message;
import org.memjcache.internal.config.value.Protocol;

/** What an idle connection is sent to see whether the server still answers. Immutable. */
final class Heartbeat implements Message {

  private static final byte[] VERSION = "VERSION ".getBytes(StandardCharsets.US_ASCII);

  private final Protocol protocol;

  Heartbeat(Protocol protocol) {
    this.protocol = protocol;
  }

  @Override
  public RequestBuffer bytes() {
    if (protocol == Protocol.TEXT) {
      return new RequestBuffer(9).text("version\r\n");
    }
    RequestBuffer noop = new RequestBuffer(BinaryHeader.LENGTH);
    BinaryHeader.header(noop, BinaryHeader.NOOP, 0, 0, 0, 0, 0);
    return noop;
  }

  @Override
  public boolean decode(ByteBuffer in) {
    return protocol == Protocol.TEXT ? decodeText(in) : decodeBinary(in);
  }

  private static boolean decodeText(ByteBuffer in) {
    int end = ResponseLines.endOfLine(in);
    if (end < 0) {
      return false;
    }
    if (!ResponseLines.startsWith(in, end, VERSION)) {
      throw new ProtocolException(
          "the response to something else: " + ResponseLines.excerpt(in, end));
    }
    in.position(end + 1);
    return true;
  }

  private static boolean decodeBinary(ByteBuffer in) {
    BinaryHeader response = BinaryHeader.take(in);
    if (response == null) {
      return false;
    }
    if (response.opcode() != BinaryHeader.NOOP || response.bodyLength() != 0) {
      throw new ProtocolException("the response to something else: " + response);
    }
    return true;
  }

  @Override
  public void lose(DisconnectReason reason) {}
}
