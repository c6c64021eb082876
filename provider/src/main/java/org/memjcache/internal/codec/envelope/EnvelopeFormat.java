// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;

/**
 * Formats 1 and 2 of an envelope, flags and bytes. They differ in their {@link IntegrityTag}.
 *
 * <pre>
 * flags   31..16  deadline, its high 16 bits; 0 if there is none
 *         15..12  format, 1: with a checksum, 2: signed
 *         11      1 if there is a deadline
 *         10..8   compression of the value, see {@link EncodedValue}
 *         7       1 if the full key is there
 *         6..0    encoding of the value
 *
 * bytes   4       deadline, its low 32 bits                                            if there
 *         4, 16   integrity tag: CRC32C, or half of HMAC-SHA-256
 *         1..5    length of the full key in bytes, 7 bits in each byte, lowest first   if there
 *         ...     the full key, in ASCII                                               if there
 *         ...     encoded value
 * </pre>
 *
 * <p>Numbers are big-endian. A deadline is in milliseconds since 1970. memcached takes 4 bytes for
 * flags, or none if they are 0; so what is in them makes no item larger.
 *
 * <p>The tag covers the item key, the flags (4 bytes), the versions of all levels in full (8 bytes
 * each), and all of the bytes but itself. So bytes copied to another key read as damaged, and so
 * does an entry under other versions, even if they have the same token in the item key.
 *
 * <p>Thread-safe.
 */
final class EnvelopeFormat {

  private static final int FORMAT = 0xF000;
  private static final int DEADLINE = 0x800;
  private static final int FULL_KEY = 0x80;

  /** In the year 6429. A later deadline is moved to this one, and one before 1970 to 1970. */
  private static final long LAST_DEADLINE = (1L << 47) - 1;

  private final IntegrityTag tag;
  private final int formatBits;

  EnvelopeFormat(IntegrityTag tag) {
    this.tag = tag;
    this.formatBits = formatBits(tag.format());
  }

  private static int formatBits(int format) {
    return format << 12;
  }

  boolean isSigned() {
    return tag instanceof SigningKeys;
  }

  /** Returns whether flags are of some format: those of other programs are mostly below. */
  static boolean isOurs(int flags) {
    return (flags & FORMAT) != 0;
  }

  /** Returns whether flags are of this format. */
  boolean isCurrent(int flags) {
    return (flags & FORMAT) == formatBits;
  }

  /** Returns whether flags are of the format with this number. */
  static boolean isFormat(int number, int flags) {
    return (flags & FORMAT) == formatBits(number);
  }

  static boolean hasFullKey(int flags) {
    return (flags & FULL_KEY) != 0;
  }

  /** Returns whether bytes are whole and belong to this item key and these flags. */
  boolean isIntact(ItemKey key, int flags, byte[] bytes) {
    return bytes.length >= header(flags) && tag.fits(key, flags, bytes, tagAt(flags));
  }

  /**
   * Returns the full key that an item of any format seems to carry, unchecked.
   *
   * @return null if it carries none
   */
  static @Nullable String uncheckedFullKey(int flags, byte[] bytes) {
    int start =
        tagAt(flags) + (isFormat(SigningKeys.FORMAT, flags) ? SigningKeys.SIZE : Checksum.SIZE);
    return isOurs(flags) && hasFullKey(flags) && start <= bytes.length
        ? takeFullKey(ByteBuffer.wrap(bytes).position(start))
        : null;
  }

  private static int tagAt(int flags) {
    return (flags & DEADLINE) == 0 ? 0 : Integer.BYTES;
  }

  /** Returns how many bytes come before the full key or the value. */
  private int header(int flags) {
    return tagAt(flags) + tag.size();
  }

  Envelope write(ItemKey key, EncodedValue value, long deadline) {
    String fullKey = key.fullKey();
    int flags = formatBits | value.format() | (fullKey == null ? 0 : FULL_KEY);
    long stored = Math.min(Math.max(0, deadline), LAST_DEADLINE);
    boolean expires = deadline != EnvelopeCodec.NEVER;
    if (expires) {
      flags |= DEADLINE | (int) (stored >>> 32) << 16;
    }
    int keySpace = fullKey == null ? 0 : sizeOfLength(fullKey.length()) + fullKey.length();
    ByteBuffer out = ByteBuffer.allocate(header(flags) + keySpace + value.size());
    if (expires) {
      out.putInt((int) stored);
    }
    out.position(header(flags));
    if (fullKey != null) {
      putLength(out, fullKey.length());
      out.put(fullKey.getBytes(ISO_8859_1));
    }
    byte[] bytes = out.put(value.array(), value.offset(), value.size()).array();
    tag.put(key, flags, bytes, tagAt(flags));
    return new Envelope(flags, bytes);
  }

  private static int sizeOfLength(int length) {
    int size = 1;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    return size;
  }

  private static void putLength(ByteBuffer out, int length) {
    int rest = length;
    for (; rest > 0x7F; rest >>>= 7) {
      out.put((byte) (rest | 0x80));
    }
    out.put((byte) rest);
  }

  /** Returns the deadline of an intact envelope. */
  static long deadline(int flags, byte[] bytes) {
    return (flags & DEADLINE) == 0
        ? EnvelopeCodec.NEVER
        : (long) (flags >>> 16) << 32 | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(0));
  }

  /** Returns the bytes of an intact envelope, from the full key or the value on. */
  ByteBuffer afterHeader(int flags, byte[] bytes) {
    return ByteBuffer.wrap(bytes).position(header(flags));
  }

  /**
   * Takes the full key from what follows the header.
   *
   * @param in consumed up to the value
   * @return null if the bytes don't begin with a length and so many bytes
   */
  static @Nullable String takeFullKey(ByteBuffer in) {
    long length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (!in.hasRemaining()) {
        return null;
      }
      byte digit = in.get();
      length |= (long) (digit & 0x7F) << shift;
      if (digit >= 0) {
        return length > in.remaining() ? null : take(in, (int) length);
      }
    }
    return null;
  }

  private static String take(ByteBuffer in, int length) {
    String text = new String(in.array(), in.arrayOffset() + in.position(), length, ISO_8859_1);
    in.position(in.position() + length);
    return text;
  }
}
