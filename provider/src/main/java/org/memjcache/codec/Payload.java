package org.memjcache.codec;

/** The bytes of a value, and the number of the encoding that reads them. */
public final class Payload {

  private final int codecId;
  private final byte[] bytes;

  Payload(int codecId, byte[] bytes) {
    this.codecId = codecId;
    this.bytes = bytes;
  }

  /**
   * Returns how many bytes the value takes, without its envelope.
   *
   * @return the number of bytes
   */
  public int size() {
    return bytes.length;
  }

  int codecId() {
    return codecId;
  }

  /** Returns the bytes themselves; not to be changed. */
  byte[] bytes() {
    return bytes;
  }
}
