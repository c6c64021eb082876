package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;

/** {@code delete}: removes the item of a key, whatever it is. */
public final class DeleteRequest extends Request {

  private static final byte[] DELETED = ResponseLines.ascii("DELETED");
  private static final byte[] NOT_FOUND = ResponseLines.ascii("NOT_FOUND");

  private final String key;
  private boolean deleted;

  public DeleteRequest(String key) {
    this.key = requireKey(key);
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

  public String key() {
    return key;
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
  public boolean decode(ByteBuffer in) {
    int end = ResponseLines.endOfLine(in);
    if (end < 0) {
      return false;
    }
    deleted = ResponseLines.is(in, end, DELETED);
    if (!deleted && !ResponseLines.is(in, end, NOT_FOUND)) {
      refuse(in, end);
    }
    in.position(end + 1);
    return true;
  }
}
