package org.memjcache.codec;

/**
 * An encoded value: its bytes, and the number of the encoding that reads them. Made by {@link
 * EnvelopeCodec#encode}, to be sealed under one item key or several.
 *
 * <p>Immutable and thread-safe.
 */
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
