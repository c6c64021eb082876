// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.memjcache.internal.codec.key.ItemKey;

/** CRC32C: shows accidents, but any program can make it. */
final class Checksum implements IntegrityTag {

  static final int FORMAT = 1;

  /** In bytes. */
  static final int SIZE = Integer.BYTES;

  static final Checksum CRC32C = new Checksum();

  private Checksum() {}

  @Override
  public int format() {
    return FORMAT;
  }

  @Override
  public int size() {
    return SIZE;
  }

  @Override
  public void put(ItemKey key, int flags, byte[] bytes, int at) {
    ByteBuffer.wrap(bytes).putInt(at, sum(key, flags, bytes, at));
  }

  @Override
  public boolean fits(ItemKey key, int flags, byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at) == sum(key, flags, bytes, at);
  }

  @SuppressWarnings("deprecation") // drops the high bytes, of which item keys have none
  private int sum(ItemKey key, int flags, byte[] bytes, int at) {
    // In few calls: each costs as much as some hundred bytes.
    String text = key.text();
    byte[] name = new byte[text.length() + Integer.BYTES + key.prefix().versionsSize()];
    text.getBytes(0, text.length(), name, 0);
    key.prefix().putVersions(ByteBuffer.wrap(name).position(text.length()).putInt(flags));
    CRC32C sum = new CRC32C();
    sum.update(name);
    sum.update(bytes, 0, at);
    sum.update(bytes, at + size(), bytes.length - at - size());
    return (int) sum.getValue();
  }
}
