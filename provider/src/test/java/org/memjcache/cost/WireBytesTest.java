package org.memjcache.cost;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.support.RecordedServer;

/**
 * The bytes of one strict {@code get} and one strict {@code put}, made here a second time from what
 * the documentation of keys and envelopes says ({@code PathKey}, {@code KeyPrefix}, {@code
 * EntryKeyCodec}, {@code EnvelopeFormat}). Another implementation of the format could be made from
 * this page.
 */
@Timeout(60)
class WireBytesTest {

  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final String VERSION_KEYS =
      "hotels:version hotels/Lisboa:version hotels/Lisboa/info:version";
  private static final int MAGIC_FORMAT_AND_LATIN_1 = 0x4D4A_1000 | 2;

  private final RecordedServer memcached = new RecordedServer();

  @AfterEach
  void stop() {
    memcached.close();
  }

  @Test
  void get_isOneLine() {
    Cache<String, String> cache = cache(new MutableConfiguration<>());
    cache.get("room 7");
    memcached.proxy().reset();

    cache.get("room 7");

    assertThat(sent()).isEqualTo("get " + VERSION_KEYS + " " + itemKey("Sroom%207") + "\r\n");
  }

  @Test
  void put_isTwoLinesAndTheEnvelope() {
    Cache<String, String> cache = cache(new MutableConfiguration<>());
    cache.get("room 7");
    memcached.proxy().reset();

    cache.put("room 7", "2 days");

    String itemKey = itemKey("Sroom%207");
    assertThat(sent())
        .isEqualTo(
            "get "
                + VERSION_KEYS
                + "\r\n"
                + "set "
                + itemKey
                + " "
                + MAGIC_FORMAT_AND_LATIN_1
                + " 0 18\r\n"
                + envelope(itemKey, Long.MAX_VALUE, "2 days")
                + "\r\n");
  }

  @Test
  void put_withADeadlineCarriesItInTheEnvelopeAndMoreThanItAsExptime() {
    Cache<String, String> cache =
        cache(
            new MutableConfiguration<String, String>()
                .setExpiryPolicyFactory(() -> new ModifiedExpiryPolicy(Duration.ONE_MINUTE)));
    cache.get("room 7");
    memcached.proxy().reset();
    long before = System.currentTimeMillis();

    cache.put("room 7", "2 days");

    long after = System.currentTimeMillis();
    String sent = sent();
    String itemKey = itemKey("Sroom%207");
    String line = "set " + itemKey + " " + MAGIC_FORMAT_AND_LATIN_1 + " 61 18\r\n";
    assertThat(sent).contains("\r\n" + line);
    String data = sent.substring(sent.indexOf(line) + line.length(), sent.length() - 2);
    long deadline = ByteBuffer.wrap(data.getBytes(ISO_8859_1)).getLong();
    assertThat(deadline).isBetween(before + 60_000, after + 60_000);
    assertThat(data).isEqualTo(envelope(itemKey, deadline, "2 days"));
  }

  @Test
  void clear_isTwoLines() {
    Cache<String, String> cache = cache(new MutableConfiguration<>());
    cache.get("room 7");
    memcached.proxy().reset();

    cache.clear();

    assertThat(sent())
        .matches(
            "incr hotels/Lisboa/info:version [1-9][0-9]{0,6}\r\n"
                + "get memjcache:identity memjcache:servers\r\n");
  }

  private Cache<String, String> cache(MutableConfiguration<String, String> configuration) {
    return memcached.manager("hotels/Lisboa").createCache("info", configuration);
  }

  private String sent() {
    return new String(memcached.proxy().recordedUp(), ISO_8859_1);
  }

  private String itemKey(String entry) {
    return "hotels/Lisboa/info:"
        + base64(version("hotels"))
        + "."
        + base64(version("hotels/Lisboa"))
        + "."
        + base64(version("hotels/Lisboa/info"))
        + ":"
        + entry;
  }

  private long version(String path) {
    return Long.parseLong(memcached.server().command("get " + path + ":version").get(1));
  }

  private static String base64(long number) {
    Deque<Character> digits = new ArrayDeque<>();
    for (long rest = number; rest > 0; rest /= 64) {
      digits.push(DIGITS.charAt((int) (rest % 64)));
    }
    StringBuilder text = new StringBuilder();
    digits.forEach(text::append);
    return text.toString();
  }

  private static String envelope(String itemKey, long deadline, String value) {
    byte[] payload = value.getBytes(ISO_8859_1);
    ByteBuffer checked =
        ByteBuffer.allocate(itemKey.length() + 4 + 8 + payload.length)
            .put(itemKey.getBytes(ISO_8859_1))
            .putInt(MAGIC_FORMAT_AND_LATIN_1)
            .putLong(deadline)
            .put(payload);
    CRC32C checksum = new CRC32C();
    checksum.update(checked.flip());
    ByteBuffer envelope =
        ByteBuffer.allocate(12 + payload.length)
            .putLong(deadline)
            .putInt((int) checksum.getValue())
            .put(payload);
    return new String(envelope.array(), ISO_8859_1);
  }
}
