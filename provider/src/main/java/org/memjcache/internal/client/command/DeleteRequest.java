package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import org.memjcache.internal.client.RequestFailedException;
import org.memjcache.internal.client.binary.BinaryDelete;

/** {@code delete}: removes the item of a key, whatever it is. */
public final class DeleteRequest extends Request {

  private static final byte[] DELETED = ResponseLines.ascii("DELETED");
  private static final byte[] NOT_FOUND = ResponseLines.ascii("NOT_FOUND");

  private final String key;
  private boolean deleted;

  /**
   * Creates a request.
   *
   * @param key the key
   */
  public DeleteRequest(String key) {
    this.key = requireKey(key);
  }

  /**
   * Returns whether there was an item.
   *
   * @return true if it was removed
   * @throws RequestFailedException if the request failed
   */
  public boolean deleted() {
    requireResult();
    return deleted;
  }

  @Override
  RequestEncoding binary() {
    return new BinaryDelete(this, key);
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
