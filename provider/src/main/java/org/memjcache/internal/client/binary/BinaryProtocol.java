// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.LineRequest;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.client.command.StoreRequest;

/** Maps requests to memcached's binary protocol. Stateless. */
public final class BinaryProtocol {

  private BinaryProtocol() {}

  /**
   * Returns a new writer and reader of a request. To be called once it is known over which
   * connection the request is sent.
   */
  public static RequestEncoding encodingOf(Request request) {
    if (request instanceof GetRequest get) {
      return new BinaryGet(get);
    }
    if (request instanceof LineRequest line) {
      return new BinaryRequest(line);
    }
    throw unknown(request);
  }

  /** Returns the error for a command that nobody has taught the binary protocol yet. */
  static IllegalStateException unknown(Request request) {
    return new IllegalStateException(
        request.getClass().getSimpleName() + " has no form in the binary protocol");
  }

  /** Returns a packet without extras that begins something other than a {@link Request}. */
  public static byte[] packet(int opcode, String key, byte[] value) {
    RequestBuffer out = new RequestBuffer(BinaryHeader.LENGTH + key.length() + value.length);
    BinaryHeader.header(out, opcode, 0, key.length(), value.length, 0, 0);
    return out.text(key).value(value).toByteArray();
  }

  static int opcode(LineRequest request) {
    if (request instanceof StoreRequest store) {
      // A Set with a token would do what Replace does, except that it removes the older item when
      // the new one is too large.
      return switch (store.verb()) {
        case SET -> BinaryHeader.SET;
        case ADD -> BinaryHeader.ADD;
        case CAS -> BinaryHeader.REPLACE;
      };
    }
    if (request instanceof IncrementRequest) {
      return BinaryHeader.INCREMENT;
    }
    if (request instanceof DeleteRequest || request instanceof CompareAndDeleteRequest) {
      return BinaryHeader.DELETE;
    }
    throw unknown(request);
  }
}
