// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.LineRequest;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.client.command.ResponseLines;
import org.memjcache.internal.client.command.StoreRequest;

/**
 * Any request but {@code get} in the binary protocol: one packet, with one small packet as its
 * response.
 */
final class BinaryRequest extends RequestEncoding {

  private static final byte[] NO_VALUE = {};

  /** A time that is past: 31 January 1970, the first second that isn't relative any more. */
  private static final int PAST = 30 * 24 * 60 * 60 + 1;

  /** An expiration of all ones: an increment leaves a missing item missing. */
  private static final long CREATE_NOTHING = 0xffff_ffffL;

  private final LineRequest request;
  private final int opcode;
  private final String key;
  private @Nullable BinaryHeader header;

  BinaryRequest(LineRequest request) {
    this.request = request;
    this.opcode = BinaryProtocol.opcode(request);
    this.key = request.key();
  }

  @Override
  public int encodedSize() {
    int size = BinaryHeader.LENGTH + extrasLength() + key.length();
    int value = value().length;
    return size + (value < RequestBuffer.LARGE ? value : 0);
  }

  @Override
  public void encode(RequestBuffer out) {
    byte[] value = value();
    BinaryHeader.header(out, opcode, extrasLength(), key.length(), value.length, 0, cas());
    if (request instanceof StoreRequest store) {
      // There is no sign here: what is negative in text would be the year 2106.
      int exptime = store.exptime() < 0 ? PAST : store.exptime();
      out.binary(store.flags(), 4).binary(exptime, 4);
    } else if (request instanceof IncrementRequest increment) {
      out.binary(increment.delta(), 8).binary(0, 8).binary(CREATE_NOTHING, 4);
    }
    out.text(key).value(value);
  }

  private int extrasLength() {
    if (request instanceof StoreRequest) {
      return 8;
    }
    return request instanceof IncrementRequest ? 20 : 0;
  }

  private byte[] value() {
    return request instanceof StoreRequest store ? store.data() : NO_VALUE;
  }

  /** Returns the cas token to send, 0 for none. */
  private long cas() {
    if (request instanceof StoreRequest store) {
      return store.isConditional() ? store.cas() : 0;
    }
    return request instanceof CompareAndDeleteRequest delete ? delete.cas() : 0;
  }

  @Override
  public boolean decode(ByteBuffer in) {
    if (header == null) {
      header = BinaryHeader.take(in);
      if (header == null) {
        return false;
      }
      if (header.opcode() != opcode || header.bodyLength() > ResponseLines.MAX_LINE) {
        throw new ProtocolException("a response to another request: " + header);
      }
    }
    if (in.remaining() < header.bodyLength()) {
      return false;
    }
    ByteBuffer body = in.slice(in.position(), header.bodyLength());
    if (!takeResult(header, body)) {
      request.refusedWith(header.error(body));
    }
    in.position(in.position() + header.bodyLength());
    return true;
  }

  /** Gives the request its result; false if the response is an error. */
  private boolean takeResult(BinaryHeader packet, ByteBuffer body) {
    int status = packet.status();
    if (request instanceof StoreRequest store) {
      StoreRequest.Result result = storeResult(store.verb(), status);
      if (result != null) {
        store.answered(result);
      }
      return result != null;
    }
    if (request instanceof CompareAndDeleteRequest delete) {
      CompareAndDeleteRequest.Result result = deleteResult(status);
      if (result != null) {
        delete.answered(result);
      }
      return result != null;
    }
    boolean found = status == BinaryHeader.SUCCESS;
    if (request instanceof IncrementRequest increment) {
      if (found) {
        increment.answered(number(packet, body));
      }
    } else if (request instanceof DeleteRequest delete) {
      delete.answered(found);
    } else {
      throw BinaryProtocol.unknown(request);
    }
    return found || status == BinaryHeader.NOT_FOUND;
  }

  private static StoreRequest.@Nullable Result storeResult(StoreRequest.Verb verb, int status) {
    return switch (status) {
      case BinaryHeader.SUCCESS -> StoreRequest.Result.STORED;
      case BinaryHeader.EXISTS ->
          verb == StoreRequest.Verb.ADD
              ? StoreRequest.Result.NOT_STORED
              : StoreRequest.Result.EXISTS;
      case BinaryHeader.NOT_FOUND -> StoreRequest.Result.NOT_FOUND;
      case BinaryHeader.TOO_LARGE -> StoreRequest.Result.TOO_LARGE;
      case BinaryHeader.OUT_OF_MEMORY -> StoreRequest.Result.OUT_OF_MEMORY;
      default -> null;
    };
  }

  private static CompareAndDeleteRequest.@Nullable Result deleteResult(int status) {
    return switch (status) {
      case BinaryHeader.SUCCESS -> CompareAndDeleteRequest.Result.DELETED;
      case BinaryHeader.EXISTS -> CompareAndDeleteRequest.Result.EXISTS;
      case BinaryHeader.NOT_FOUND -> CompareAndDeleteRequest.Result.NOT_FOUND;
      default -> null;
    };
  }

  private static long number(BinaryHeader packet, ByteBuffer body) {
    if (packet.bodyLength() != 8 || packet.valueLength() != 8) {
      throw new ProtocolException("no number of 8 bytes: " + packet);
    }
    return body.getLong(0);
  }
}
