// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import javax.cache.CacheException;
import org.memjcache.fuzz.Budget;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.support.Samples;

/**
 * Whatever is found under an item key: it opens, or it is a miss; and its value is one of an
 * allowed class, or a {@link CacheException}.
 *
 * <p>The first byte of an input chooses the item key and whether the checksum is made right, as
 * somebody who knows the format would do. The next four are the flags, the rest is the item.
 */
class EnvelopeFuzzTest {

  private static final JavaSerializer SERIALIZER = Samples.serializer();

  /** A short path and a hashed one, each with an entry whose key is short, long, and listed. */
  private static final List<KeyPrefix> PREFIXES =
      List.of(
          PathKey.of(List.of("hotels", "Lisboa", "info")).prefix(new long[] {1, 2, 3}),
          PathKey.of(List.of("hotels", "L".repeat(300), "info")).prefix(new long[] {1, 2, 3}));

  private static final EnvelopeCodec ENVELOPES =
      new EnvelopeCodec(
          new ValueCodec(SERIALIZER, new CompressionRule(Compression.NONE, 1, 1 << 16)));
  private static final EntryKeyCodec KEYS = new EntryKeyCodec(SERIALIZER);

  @FuzzTest
  void open(byte[] input) {
    if (input.length >= 5) {
      Budget.check(input, () -> openOne(input));
    }
  }

  private static void openOne(byte[] input) {
    int choice = input[0];
    KeyPrefix prefix = PREFIXES.get(choice & 1);
    ItemKey key = prefix.itemKey(KEYS.encode((choice & 2) == 0 ? "k" : "k".repeat(300)));
    int flags = ByteBuffer.wrap(input, 1, 4).getInt();
    byte[] bytes = Arrays.copyOfRange(input, 5, input.length);
    int at = (flags & 0x800) == 0 ? 0 : 4; // after the deadline, if there is one
    if ((choice & 4) != 0 && bytes.length >= at + 4) {
      ByteBuffer.wrap(bytes).putInt(at, checksum(key, flags, bytes, at));
    }
    OpenedEnvelope opened =
        (choice & 8) == 0
            ? ENVELOPES.open(key, flags, bytes)
            : ENVELOPES.openListed(prefix.listed(key.text()), flags, bytes);
    if (opened instanceof VerifiedEnvelope envelope) {
      EntryKey listed = prefix.entryKey(envelope.key());
      if (listed != null) {
        decodeKey(listed.text());
      }
      decodeValue(envelope);
    }
  }

  private static void decodeKey(String entryText) {
    try {
      assertThat(KEYS.decode(entryText)).isNotNull();
    } catch (CacheException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  private static void decodeValue(VerifiedEnvelope envelope) {
    try {
      assertThat(envelope.value()).isNotNull();
    } catch (CacheException e) {
      assertThat(e).hasMessageNotContaining("\n"); // the caller names the item
    }
  }

  private static int checksum(ItemKey key, int flags, byte[] bytes, int at) {
    CRC32C sum = new CRC32C();
    sum.update(key.text().getBytes(ISO_8859_1));
    sum.update(ByteBuffer.allocate(4).putInt(flags).array());
    ByteBuffer versions = ByteBuffer.allocate(key.prefix().versionsSize());
    key.prefix().putVersions(versions);
    sum.update(versions.array());
    sum.update(bytes, 0, at);
    sum.update(bytes, at + 4, bytes.length - at - 4);
    return (int) sum.getValue();
  }
}
