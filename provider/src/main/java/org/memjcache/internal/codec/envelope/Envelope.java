// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

/**
 * What memcached keeps for one entry: client flags and bytes. {@link EnvelopeCodec} makes and opens
 * it.
 *
 * <p>Immutable as long as the array isn't changed, which is not copied; so thread-safe.
 */
public final class Envelope {

  private final int flags;
  private final byte[] bytes;

  Envelope(int flags, byte[] bytes) {
    this.flags = flags;
    this.bytes = bytes;
  }

  /** Returns the client flags of the item (protocol.txt, "Storage commands"); never negative. */
  public int flags() {
    return flags;
  }

  /** Returns the value of the item: the array itself, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns flags and length, and nothing of the value. */
  @Override
  public String toString() {
    return "Envelope[flags=0x" + Integer.toHexString(flags) + ", " + bytes.length + " bytes]";
  }
}
