package org.memjcache.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C: sees accidents, but anybody can make it. */
final class Checksum implements Seal {

  static final int FORMAT = 1;

  static final Checksum CRC32C = new Checksum();

  private Checksum() {}

  @Override
  public int format() {
    return FORMAT;
  }

  @Override
  public int size() {
    return Integer.BYTES;
  }

  @Override
  public void put(String itemKey, int flags, byte[] bytes, int at) {
    ByteBuffer.wrap(bytes).putInt(at, sum(itemKey, flags, bytes, at));
  }

  @Override
  public boolean fits(String itemKey, int flags, byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at) == sum(itemKey, flags, bytes, at);
  }

  private int sum(String itemKey, int flags, byte[] bytes, int at) {
    CRC32C sum = new CRC32C();
    sum.update(itemKey.getBytes(ISO_8859_1));
    sum.update(flags >>> 24);
    sum.update(flags >>> 16);
    sum.update(flags >>> 8);
    sum.update(flags);
    sum.update(bytes, 0, at);
    sum.update(bytes, at + size(), bytes.length - at - size());
    return (int) sum.getValue();
  }
}
