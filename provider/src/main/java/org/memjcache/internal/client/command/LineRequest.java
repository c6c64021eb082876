// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;

/** A request about one key, which is answered by one line. */
public abstract sealed class LineRequest extends Request
    permits CompareAndDeleteRequest, DeleteRequest, IncrementRequest, StoreRequest {

  final String key;

  LineRequest(String key) {
    this.key = requireKey(key);
  }

  public final String key() {
    return key;
  }

  @Override
  public final boolean decode(ByteBuffer in) {
    int end = ResponseLines.endOfLine(in);
    if (end < 0) {
      return false;
    }
    read(in, end);
    in.position(end + 1);
    return true;
  }

  /** Takes the result from the line from the buffer's position to the LF at {@code end}. */
  abstract void read(ByteBuffer in, int end);
}
