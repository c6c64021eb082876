// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.key.PathKeyTest;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.support.Samples;
import org.memjcache.support.Samples.Person;

/** What nobody without the secret can make, and what nobody can move to another place. */
class SignatureTest {

  private static final String SECRET = "correct horse battery staple";
  private static final String OTHER_SECRET = "correct horse battery stapler";
  private static final long NOON = 1_700_000_000_000L;

  private static final ValueCodec VALUES =
      new ValueCodec(Samples.serializer(), CompressionRule.NOTHING);

  private final EntryKeyCodec keys = new EntryKeyCodec(Samples.serializer());
  private final EnvelopeCodec codec = signing(SECRET);

  private static EnvelopeCodec signing(String... secrets) {
    return new EnvelopeCodec(VALUES, SigningKeys.of(List.of(secrets)));
  }

  private ItemKey key(Object key, long version, String... names) {
    return PathKey.of(List.of(names))
        .prefix(PathKeyTest.versions(names.length, version))
        .itemKey(keys.encode(key));
  }

  private static void assertForged(EnvelopeCodec codec, ItemKey key, Envelope envelope) {
    assertThat(codec.open(key, envelope.flags(), envelope.bytes()))
        .as(key.text())
        .isEqualTo(UnreadableEnvelope.FORGED);
  }

  private static Envelope seal(EnvelopeCodec codec, ItemKey key, Object value, long deadline) {
    return codec.seal(key, codec.encode(value), deadline);
  }

  private static VerifiedEnvelope open(EnvelopeCodec codec, ItemKey key, Envelope envelope) {
    return (VerifiedEnvelope) codec.open(key, envelope.flags(), envelope.bytes());
  }

  @Test
  void seal_exactBytes() {
    ItemKey key =
        PathKey.of(List.of("acme", "shop", "orders"))
            .prefix(new long[] {1, 64, Long.MAX_VALUE})
            .itemKey(keys.encode("ORDER-4711"));

    Envelope envelope = seal(codec, key, "OK", NOON);

    // 018B: high bits of the deadline; 2: signed; 8: a deadline, not compressed; 02: Latin-1
    assertThat(Integer.toHexString(envelope.flags())).isEqualTo("18b2802");
    assertThat(HexFormat.of().formatHex(envelope.bytes()))
        .isEqualTo(
            "cfe56800" // low bits of the deadline
                + "a7bfbbaf4f2b4b23f31e9bd2f5156088" // as Python's hmac says, the first half
                + "4f4b"); // OK
  }

  static List<List<Object>> keysAndValues() {
    return List.of(
        List.of("k", "a value"),
        List.of("k", 42),
        List.of("k", new Person("Ada", 36)),
        List.of("k".repeat(300), "a value"),
        List.of("k".repeat(300), ""));
  }

  @ParameterizedTest
  @MethodSource("keysAndValues")
  void open_signed_isTheValue(List<Object> keyAndValue) {
    ItemKey key = key(keyAndValue.get(0), 64, "acme", "c");
    Envelope envelope = seal(codec, key, keyAndValue.get(1), NOON);

    VerifiedEnvelope open = open(signing(SECRET), key, envelope);

    assertThat(open.value()).isEqualTo(keyAndValue.get(1));
    assertThat(open.deadline()).isEqualTo(NOON);
  }

  @ParameterizedTest
  @MethodSource("keysAndValues")
  void open_anyBitFlipped_isForged(List<Object> keyAndValue) {
    ItemKey key = key(keyAndValue.get(0), 64, "acme", "c");
    Envelope envelope = seal(codec, key, keyAndValue.get(1), NOON);
    byte[] bytes = envelope.bytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertForged(codec, key, envelope);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    for (int bit = 0; bit < 32; bit++) {
      assertThat(codec.open(key, envelope.flags() ^ 1 << bit, bytes))
          .as("flag %s", bit)
          .isInstanceOf(UnreadableEnvelope.class);
    }
    for (int length = 0; length < bytes.length; length++) {
      assertForged(codec, key, new Envelope(envelope.flags(), Arrays.copyOf(bytes, length)));
    }
    assertForged(
        codec, key, new Envelope(envelope.flags(), Arrays.copyOf(bytes, bytes.length + 1)));
    assertThat(codec.open(key, envelope.flags(), bytes)).isInstanceOf(VerifiedEnvelope.class);
  }

  @Test
  void open_underAnotherKeyVersionOrNamespace_isForged() {
    for (Object name : List.of("k", "k".repeat(300))) {
      Envelope envelope = seal(codec, key(name, 64, "acme", "c"), "v", NOON);
      String other = name + "2";
      for (ItemKey target :
          List.of(
              key(other, 64, "acme", "c"),
              key(name, 65, "acme", "c"),
              key(name, 64, "acme", "d"),
              key(name, 64, "umbrella", "c"),
              key(name, 64, "acme", "c", "c"),
              key(name, 64, "c"))) {
        assertForged(codec, target, envelope);
      }
    }
  }

