// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.key.PathKeyTest;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.support.Samples;
import org.memjcache.support.Samples.Person;

class EnvelopeCodecTest {

  private static final long NOON = 1_700_000_000_000L;
  private static final int LATIN_1 = 2;
  private static final int UTF8 = 3;
  private static final int UTF16 = 4;

  private final EntryKeyCodec keys = new EntryKeyCodec(Samples.serializer());
  private final EnvelopeCodec codec =
      new EnvelopeCodec(new ValueCodec(Samples.serializer(), CompressionRule.NOTHING));

  private static KeyPrefix prefix(String... names) {
    return PathKey.of(List.of(names)).prefix(PathKeyTest.versions(names.length, 64));
  }

  private ItemKey key(Object key, String... names) {
    return prefix(names).itemKey(keys.encode(key));
  }

  private Envelope seal(ItemKey key, Object value, long deadline) {
    return codec.seal(key, codec.encode(value), deadline);
  }

  private VerifiedEnvelope open(ItemKey key, Envelope envelope) {
    return (VerifiedEnvelope) codec.open(key, envelope.flags(), envelope.bytes());
  }

  private OpenedEnvelope openListed(ItemKey key, Envelope envelope) {
    return codec.openListed(listed(key), envelope.flags(), envelope.bytes());
  }

  /** Returns an item key as a key dump gives it. */
  private static ItemKey listed(ItemKey key) {
    return key.prefix().listed(key.text());
  }

  @Test
  void seal_shortKey_exactBytes() {
    ItemKey key =
        PathKey.of(List.of("acme", "shop", "orders"))
            .prefix(new long[] {1, 64, Long.MAX_VALUE})
            .itemKey(keys.encode("ORDER-4711"));

    Envelope envelope = seal(key, "OK", NOON);

    // 018B: high bits of the deadline; 1: format; 8: a deadline, not compressed; 02: Latin-1
    assertThat(Integer.toHexString(envelope.flags())).isEqualTo("18b1802");
    assertThat(HexFormat.of().formatHex(envelope.bytes()))
        .isEqualTo(
            "cfe56800" // low bits of the deadline
                + "d256ed08" // CRC32C of key, flags, versions, deadline and payload
                + "4f4b"); // OK
  }

  @Test
  void uncheckedFullKey_ofBothFormats_isThatOfTheItemKey() {
    ItemKey hashed = key("k".repeat(300), "acme", "shop");
    EnvelopeCodec signing =
        new EnvelopeCodec(
            new ValueCodec(Samples.serializer(), CompressionRule.NOTHING),
            SigningKeys.of(List.of("a secret of many letters")));
    for (EnvelopeCodec each : List.of(codec, signing)) {
      for (long deadline : new long[] {NOON, EnvelopeCodec.NEVER}) {
        Envelope envelope = each.seal(hashed, each.encode("OK"), deadline);

        assertThat(EnvelopeCodec.uncheckedFullKey(envelope.flags(), envelope.bytes()))
            .isEqualTo(hashed.fullKey());
        assertThat(EnvelopeCodec.uncheckedFullKey(envelope.flags(), new byte[3])).isNull();
        int flagsOfOthers = envelope.flags() & 0xFFF;
        assertThat(EnvelopeCodec.uncheckedFullKey(flagsOfOthers, envelope.bytes())).isNull();
      }
    }
    Envelope plain = seal(key("k", "acme"), "OK", NOON);
    assertThat(EnvelopeCodec.uncheckedFullKey(plain.flags(), plain.bytes())).isNull();
    assertThat(EnvelopeCodec.uncheckedFullKey(0, plain.bytes())).isNull();
  }

