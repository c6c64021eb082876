package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.client.command.ResponseLines;

/** A request of one packet in the binary protocol, which is answered by one small packet. */
abstract class BinaryRequest extends RequestEncoding {

  private final Request request;
  private final int opcode;
  private final String key;
  private @Nullable BinaryHeader header;

  /**
   * Creates a form.
   *
   * @param request takes an error
   */
  BinaryRequest(Request request, int opcode, String key) {
    this.request = request;
    this.opcode = opcode;
    this.key = key;
  }

  @Override
  public int encodedSize() {
    return BinaryHeader.HEADER + extrasLength() + key.length();
  }

  /** Returns the length of what {@link #extras} appends, in bytes. */
  int extrasLength() {
    return 0;
  }

  /** Appends what stands between header and key. */
  void extras(RequestBuffer out) {}

  /** Returns the cas token to send, 0 for none. */
  long cas() {
    return 0;
  }

  /** Returns what stands behind the key. */
  byte[] value() {
    return new byte[0];
  }

  @Override
  public void encode(RequestBuffer out) {
    byte[] value = value();
    BinaryHeader.header(out, opcode, extrasLength(), key.length(), value.length, 0, cas());
    extras(out);
    out.text(key).value(value);
  }

  @Override
  public boolean decode(ByteBuffer in) {
    if (header == null) {
      header = BinaryHeader.take(in);
      if (header == null) {
        return false;
      }
      if (header.opcode() != opcode || header.bodyLength() > ResponseLines.MAX_LINE) {
        throw new ProtocolException("the answer to something else: " + header);
      }
    }
    if (in.remaining() < header.bodyLength()) {
      return false;
    }
    ByteBuffer body = in.slice(in.position(), header.bodyLength());
    if (!answered(header, body)) {
      request.refuse(header.error(body));
    }
    in.position(in.position() + header.bodyLength());
    return true;
  }

  /**
   * Takes the answer.
   *
   * @return false if it is an error that the request has no result for
   * @throws ProtocolException if this can't be the answer
   */
  abstract boolean answered(BinaryHeader packet, ByteBuffer body);
}
