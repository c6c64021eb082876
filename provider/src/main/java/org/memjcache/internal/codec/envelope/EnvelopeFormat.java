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
 * flags   31..16  0x4D4A, "MJ"
 *         15..12  format, 1: with a checksum, 2: signed
 *         11..8   compression of the value, see {@link EncodedValue}
 *         7       1 if the full key is there
 *         6..0    encoding of the value
 *
 * bytes   8       deadline, milliseconds since 1970; 2^63-1: never
 *         4, 32   integrity tag: CRC32C, or HMAC-SHA-256
 *         1..5    length of the full key in bytes, 7 bits in each byte, lowest first   if there
 *         ...     the full key, in ASCII                                               if there
 *         ...     encoded value
 * </pre>
 *
 * <p>Numbers are big-endian. The tag covers the item key, the flags (4 bytes), the deadline, and
 * all that follows the tag. The item key is covered so that bytes copied to another key, or to
 * another version of the same one, read as damaged.
 *
 * <p>Thread-safe.
 */
final class EnvelopeFormat {

  private static final int MAGIC = 0x4D4A;
  private static final int FULL_KEY = 0x80;
  private static final int TAG_AT = 8;

  /** The bits that every envelope of this format has alike: magic and format. */
  private static final int FORMAT_MASK = 0xFFFFF000;

  private final IntegrityTag tag;
  private final int formatBits;

  EnvelopeFormat(IntegrityTag tag) {
    this.tag = tag;
    this.formatBits = formatBits(tag.format());
  }

  private static int formatBits(int format) {
    return MAGIC << 16 | format << 12;
  }

  boolean isSigned() {
    return tag instanceof SigningKeys;
  }

  /** Returns whether flags are of some format of MemJCache's. */
  static boolean isOurs(int flags) {
    return flags >>> 16 == MAGIC;
  }

  /** Returns whether flags are of this format. */
  boolean isCurrent(int flags) {
    return (flags & FORMAT_MASK) == formatBits;
  }

  /** Returns whether flags are of the format with this number. */
  static boolean isFormat(int number, int flags) {
    return (flags & FORMAT_MASK) == formatBits(number);
  }

  static boolean hasFullKey(int flags) {
    return (flags & FULL_KEY) != 0;
  }

  /** Returns whether bytes are whole and belong to this item key and these flags. */
  boolean isIntact(String itemKey, int flags, byte[] bytes) {
    return bytes.length >= header() && tag.fits(itemKey, flags, bytes, TAG_AT);
  }

  /** Returns how many bytes come before the full key or the value. */
  private int header() {
    return TAG_AT + tag.size();
  }

  Envelope write(ItemKey key, EncodedValue value, long deadline) {
    String fullKey = key.fullKey();
    int flags = formatBits | value.format() | (fullKey == null ? 0 : FULL_KEY);
    int keySpace = fullKey == null ? 0 : sizeOfLength(fullKey.length()) + fullKey.length();
    ByteBuffer out = ByteBuffer.allocate(header() + keySpace + value.size());
    out.putLong(deadline).position(header());
    if (fullKey != null) {
      putLength(out, fullKey.length());
      out.put(fullKey.getBytes(ISO_8859_1));
    }
    byte[] bytes = out.put(value.array(), value.offset(), value.size()).array();
    tag.put(key.text(), flags, bytes, TAG_AT);
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

  static long deadline(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong(0);
  }

  /** Returns the bytes of an intact envelope, from the full key or the value on. */
  ByteBuffer afterHeader(byte[] bytes) {
    return ByteBuffer.wrap(bytes).position(header());
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