  @Test
  void seal_hashedKey_exactBytes() {
    ItemKey key =
        PathKey.of(List.of("a".repeat(100), "b"))
            .prefix(new long[] {1, 2})
            .itemKey(keys.encode("k".repeat(300)));

    Envelope envelope = seal(key, 42, EnvelopeCodec.NEVER);

    assertThat(Integer.toHexString(envelope.flags())).isEqualTo("108a");
    assertThat(HexFormat.of().formatHex(envelope.bytes()))
        .isEqualTo(
            "1d5b3f5d" // CRC32C
                + "9403" // 404, lowest 7 bits first
                + "61".repeat(100) // a...
                + "2f623a53" // /b:S
                + "6b".repeat(300) // k...
                + "0000002a"); // 42
  }

  static List<Object> values() {
    List<Object> values = new java.util.ArrayList<>(Samples.keys());
    values.addAll(Samples.otherKeys());
    values.addAll(
        List.of(
            "ÿ".repeat(1000),
            "€".repeat(1000) + "\uD83D",
            new byte[0],
            new byte[] {0, -1, 127},
            new int[] {1, 2},
            new String[] {"a", null},
            new Object[][] {{1, "a"}, null},
            new java.sql.Timestamp(1),
            new java.sql.Date(1),
            new java.util.GregorianCalendar(2024, 0, 1),
            java.net.URI.create("http://acme.com"),
            new java.util.HashMap<>(java.util.Map.of("a", List.of(1))),
            java.util.Map.of("a", 1, "b", 2),
            java.util.Set.of(1, 2),
            java.util.EnumSet.allOf(Samples.Color.class),
            new java.util.EnumMap<>(java.util.Map.of(Samples.Color.RED, 1)),
            new java.util.concurrent.ConcurrentHashMap<>(java.util.Map.of("a", 1)),
            new java.util.concurrent.ConcurrentSkipListMap<>(java.util.Map.of("a", 1)),
            new java.util.TreeMap<>(java.util.Map.of("a", 1)),
            new java.util.ArrayDeque<>(List.of(1)).clone().getClass().getName(),
            new java.util.Properties(),
            new java.util.LinkedHashSet<>(List.of(3, 1, 2)),
            new java.util.BitSet(100),
            java.util.Collections.unmodifiableList(new java.util.ArrayList<>(List.of(1)))));
    return values;
  }

  @ParameterizedTest
  @MethodSource("values")
  void open_sealedValue_equalAndOfTheSameClass(Object value) {
    for (ItemKey key : List.of(key("k", "acme", "c"), key("k".repeat(300), "acme", "c"))) {
      Envelope envelope = seal(key, value, NOON);

      VerifiedEnvelope open =
          (VerifiedEnvelope) codec.open(key, envelope.flags(), envelope.bytes().clone());

      assertThat(open.deadline()).isEqualTo(NOON);
      assertThat(open.key()).isEqualTo(key);
      assertThat(open.value()).isEqualTo(value).hasSameClassAs(value);
    }
  }

  @Test
  void open_NaNWithOtherBits_sameBits() {
    double odd = Double.longBitsToDouble(0x7ff8000000000001L);
    Envelope envelope = seal(key("k", "c"), odd, NOON);

    double value = (double) open(key("k", "c"), envelope).value();

    assertThat(Double.doubleToRawLongBits(value)).isEqualTo(0x7ff8000000000001L);
  }

  @Test
  void value_mutable_newEachTime() {
    for (Object value :
        List.of(new byte[] {1}, new java.util.Date(1), new java.util.ArrayList<>(List.of(1)))) {
      Envelope envelope = seal(key("k", "c"), value, NOON);
      VerifiedEnvelope open = open(key("k", "c"), envelope);

      assertThat(open.value()).isEqualTo(value).isNotSameAs(value).isNotSameAs(open.value());
    }
  }

  @Test
  void seal_arrayChangedLater_envelopeKeepsValue() {
    byte[] value = {1, 2};
    Envelope envelope = seal(key("k", "c"), value, NOON);
    value[0] = 9;

    assertThat(open(key("k", "c"), envelope).value()).isEqualTo(new byte[] {1, 2});
  }

