package org.memjcache.internal.codec.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.key.ItemKey;
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
              log.warn("is damaged", "acme/c:B:S1", "its checksum is wrong");
              log.warn("is damaged", "acme/c:B:S2", "its checksum is wrong");
              log.warn("is foreign", "acme/c:B:S3", "it was not stored by MemJCache");
            });

    assertThat(written)
        .contains("WARN", "acme/c:B:S1", "checksum", "acme/c:B:S3")
        .doesNotContain("acme/c:B:S2");
  }

  @Test
  void warn_keyWithLineBreak_logStaysOneLine() {
    String written = Log.of(() -> log.warn("is damaged", "a\nFAKE LINE", "why"));

    assertThat(written.strip().lines()).hasSize(1);
    assertThat(written).contains("a?FAKE");
  }

  @Test
  void warn_reasonThatWasChosenByAWriter_logStaysOneShortLine() {
    String written =
        Log.of(
            () -> {
              log.warn("is damaged", "c:B:Sk", "line\nFAKE LINE " + "x".repeat(100_000));
              log.warn("is damaged", "c:B:Sl", "again");
            });

    assertThat(written.strip().lines()).hasSize(1);
    assertThat(written).contains("c:B:Sk", "line?FAKE").hasSizeLessThan(2000);
  }

  @Test
  void open_damaged_isLoggedWithoutTheValue() {
    EnvelopeCodec codec =
        new EnvelopeCodec(new ValueCodec(Samples.serializer(), CompressionRule.NOTHING));
    ItemKey key = new ItemKey("c:B:Sk", null);
    Envelope envelope = codec.seal(key, codec.encode("secret"), 1);

    String written = Log.of(() -> codec.open(key, envelope.flags() ^ 1, envelope.bytes()));

    assertThat(written).contains("c:B:Sk", "checksum").doesNotContain("secret");
  }
}
