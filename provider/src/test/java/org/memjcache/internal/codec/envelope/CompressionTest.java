// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.cache.CacheException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.support.Samples;
import org.memjcache.support.Samples.Person;

/** Values that are compressed, with both libraries. */
class CompressionTest {

  private static final long NOON = 1_700_000_000_000L;
  private static final int LATIN_1 = 2;
  private static final int THRESHOLD = 100;
  private static final int LIMIT = 100_000;

  private static final KeyPrefix PREFIX = PathKey.of(List.of("c")).prefix(new long[] {1});
  private static final EntryKeyCodec KEYS = new EntryKeyCodec(Samples.serializer());
  private static final ItemKey KEY = PREFIX.itemKey(KEYS.encode("k"));
  private static final ItemKey HASHED = PREFIX.itemKey(KEYS.encode("k".repeat(300)));

  private static EnvelopeCodec codec(Compression compression) {
    return codec(compression, THRESHOLD, LIMIT);
  }

  private static EnvelopeCodec codec(Compression compression, int threshold, int limit) {
    return new EnvelopeCodec(values(compression, threshold, limit));
  }

  private static ValueCodec values(Compression compression, int threshold, int limit) {
    return new ValueCodec(Samples.serializer(), new CompressionRule(compression, threshold, limit));
  }

  private static Envelope seal(EnvelopeCodec codec, ItemKey key, Object value, long deadline) {
    return codec.seal(key, codec.encode(value), deadline);
  }

  private static VerifiedEnvelope open(EnvelopeCodec codec, ItemKey key, Envelope envelope) {
    return (VerifiedEnvelope) codec.open(key, envelope.flags(), envelope.bytes());
  }

  private static int number(Compression compression) {
    return switch (compression) {
      case NONE -> 0;
      case LZ4 -> 1;
      case ZSTD -> 2;
    };
  }

  private static int compressionOf(Envelope envelope) {
    return envelope.flags() >>> 8 & 0x7;
  }