  /** As it would be if the hash of both lists of versions had the same beginning. */
  @Test
  void open_underOtherVersionsWithTheSameItemKey_isForged() {
    ItemKey key = key("k", 64, "acme", "c");
    Envelope envelope = seal(codec, key, "v", NOON);
    PathKey path = PathKey.of(List.of("acme", "c"));
    for (long[] versions : new long[][] {{64, 65}, {65, 64}, {1, 64}, {64, Long.MAX_VALUE}}) {
      assertForged(codec, new ItemKey(key.text(), null, path.prefix(versions)), envelope);
    }
  }

  /** What stands at the end of the one can't be passed off as the beginning of the other. */
  @Test
  void open_versionsAndBytesDividedAnew_isForged() {
    ItemKey key = key("k", 64, "acme", "c");
    Envelope envelope = seal(codec, key, "v", EnvelopeCodec.NEVER);
    byte[] bytes = envelope.bytes();
    byte[] longer = new byte[bytes.length + Long.BYTES];
    System.arraycopy(bytes, 0, longer, 0, 16);
    longer[16 + Long.BYTES - 1] = 64; // the version of the second level, then the value
    System.arraycopy(bytes, 16, longer, 16 + Long.BYTES, bytes.length - 16);
    KeyPrefix shorter = PathKey.of(List.of("acme")).prefix(new long[] {64});

    assertForged(
        codec, new ItemKey(key.text(), null, shorter), new Envelope(envelope.flags(), longer));
  }

  @Test
  void open_signedWithAnotherSecret_isForged() {
    ItemKey key = key("k", 64, "acme", "c");

    assertForged(codec, key, seal(signing(OTHER_SECRET), key, "v", NOON));
  }

  @Test
  void open_withoutSignature_isForgedHoweverRightItsChecksum() {
    ItemKey key = key("k", 64, "acme", "c");
    Envelope unsigned = seal(new EnvelopeCodec(VALUES), key, "v", NOON);

    assertForged(codec, key, unsigned);
  }

  @Test
  void open_signedByOneWithoutSecret_isForeign() {
    ItemKey key = key("k", 64, "acme", "c");
    Envelope signed = seal(codec, key, "v", NOON);
    EnvelopeCodec unsigned = new EnvelopeCodec(VALUES);

    assertThat(unsigned.open(key, signed.flags(), signed.bytes()))
        .isEqualTo(UnreadableEnvelope.FOREIGN);
  }

  @Test
  void secrets_replacedInTwoSteps_loseNoEntry() {
    ItemKey key = key("k", 64, "acme", "c");
    Envelope old = seal(codec, key, "v", NOON);
    EnvelopeCodec first = signing(SECRET, OTHER_SECRET);
    EnvelopeCodec second = signing(OTHER_SECRET, SECRET);

    assertThat(open(first, key, old).value()).isEqualTo("v");
    assertThat(open(second, key, old).value()).isEqualTo("v");

    Envelope ofFirst = seal(first, key, "v", NOON);
    assertThat(ofFirst.bytes()).isEqualTo(old.bytes());
    Envelope ofSecond = seal(second, key, "v", NOON);
    assertThat(open(first, key, ofSecond).value()).isEqualTo("v");
    assertForged(codec, key, ofSecond);
  }

  @Test
  void resealed_isSignedAnew() {
    ItemKey key = key("k".repeat(300), 64, "acme", "c");
    Envelope envelope = seal(codec, key, new Person("Ada", 36), NOON);
    VerifiedEnvelope open = open(codec, key, envelope);

    Envelope later = open.resealed(key, NOON + 1);

    VerifiedEnvelope again = open(codec, key, later);
    assertThat(again.deadline()).isEqualTo(NOON + 1);
    assertThat(again.value()).isEqualTo(new Person("Ada", 36));
  }

  @Test
  void openListed_signedOrNot_onlySignedCounts() {
    KeyPrefix prefix = PathKey.of(List.of("acme", "c")).prefix(new long[] {64, 64});
    for (String name : List.of("k", "k".repeat(300))) {
      ItemKey key = prefix.itemKey(keys.encode(name));
      Envelope signed = seal(codec, key, "v", NOON);
      Envelope unsigned = seal(new EnvelopeCodec(VALUES), key, "v", NOON);

      VerifiedEnvelope open =
          (VerifiedEnvelope)
              codec.openListed(prefix.listed(key.text()), signed.flags(), signed.bytes());

      assertThat(keys.decode(prefix.entryKey(open.key()).text())).isEqualTo(name);
      assertThat(codec.openListed(prefix.listed(key.text()), unsigned.flags(), unsigned.bytes()))
          .isEqualTo(UnreadableEnvelope.FORGED);
    }
  }

  @Test
  void of_secretsThatAreNone_saySoWithoutShowingThem() {
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKeys.of(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.of(List.of(SECRET, "Tr0ub4dor&3")))
        .withMessageContainingAll("11 characters", "at least 16", "openssl rand")
        .withMessageNotContaining("Tr0ub4dor");
    assertThat(SigningKeys.of(List.of(SECRET)).toString()).doesNotContain("horse");
  }
}