  static List<List<Object>> keysAndValues() {
    return List.of(
        List.of("k", "a value"),
        List.of("k", 42),
        List.of("k", true),
        List.of("k", new Person("Ada", 36)),
        List.of("k".repeat(300), "a value"),
        List.of("k".repeat(300), ""));
  }

  @ParameterizedTest
  @MethodSource("keysAndValues")
  void open_anyBitFlipped_unreadable(List<Object> keyAndValue) {
    ItemKey key = key(keyAndValue.get(0), "acme", "c");
    Envelope envelope = seal(key, keyAndValue.get(1), NOON);
    for (int bit = 0; bit < 32; bit++) {
      assertThat(codec.open(key, envelope.flags() ^ 1 << bit, envelope.bytes()))
          .as("bit %s", bit)
          .isIn(UnreadableEnvelope.FOREIGN, UnreadableEnvelope.DAMAGED);
    }
    byte[] bytes = envelope.bytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(codec.open(key, envelope.flags(), bytes))
          .as("bit %s", bit)
          .isEqualTo(UnreadableEnvelope.DAMAGED);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(codec.open(key, envelope.flags(), bytes)).isInstanceOf(VerifiedEnvelope.class);
  }

  @ParameterizedTest
  @MethodSource("keysAndValues")
  void open_shortenedOrLengthened_damaged(List<Object> keyAndValue) {
    ItemKey key = key(keyAndValue.get(0), "acme", "c");
    Envelope envelope = seal(key, keyAndValue.get(1), NOON);
    for (int length = 0; length < envelope.bytes().length; length++) {
      byte[] shortened = Arrays.copyOf(envelope.bytes(), length);
      assertThat(codec.open(key, envelope.flags(), shortened))
          .as("length %s", length)
          .isEqualTo(UnreadableEnvelope.DAMAGED);
    }
    byte[] longer = Arrays.copyOf(envelope.bytes(), envelope.bytes().length + 1);
    assertThat(codec.open(key, envelope.flags(), longer)).isEqualTo(UnreadableEnvelope.DAMAGED);
  }

  @Test
  void open_bytesOfAnotherKeyOrVersion_damaged() {
    ItemKey key = key("k", "acme", "c");
    Envelope envelope = seal(key, "v", NOON);
    PathKey path = PathKey.of(List.of("acme", "c"));
    List<ItemKey> others =
        List.of(
            key("other", "acme", "c"),
            key("k", "acme", "d"),
            path.prefix(new long[] {64, 65}).itemKey(keys.encode("k")),
            path.prefix(new long[] {65, 64}).itemKey(keys.encode("k")));
    for (ItemKey other : others) {
      assertThat(codec.open(other, envelope.flags(), envelope.bytes()))
          .as("%s", other)
          .isEqualTo(UnreadableEnvelope.DAMAGED);
    }
  }

  /** As it would be if the hash of both lists of versions had the same beginning. */
  @Test
  void open_otherVersionsWithTheSameItemKey_damaged() {
    PathKey path = PathKey.of(List.of("acme", "c"));
    for (ItemKey key : List.of(key("k", "acme", "c"), key("k".repeat(300), "acme", "c"))) {
      for (long deadline : new long[] {NOON, EnvelopeCodec.NEVER}) {
        Envelope envelope = seal(key, "v", deadline);
        for (long[] versions : new long[][] {{64, 65}, {65, 64}, {1, 64}, {64, Long.MAX_VALUE}}) {
          ItemKey other = new ItemKey(key.text(), key.fullKey(), path.prefix(versions));

          assertThat(codec.open(other, envelope.flags(), envelope.bytes()))
              .isEqualTo(UnreadableEnvelope.DAMAGED);
          assertThat(openListed(other, envelope)).isEqualTo(UnreadableEnvelope.DAMAGED);
        }
        assertThat(open(key, envelope).value()).isEqualTo("v");
      }
    }
  }