  static List<Arguments> compressible() {
    List<Arguments> cases = new ArrayList<>();
    for (Compression compression : List.of(Compression.LZ4, Compression.ZSTD)) {
      for (Object value :
          List.of(
              "a".repeat(5_000),
              "€".repeat(5_000),
              new byte[5_000],
              new int[5_000],
              new Person("Ada".repeat(1_000), 36),
              new ArrayList<>(java.util.Collections.nCopies(5_000, "x")))) {
        cases.add(Arguments.of(compression, value));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("compressible")
  void large_isSmallerAndComesBackEqual_alsoWhereNothingIsCompressed(
      Compression compression, Object value) {
    EnvelopeCodec codec = codec(compression);
    int size = codec(Compression.NONE).encode(value).size();
    for (ItemKey key : List.of(KEY, HASHED)) {
      Envelope envelope = seal(codec, key, value, NOON);

      assertThat(compressionOf(envelope)).isEqualTo(number(compression));
      assertThat(envelope.bytes()).hasSizeLessThan(size / 2 + 320);
      for (EnvelopeCodec reader : List.of(codec, codec(Compression.NONE))) {
        VerifiedEnvelope open = open(reader, key, envelope);
        assertThat(open.value()).isEqualTo(value).hasSameClassAs(value);
        assertThat(open.deadline()).isEqualTo(NOON);
        VerifiedEnvelope listed =
            (VerifiedEnvelope)
                reader.openListed(PREFIX.listed(key.text()), envelope.flags(), envelope.bytes());
        assertThat(listed.value()).isEqualTo(value);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void threshold_isTheSizeOfTheEncodedValue(Compression compression) {
    EnvelopeCodec codec = codec(compression);

    assertThat(compressionOf(seal(codec, KEY, "a".repeat(THRESHOLD - 1), NOON))).isZero();
    assertThat(compressionOf(seal(codec, KEY, "a".repeat(THRESHOLD), NOON)))
        .isEqualTo(number(compression));
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void whatWouldNotGetSmaller_isStoredAsItIs(Compression compression) {
    byte[] noise = new byte[5_000];
    new Random(1).nextBytes(noise);
    Envelope envelope = seal(codec(compression), KEY, noise, NOON);

    assertThat(compressionOf(envelope)).isZero();
    assertThat(open(codec(compression), KEY, envelope).value()).isEqualTo(noise);
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void limit_isTheLargestThatIsCompressed(Compression compression) {
    EnvelopeCodec codec = codec(compression);
    Envelope atLimit = seal(codec, KEY, "a".repeat(LIMIT), NOON);
    Envelope above = seal(codec, KEY, "a".repeat(LIMIT + 1), NOON);

    assertThat(compressionOf(atLimit)).isEqualTo(number(compression));
    assertThat(open(codec, KEY, atLimit).value()).isEqualTo("a".repeat(LIMIT));
    assertThat(compressionOf(above)).isZero();
    assertThat(open(codec, KEY, above).value()).isEqualTo("a".repeat(LIMIT + 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void largerThanTheLimitOfTheReader_isUnreadable(Compression compression) {
    Envelope envelope = seal(codec(compression), KEY, "a".repeat(LIMIT), NOON);
    EnvelopeCodec reader = codec(Compression.NONE, THRESHOLD, LIMIT - 1);

    assertThat(reader.open(KEY, envelope.flags(), envelope.bytes()))
        .isEqualTo(UnreadableEnvelope.DAMAGED);
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void resealed_isTheSameWithAnotherDeadline(Compression compression) {
    EnvelopeCodec codec = codec(compression);
    Envelope first = seal(codec, KEY, "a".repeat(5_000), NOON);
    VerifiedEnvelope open = open(codec, KEY, first);

    Envelope second = open.resealed(KEY, NOON + 1);

    assertThat(second.flags()).isEqualTo(first.flags());
    assertThat(second.bytes()).isEqualTo(seal(codec, KEY, "a".repeat(5_000), NOON + 1).bytes());
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void signed_comesBack(Compression compression) {
    EnvelopeCodec codec =
        new EnvelopeCodec(
            values(compression, THRESHOLD, LIMIT), SigningKeys.of(List.of("0123456789abcdef")));
    Envelope envelope = seal(codec, KEY, "a".repeat(5_000), NOON);

    assertThat(compressionOf(envelope)).isEqualTo(number(compression));
    assertThat(open(codec, KEY, envelope).value()).isEqualTo("a".repeat(5_000));
  }

  // Bytes of somebody who knows the format

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void sizeThatCanNotBe_isUnreadable(Compression compression) {
    EnvelopeCodec codec = codec(compression);
    List<byte[]> payloads =
        List.of(
            new byte[0],
            new byte[3],
            sized(-1, new byte[10]),
            sized(Integer.MIN_VALUE, new byte[10]),
            sized(LIMIT + 1, new byte[10]),
            sized(Integer.MAX_VALUE, new byte[10]));
    for (byte[] payload : payloads) {
      Envelope lie = sealed(compression, LATIN_1, payload);
      assertThat(codec.open(KEY, lie.flags(), lie.bytes())).isEqualTo(UnreadableEnvelope.DAMAGED);
    }
    Envelope notAnInteger = sealed(compression, 10, sized(5, new byte[10]));
    assertThat(codec.open(KEY, notAnInteger.flags(), notAnInteger.bytes()))
        .isEqualTo(UnreadableEnvelope.DAMAGED);
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void bytesThatDoNotFillTheirSize_areAnError(Compression compression) {
    EnvelopeCodec codec = codec(compression);
    EncodedValue right = codec.encode("a".repeat(5_000));
    byte[] compressed = Arrays.copyOfRange(right.array(), 4, right.size());
    byte[] cut = Arrays.copyOf(compressed, compressed.length - 1);
    for (byte[] payload :
        List.of(
            sized(4_999, compressed), // a bomb, if the library went by the bytes
            sized(5_001, compressed),
            sized(0, compressed),
            sized(5_000, cut),
            sized(5_000, new byte[0]),
            sized(5_000, "no such thing".getBytes(US_ASCII)))) {
      Envelope lie = sealed(compression, LATIN_1, payload);
      VerifiedEnvelope open = open(codec, KEY, lie);

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(open::value)
          .withMessage("Its compressed bytes are malformed");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  @Tag("slow")
  void anyByteChangedUnderARightChecksum_isSomeTextOrAnError(Compression compression) {
    EnvelopeCodec codec = codec(compression);
    byte[] payload = codec.encode("ab".repeat(2_500) + "c".repeat(2_500)).array();
    for (int at = 4; at < payload.length; at++) {
      for (int change = 1; change < 256; change++) {
        payload[at] ^= (byte) change;
        Envelope lie = sealed(compression, LATIN_1, payload);
        VerifiedEnvelope open = open(codec, KEY, lie);
        try {
          assertThat((String) open.value()).hasSize(7_500);
        } catch (CacheException e) {
          assertThat(e).hasMessage("Its compressed bytes are malformed");
        }
        payload[at] ^= (byte) change;
      }
    }
  }

  @Test
  void unknownCompression_isUnreadable() {
    Envelope envelope = seal(codec(Compression.NONE), KEY, "v", NOON);
    for (int number = 3; number < 8; number++) {
      assertThat(codec(Compression.LZ4).open(KEY, envelope.flags() | number << 8, envelope.bytes()))
          .isEqualTo(UnreadableEnvelope.FOREIGN);
    }
  }

  private static byte[] sized(int size, byte[] compressed) {
    return ByteBuffer.allocate(4 + compressed.length).putInt(size).put(compressed).array();
  }

  private static Envelope sealed(Compression compression, int encoding, byte[] payload) {
    return new EnvelopeFormat(Checksum.CRC32C)
        .write(KEY, new EncodedValue(number(compression) << 8 | encoding, payload, 0), NOON);
  }
}
