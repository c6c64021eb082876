package org.memjcache.internal.codec.envelope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.ValueCodecs;
import org.memjcache.internal.config.Compression;

/**
 * Formats 1 and 2 of an envelope, flags and bytes. They differ in their {@link IntegrityTag}.
 *
 * <pre>
 * flags   31..16  0x4D4A, "MJ"
 *         15..12  format, 1: with a checksum, 2: signed
 *         11..8   compression, 0: none, 1: LZ4, 2: Zstandard
 *         7       1 if the full key is there
 *         6..0    number of the payload's encoding
 *
 * bytes   8       deadline, milliseconds since 1970; 2^63-1: never
 *         4, 32   seal: CRC32C, or HMAC-SHA-256
 *         1..5    length of the full key in bytes, 7 bits in each byte, lowest first   if there
 *         ...     the full key, in ASCII                                               if there
 *         ...     payload
 * </pre>
 *
 * <p>Numbers are big-endian. The seal is over the item key, the flags (4 bytes), the deadline, and
 * all that follows the seal. The item key is in it so that bytes copied to another key, or to
 * another version of the same one, read as damaged.
 *
 * <p>Thread-safe.
 */
final class EnvelopeFormat {

  private static final int MAGIC = 0x4D4A;
  private static final int FULL_KEY = 0x80;
  private static final int SEAL_AT = 8;

  private static final int COMPRESSION_AT = 8;
  private static final int COMPRESSION_MASK = 0xF;

  /** The bits that every envelope of this format has alike: magic and format. */
  private static final int FORMAT_MASK = 0xFFFFF000;

  private final IntegrityTag seal;
  private final int formatBits;

  EnvelopeFormat(IntegrityTag seal) {
    this.seal = seal;
    this.formatBits = formatBits(seal.format());
  }

  private static int formatBits(int format) {
    return MAGIC << 16 | format << 12;
  }

  /** Returns how many bytes come before the full key or the payload. */
  int header() {
    return SEAL_AT + seal.size();
  }

  /** Tells whether flags are of this format. */
  boolean isCurrent(int flags) {
    return (flags & FORMAT_MASK) == formatBits;
  }

  /** Tells whether flags are of the format with this number. */
  static boolean isFormat(int number, int flags) {
    return (flags & FORMAT_MASK) == formatBits(number);
  }

  /** Tells whether flags are of a format whose seal nobody without a secret can make. */
  boolean isSigned() {
    return seal instanceof Signature;
  }

  /** Tells whether flags are of some format of MemJCache's. */
  static boolean isOurs(int flags) {
    return flags >>> 16 == MAGIC;
  }

  static boolean hasFullKey(int flags) {
    return (flags & FULL_KEY) != 0;
  }

  static int encodingOf(int flags) {
    return flags & ValueCodecs.MAX_ID;
  }

  static int compressionOf(int flags) {
    return flags >>> COMPRESSION_AT & COMPRESSION_MASK;
  }

  /**
   * Returns the envelope of a payload.
   *
   * @param payload as it is stored, compressed or not
   * @param deadline in milliseconds since 1970
   */
  Envelope write(
      ItemKey key, Compression compression, int encoding, ByteBuffer payload, long deadline) {
    String fullKey = key.fullKey();
    int flags =
        formatBits
            | compression.number() << COMPRESSION_AT
            | (fullKey == null ? 0 : FULL_KEY)
            | encoding;
    int keySpace = fullKey == null ? 0 : sizeOfLength(fullKey.length()) + fullKey.length();
    ByteBuffer out = ByteBuffer.allocate(header() + keySpace + payload.remaining());
    out.putLong(deadline).position(header());
    if (fullKey != null) {
      putLength(out, fullKey.length());
      out.put(fullKey.getBytes(ISO_8859_1));
    }
    out.put(payload);
    byte[] bytes = out.array();
    seal.put(key.text(), flags, bytes, SEAL_AT);
    return new Envelope(flags, bytes);
  }

  /** Tells whether bytes are whole and belong to this item key and these flags. */
  boolean isIntact(String itemKey, int flags, byte[] bytes) {
    return bytes.length >= header() && seal.fits(itemKey, flags, bytes, SEAL_AT);
  }

  /**
   * Takes the full key from the front of what follows the header.
   *
   * @param in consumed up to the payload
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
}
