// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.support.Log;
import org.memjcache.support.Samples;

class UnreadableItemLogTest {

  private final UnreadableItemLog log = new UnreadableItemLog();

  @Test
  void warn_manyOfAKind_firstIsLogged() {
    String written =
        Log.of(
            () -> {
              log.warn("is damaged", "", "acme/c:B:S1", "its checksum is wrong");
              log.warn("is damaged", "", "acme/c:B:S2", "its checksum is wrong");
              log.warn("is foreign", "", "acme/c:B:S3", "it was not stored by MemJCache");
              log.warn("has a value", "class A", "acme/c:B:S4", "it is of class A");
              log.warn("has a value", "class B", "acme/c:B:S5", "it is of class B");
              log.warn("has a value", "class B", "acme/c:B:S6", "it is of class B");
            });

    assertThat(written)
        .contains("WARN", "acme/c:B:S1", "checksum", "acme/c:B:S3", "acme/c:B:S4", "acme/c:B:S5")
        .doesNotContain("acme/c:B:S2", "acme/c:B:S6");
  }

  @Test
  void warn_keyAndReasonThatWereChosenByAWriter_logStaysOneShortLine() {
    String hostile = "a\r\nFAKE LINE\u2028FAKE LINE " + "x".repeat(100_000);
    String written = Log.of(() -> log.warn("is damaged", hostile, hostile, hostile));

    assertThat(written.strip().split("\\R")).hasSize(1);
    assertThat(written).contains("key a\\u000d\\u000aFAKE", ": a\\u000d").hasSizeLessThan(3_000);
  }

  @Test
  void open_damaged_isLoggedWithoutTheValue() {
    EnvelopeCodec codec =
        new EnvelopeCodec(new ValueCodec(Samples.serializer(), CompressionRule.NOTHING));
    ItemKey key = PathKey.of(List.of("c")).prefix(new long[] {1}).itemKey(new EntryKey("Sk"));
    Envelope envelope = codec.seal(key, codec.encode("secret"), 1);

    String written = Log.of(() -> codec.open(key, envelope.flags() ^ 1, envelope.bytes()));

    assertThat(written).contains(key.text(), "checksum").doesNotContain("secret");
  }
}
