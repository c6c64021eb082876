// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.Serializer;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.support.HostileTexts;
import org.memjcache.support.Samples;

class ValueCodecTest {

  private static final Serializer NONE =
      new Serializer() {
        @Override
        public byte[] serialize(Object value) {
          throw new AssertionError("Serialized: " + value.getClass());
        }

        @Override
        public Object deserialize(byte[] bytes, int offset, int length) {
          throw new AssertionError("Deserialized");
        }
      };

  private static final ValueCodec CODEC = new ValueCodec(NONE, CompressionRule.NOTHING);

  private static Object copy(Object value) {
    return CODEC.decode(CODEC.encode(value));
  }

  static List<Object> values() {
    return Samples.keys();
  }

  @ParameterizedTest
  @MethodSource("values")
  void decode_commonTypes_equalWithoutTheSerializer(Object value) {
    assertThat(copy(value)).isEqualTo(value).hasSameClassAs(value);
  }

  /** Those who get a value from a near cache share the object if this says so. */
  @Test
  void isImmutable_onlyWhatCanNotBeChanged() {
    for (Object value : Samples.keys()) {
      assertThat(Encodings.isImmutable(value))
          .as("%s", value.getClass())
          .isEqualTo(!(value instanceof java.util.Date));
    }
    for (Object value :
        List.of(
            new byte[] {1},
            new java.util.Date(1),
            new java.sql.Timestamp(1),
            new java.util.ArrayList<>(),
            List.of(1),
            new Samples.Person("Ada", 36))) {
      assertThat(Encodings.isImmutable(value)).as("%s", value.getClass()).isFalse();
    }
  }

  @Property(tries = 2_000)
  void decode_anyText_equal(@ForAll("texts") String text) {
    assertThat(copy(text)).isEqualTo(text);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        HostileTexts.any(),
        Arbitraries.strings().withCharRange('\0', 'ÿ'),
        Arbitraries.strings().withCharRange('\uD800', '\uE000'));
  }

  @Property
  void decode_anyBytes_equalAndNew(@ForAll byte[] bytes) {
    assertThat(copy(bytes)).isEqualTo(bytes).isNotSameAs(bytes);
  }

  @Property
  void decode_anyNumbers_equal(@ForAll long number) {
    for (Object value :
        List.of(
            number,
            (int) number,
            (short) number,
            (byte) number,
            (char) number,
            Double.longBitsToDouble(number),
            Float.intBitsToFloat((int) number),
            java.math.BigInteger.valueOf(number),
            java.math.BigDecimal.valueOf(number, (int) number),
            new java.util.UUID(number, ~number),
            new java.util.Date(number),
            java.time.Instant.ofEpochMilli(number),
            java.time.Duration.ofSeconds(number, 1),
            java.time.LocalDate.ofEpochDay(number % 1_000_000))) {
      assertThat(copy(value)).isEqualTo(value).hasSameClassAs(value);
    }
  }

  @ParameterizedTest
  @CsvSource({"'', 2, 0", "abc, 2, 3", "é, 2, 1", "€, 3, 3", "a€, 3, 4", "😀, 3, 4"})
  void encode_text_shortestThatHoldsIt(String text, int encoding, int length) {
    EncodedValue encoded = CODEC.encode(text);

    assertThat(encoded.format()).isEqualTo(encoding);
    assertThat(encoded.array()).hasSize(length);
  }

  @Test
  void encode_textWithHalfACharacter_twoBytesEach() {
    for (String text : List.of("\uD83D", "a\uDE00", "\uDE00\uD83D", "?\uD83D")) {
      EncodedValue encoded = CODEC.encode(text);

      assertThat(encoded.format()).isEqualTo(4);
      assertThat(encoded.array()).hasSize(2 * text.length());
    }
  }

  @Test
  void encode_eachType_exactBytes() {
    assertThat(hex(1)).isEqualTo("10: 00000001");
    assertThat(hex(1L)).isEqualTo("11: 0000000000000001");
    assertThat(hex((short) 1)).isEqualTo("12: 0001");
    assertThat(hex((byte) 1)).isEqualTo("13: 01");
    assertThat(hex('€')).isEqualTo("14: 20ac");
    assertThat(hex(true)).isEqualTo("15: 01");
    assertThat(hex(1.0)).isEqualTo("16: 3ff0000000000000");
    assertThat(hex(1.0f)).isEqualTo("17: 3f800000");
    assertThat(hex(java.math.BigInteger.valueOf(-256))).isEqualTo("18: ff00");
    assertThat(hex(new java.math.BigDecimal("1.28"))).isEqualTo("19: 000000020080");
    assertThat(hex(new java.util.UUID(1, 2))).isEqualTo("20: 00000000000000010000000000000002");
    assertThat(hex(new java.util.Date(1))).isEqualTo("21: 0000000000000001");
    assertThat(hex(java.time.Instant.ofEpochSecond(1, 2)))
        .isEqualTo("30: 000000000000000100000002");
    assertThat(hex(java.time.LocalDate.ofEpochDay(1))).isEqualTo("31: 0000000000000001");
    assertThat(hex(java.time.Period.of(1, 2, 3))).isEqualTo("38: 000000010000000200000003");
    assertThat(hex(java.time.ZoneId.of("UTC"))).isEqualTo("43: 555443");
    assertThat(hex(new byte[] {1})).isEqualTo("5: 01");
  }

  private static String hex(Object value) {
    EncodedValue encoded = CODEC.encode(value);
    return encoded.format() + ": " + java.util.HexFormat.of().formatHex(encoded.array());
  }
}
