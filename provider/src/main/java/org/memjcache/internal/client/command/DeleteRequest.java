// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;

/** {@code delete}: removes the item of a key, whatever it is. */
public final class DeleteRequest extends LineRequest {

  private static final byte[] DELETED = ResponseLines.ascii("DELETED");
  private static final byte[] NOT_FOUND = ResponseLines.ascii("NOT_FOUND");

  private boolean deleted;

  public DeleteRequest(String key) {
    super(key);
  }

  /** Returns whether there was an item. */
  public boolean deleted() {
    requireResult();
    return deleted;
  }

  /** Takes what the server did. */
  public void answered(boolean wasThere) {
    deleted = wasThere;
  }

  @Override
  public int encodedSize() {
    return 9 + key.length();
  }

  @Override
  public void encode(RequestBuffer out) {
    out.text("delete ").text(key).endOfLine();
  }

  @Override
  void read(ByteBuffer in, int end) {
    deleted = ResponseLines.is(in, end, DELETED);
    if (!deleted && !ResponseLines.is(in, end, NOT_FOUND)) {
      takeErrorLine(in, end);
    }
  }
}
