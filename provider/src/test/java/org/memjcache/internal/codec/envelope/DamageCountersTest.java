package org.memjcache.internal.codec.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.support.Samples;

class DamageCountersTest {

  private final DamageCounters counters = new DamageCounters();

  private static String logOf(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  @Test
  void count_eachKind_onItsOwn() {
    counters.countForeign("k", "why");
    counters.countDamaged("k", "why");
    counters.countDamaged("k", "why");
    counters.countCollision("k");

    assertThat(counters.foreign()).isEqualTo(1);
    assertThat(counters.damaged()).isEqualTo(2);
    assertThat(counters.collisions()).isEqualTo(1);
  }

  @Test
  void count_manyOfAKind_firstIsLogged() {
    String log =
        logOf(
            () -> {
              counters.countDamaged("acme/c:B:S1", "its checksum is wrong");
              counters.countDamaged("acme/c:B:S2", "its checksum is wrong");
              counters.countForeign("acme/c:B:S3", "it was not stored by MemJCache");
            });

    assertThat(log)
        .contains("WARN", "acme/c:B:S1", "checksum", "acme/c:B:S3")
        .doesNotContain("acme/c:B:S2");
  }

  @Test
  void count_keyWithLineBreak_logStaysOneLine() {
    String log = logOf(() -> counters.countForeign("a\nFAKE LINE", "why"));

    assertThat(log.strip().lines()).hasSize(1);
    assertThat(log).contains("a%0AFAKE");
  }

  @Test
  void countUnreadableKey_reasonThatWasChosenByAWriter_logStaysOneShortLine() {
    String log =
        logOf(
            () -> {
              counters.countUnreadableKey("c:B:Sk", "line\nFAKE LINE " + "x".repeat(100_000));
              counters.countUnreadableKey("c:B:Sl", "again");
            });

    assertThat(counters.unreadableKeys()).isEqualTo(2);
    assertThat(log.strip().lines()).hasSize(1);
    assertThat(log).contains("c:B:Sk", "line?FAKE").hasSizeLessThan(2000);
  }

  @Test
  void open_damaged_neverLogsTheValue() {
    EnvelopeCodec codec = new EnvelopeCodec(Samples.serializer(), counters);
    ItemKey key = new ItemKey("c:B:Sk", null);
    Envelope envelope = codec.seal(key, "secret", 1);

    String log = logOf(() -> codec.open(key, envelope.flags() ^ 1, envelope.bytes()));

    assertThat(log).contains("c:B:Sk").doesNotContain("secret");
  }
}
