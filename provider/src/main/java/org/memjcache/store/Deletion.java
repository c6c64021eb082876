package org.memjcache.store;

import java.nio.ByteBuffer;

/** {@code delete}: removes the item of a key, whatever it is. */
public final class Deletion extends Request {

  private static final byte[] DELETED = Answer.ascii("DELETED");
  private static final byte[] NOT_FOUND = Answer.ascii("NOT_FOUND");

  private final String key;
  private boolean deleted;

  /**
   * Creates a request.
   *
   * @param key the key
   */
  public Deletion(String key) {
    this.key = requireKey(key);
  }

  /**
   * Returns whether there was an item.
   *
   * @return true if it was removed
   * @throws StoreException if the request failed
   */
  public boolean deleted() {
    requireResult();
    return deleted;
  }

  @Override
  WireForm binary() {
    return new BinaryDeletion(this, key);
  }

  /** Takes what the server did. */
  void answered(boolean wasThere) {
    deleted = wasThere;
  }

  @Override
  int encodedSize() {
    return 9 + key.length();
  }

  @Override
  void encode(Outgoing out) {
    out.text("delete ").text(key).endOfLine();
  }

  @Override
  boolean decode(ByteBuffer in) {
    int end = Answer.endOfLine(in);
    if (end < 0) {
      return false;
    }
    deleted = Answer.is(in, end, DELETED);
    if (!deleted && !Answer.is(in, end, NOT_FOUND)) {
      refuse(in, end);
    }
    in.position(end + 1);
    return true;
  }
}
