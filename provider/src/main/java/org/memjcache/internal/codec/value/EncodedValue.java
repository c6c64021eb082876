package org.memjcache.internal.codec.value;

import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.config.Compression;

/**
 * An encoded value: its bytes, the number of the encoding that reads them, and how they are
 * compressed. Made by {@link EnvelopeCodec#encode}, to be sealed under one item key or several.
 *
 * <p>Immutable and thread-safe.
 */
public final class EncodedValue {

  private final int codecId;
  private final Compression compression;
  private final byte[] bytes;

  public EncodedValue(int codecId, byte[] bytes) {
    this(codecId, Compression.NONE, bytes);
  }

  public EncodedValue(int codecId, Compression compression, byte[] bytes) {
    this.codecId = codecId;
    this.compression = compression;
    this.bytes = bytes;
  }

  /**
   * Returns how many bytes the value takes as it is stored, without its envelope.
   *
   * @return the number of bytes
   */
  public int size() {
    return bytes.length;
  }

  public int codecId() {
    return codecId;
  }

  public Compression compression() {
    return compression;
  }

  /** Returns the bytes themselves; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }
}