  @Test
  void deadline_ofAnyTime_comesBackOrIsEarlier() {
    ItemKey key = key("k", "c");
    for (long deadline : new long[] {0, 1, NOON, (1L << 32) - 1, 1L << 32, (1L << 47) - 1}) {
      assertThat(open(key, seal(key, "v", deadline)).deadline()).isEqualTo(deadline);
    }
    for (long late : new long[] {1L << 47, 1L << 48, 1L << 62, Long.MAX_VALUE - 1}) {
      assertThat(open(key, seal(key, "v", late)).deadline()).isEqualTo((1L << 47) - 1);
    }
    assertThat(open(key, seal(key, "v", EnvelopeCodec.NEVER)).deadline())
        .isEqualTo(EnvelopeCodec.NEVER);
  }

  @Test
  void flags_neverNegative() {
    for (long deadline : new long[] {Long.MIN_VALUE, -1, 1L << 47, Long.MAX_VALUE - 1}) {
      assertThat(seal(key("k", "c"), "v", deadline).flags()).isPositive();
    }
  }

  @Test
  void open_flagsOfOthers_foreign() {
    ItemKey key = key("k", "c");
    byte[] bytes = seal(key, "v", NOON).bytes();

    for (int flags :
        List.of(
            0, 2, -1, 0x2002, // format 2
            0x1302, // compression 3
            0x1000, // encoding 0
            0x107F)) { // encoding 127
      assertThat(codec.open(key, flags, bytes))
          .as("%x", flags)
          .isEqualTo(UnreadableEnvelope.FOREIGN);
    }
  }

  // Collisions

  @Test
  void open_entryWithTheSameHash_collision() {
    ItemKey one = new ItemKey("c:AAAAAAA:~0000", "c:Sa", prefix("c"));
    ItemKey other = new ItemKey("c:AAAAAAA:~0000", "c:Sb", prefix("c"));
    Envelope envelope = seal(one, "v", NOON);

    assertThat(codec.open(other, envelope.flags(), envelope.bytes()))
        .isEqualTo(UnreadableEnvelope.COLLISION);
    assertThat(open(one, envelope).value()).isEqualTo("v");
  }

  @Test
  void open_fullKeyWhereNoneBelongs_damaged() {
    ItemKey readable = key("k", "c");
    Envelope with = seal(new ItemKey(readable.text(), "c:Sk", readable.prefix()), "v", NOON);
    ItemKey hashed = key("k".repeat(300), "c");
    Envelope without = seal(listed(hashed), "v", NOON);

    assertThat(codec.open(readable, with.flags(), with.bytes()))
        .isEqualTo(UnreadableEnvelope.DAMAGED);
    assertThat(codec.open(hashed, without.flags(), without.bytes()))
        .isEqualTo(UnreadableEnvelope.DAMAGED);
  }

