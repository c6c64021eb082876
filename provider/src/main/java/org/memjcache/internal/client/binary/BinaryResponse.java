// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.ResponseLines;

/**
 * A small answer of the binary protocol as a whole, read by a thread that waits for it.
 *
 * @param packet its header
 * @param body all that follows the header
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
public record BinaryResponse(BinaryHeader packet, byte[] body) {

  /** Where bytes come from. */
  @FunctionalInterface
  public interface Source {

    /** Returns the next byte, 0 to 255. */
    int next() throws IOException;
  }

  /**
   * Reads an answer.
   *
   * @param opcode what was asked
   * @throws ProtocolException if it is a response to another request, or none
   */
  public static BinaryResponse read(int opcode, Source source) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(BinaryHeader.LENGTH);
    BinaryHeader packet = null;
    while (packet == null) {
      header.put((byte) source.next()).flip();
      packet = BinaryHeader.take(header);
      header.position(header.limit()).limit(header.capacity());
    }
    if (packet.opcode() != opcode || packet.bodyLength() > ResponseLines.MAX_LINE) {
      throw new ProtocolException("a response to another request: " + packet);
    }
    byte[] body = new byte[packet.bodyLength()];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) source.next();
    }
    return new BinaryResponse(packet, body);
  }

  /** Returns the key. */
  public String key() {
    return new String(body, packet.extrasLength(), packet.keyLength(), StandardCharsets.ISO_8859_1);
  }

  /** Returns the value. */
  public String value() {
    int from = packet.extrasLength() + packet.keyLength();
    return new String(body, from, body.length - from, StandardCharsets.ISO_8859_1);
  }

  /** Returns the error that this is. */
  public String error() {
    return packet.error(ByteBuffer.wrap(body));
  }
}