  /** From 128 and from 16,384 characters on, its length takes one more byte. */
  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 129, 16_383, 16_384})
  void open_fullKeyOfAnyLength_valueAfterIt(int length) {
    ItemKey hashed = new ItemKey("c:AAAAAAA:~0000", "k".repeat(length), prefix("c"));

    for (String value : List.of("", "v")) {
      VerifiedEnvelope opened = open(hashed, seal(hashed, value, NOON));
      assertThat(opened.value()).isEqualTo(value);
    }
  }

  @Test
  void open_fullKeyLongerThanTheBytes_damaged() {
    ItemKey hashed = key("k".repeat(300), "c");
    int flags = 0x1000 | 0x80 | LATIN_1;
    for (String key : List.of("", "05", "ffffffff7f", "ffffffffffffffff", "80808080808001")) {
      // Sealed as a payload under the flags of a full key: only the length is a lie
      byte[] rest = HexFormat.of().parseHex(key);
      byte[] bytes = sealRaw(hashed, flags, rest);

      assertThat(codec.open(hashed, flags, bytes)).as(key).isEqualTo(UnreadableEnvelope.DAMAGED);
      assertThat(codec.openListed(listed(hashed), flags, bytes))
          .as(key)
          .isEqualTo(UnreadableEnvelope.DAMAGED);
    }
  }

  private static byte[] versions(ItemKey key) {
    ByteBuffer versions = ByteBuffer.allocate(key.prefix().versionsSize());
    key.prefix().putVersions(versions);
    return versions.array();
  }

  /** Gives any bytes after the header a right checksum. */
  private static byte[] sealRaw(ItemKey key, int flags, byte[] rest) {
    java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
    sum.update(key.text().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    sum.update(ByteBuffer.allocate(4).putInt(flags).flip());
    sum.update(versions(key));
    sum.update(rest);
    return ByteBuffer.allocate(4 + rest.length).putInt((int) sum.getValue()).put(rest).array();
  }

  @Test
  void open_lengthThatCanNotBe_damaged() {
    ItemKey key = key("k", "c");
    int integer = 0x1000 | 10;

    for (int length : List.of(3, 5)) {
      assertThat(codec.open(key, integer, sealRaw(key, integer, new byte[length])))
          .isEqualTo(UnreadableEnvelope.DAMAGED);
    }
    assertThat(open(key, new Envelope(integer, sealRaw(key, integer, new byte[4]))).value())
        .isEqualTo(0);
  }

  static List<List<Object>> malformed() {
    return List.of(
        List.of(UTF8, "ff"),
        List.of(UTF8, "61c3"),
        List.of(UTF16, "006100"),
        List.of(15, "02"), // Boolean
        List.of(18, ""), // BigInteger
        List.of(19, "00000001"), // BigDecimal
        List.of(30, "00000000000000003b9aca00"), // Instant, 10^9 ns
        List.of(30, "7fffffffffffffff00000000"),
        List.of(31, "7fffffffffffffff"), // LocalDate
        List.of(32, "ffffffffffffffff"), // LocalTime
        List.of(36, "00"), // ZonedDateTime
        List.of(40, "000007e80d"), // YearMonth, month 13
        List.of(41, "021e"), // MonthDay, 30 February
        List.of(42, "7fffffff"), // ZoneOffset
        List.of(43, "4e6f7768657265"), // ZoneId, Nowhere
        List.of(1, ""),
        List.of(1, "00"),
        List.of(1, "aced0005"),
        List.of(1, "aced000570")); // null
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void value_malformedWithRightChecksum_cacheException(List<Object> encodingAndBytes) {
    ItemKey key = key("k", "c");
    int flags = 0x1000 | (int) encodingAndBytes.get(0);
    byte[] payload = HexFormat.of().parseHex((String) encodingAndBytes.get(1));
    VerifiedEnvelope open = open(key, new Envelope(flags, sealRaw(key, flags, payload)));

    assertThatExceptionOfType(CacheException.class).isThrownBy(open::value);
  }

  @Test
  void value_anyBytesOfEveryEncoding_valueOrCacheException() {
    ItemKey key = key("k", "c");
    java.util.Random random = new java.util.Random(1);
    for (int encoding = 0; encoding < 128; encoding++) {
      for (int length = 0; length < 40; length++) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        int flags = 0x1000 | encoding;
        OpenedEnvelope opened = codec.open(key, flags, sealRaw(key, flags, payload));
        if (opened instanceof VerifiedEnvelope open) {
          try {
            assertThat(open.value()).isNotNull();
          } catch (CacheException expected) {
            assertThat(expected).hasMessageNotContaining(key.text()); // for the caller to name
          }
        }
      }
    }
  }

  // Resealing

  @Test
  void resealed_newDeadline_sameValue() {
    for (ItemKey key : List.of(key("k", "c"), key("k".repeat(300), "c"))) {
      Envelope first = seal(key, new Person("Ada", 36), NOON);
      VerifiedEnvelope open = open(key, first);

      Envelope second = open.resealed(key, NOON + 1);

      VerifiedEnvelope reopened = open(key, second);
      assertThat(reopened.deadline()).isEqualTo(NOON + 1);
      assertThat(reopened.value()).isEqualTo(new Person("Ada", 36));
      assertThat(second.bytes()).isEqualTo(seal(key, new Person("Ada", 36), NOON + 1).bytes());
      assertThat(open.deadline()).isEqualTo(NOON);
      assertThat(open(key, first).value()).isEqualTo(new Person("Ada", 36));
    }
  }

  @Test
  void resealed_otherKey_opensUnderThatKeyOnly() {
    ItemKey key = key("k", "c");
    ItemKey other = key("k".repeat(300), "c");
    Envelope first = seal(key, "v", NOON);

    Envelope moved = open(key, first).resealed(other, NOON);

    assertThat(open(other, moved).value()).isEqualTo("v");
    assertThat(codec.open(key, moved.flags(), moved.bytes())).isEqualTo(UnreadableEnvelope.DAMAGED);
  }

  // Listing

  @Test
  void openListed_entries_leadToTheirKeys() {
    String longName = "long".repeat(30);
    for (KeyPrefix prefix : List.of(prefix("acme", "c"), prefix("acme", longName))) {
      for (Object key : List.of("k", "k".repeat(300), 4711L, new Person("Ada", 36))) {
        ItemKey itemKey = prefix.itemKey(keys.encode(key));
        Envelope envelope = seal(itemKey, "v", NOON);

        VerifiedEnvelope open = (VerifiedEnvelope) openListed(itemKey, envelope);

        assertThat(open.key()).isEqualTo(itemKey);
        assertThat(keys.decode(prefix.entryKey(open.key()).text())).isEqualTo(key);
        assertThat(open.value()).isEqualTo("v");
        assertThat(open.deadline()).isEqualTo(NOON);
      }
    }
  }

  @Test
  void openListed_noEnvelope_foreign() {
    KeyPrefix prefix = prefix("c");
    for (String itemKey : List.of("c:version", prefix.text())) {
      assertThat(codec.openListed(prefix.listed(itemKey), 0, new byte[0]))
          .isEqualTo(UnreadableEnvelope.FOREIGN);
    }
  }

  @Test
  void openListed_damagedOrSwapped_damaged() {
    ItemKey one = key("a".repeat(300), "c");
    ItemKey other = key("b".repeat(300), "c");
    Envelope envelope = seal(one, "v", NOON);

    assertThat(openListed(other, envelope)).isEqualTo(UnreadableEnvelope.DAMAGED);
    assertThat(codec.openListed(listed(one), envelope.flags(), new byte[7]))
        .isEqualTo(UnreadableEnvelope.DAMAGED);
  }

  @Test
  void openListed_fullKeyThatDoesNotFitTheItemKey_leadsToNoEntry() {
    String hashed = key("k".repeat(300), "c").text();
    String readable = key("k", "c").text();
    KeyPrefix prefix = prefix("c");
    for (ItemKey lie :
        List.of(
            new ItemKey(hashed, "c:S" + "l".repeat(300), prefix), // hash of another entry
            new ItemKey(hashed, "c:Sk", prefix), // would not have been hashed
            new ItemKey(hashed, "c:", prefix),
            new ItemKey(hashed, null, prefix),
            new ItemKey(readable, "c:Sk", prefix),
            new ItemKey(prefix("c").text(), null, prefix))) {
      VerifiedEnvelope open = (VerifiedEnvelope) openListed(lie, seal(lie, "v", NOON));

      assertThat(open.key()).isEqualTo(lie);
      assertThat(prefix("c").entryKey(open.key())).as("%s", lie).isNull();
    }
  }

  @Test
  void seal_notSerializable_namesClassAtFaultAndClassOfValue() {
    Object value = new java.util.ArrayList<>(List.of(new Object() {}));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> seal(key("k", "c"), value, NOON))
        .withMessageContainingAll(
            "java.util.ArrayList", "EnvelopeCodecTest$", "java.io.Serializable");
  }
}
