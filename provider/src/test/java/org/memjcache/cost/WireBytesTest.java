// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final String VERSION_KEYS =
      "hotels:version hotels/Lisboa:version hotels/Lisboa/info:cache";
  private static final int FORMAT_AND_LATIN_1 = 0x1000 | 2;
  private static final int DEADLINE = 0x800;

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
                + FORMAT_AND_LATIN_1
                + " 0 10\r\n"
                + envelope(itemKey, FORMAT_AND_LATIN_1, new byte[0], "2 days")
                + "\r\n");
  }

  @Test
  void put_withADeadlineCarriesItInFlagsAndEnvelopeAndMoreThanItAsExptime() {
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
    Matcher set =
        Pattern.compile("\r\nset " + Pattern.quote(itemKey) + " (\\d+) 61 14\r\n").matcher(sent);
    assertThat(set.find()).isTrue();
    int flags = Integer.parseInt(set.group(1));
    assertThat(flags & 0xFFFF).isEqualTo(FORMAT_AND_LATIN_1 | DEADLINE);
    String data = sent.substring(set.end(), sent.length() - 2);
    byte[] low = Arrays.copyOf(data.getBytes(ISO_8859_1), 4);
    long deadline = ((long) (flags >> 16) << 32) + new BigInteger(1, low).longValue();
    assertThat(deadline).isBetween(before + 60_000, after + 60_000);
    assertThat(data).isEqualTo(envelope(itemKey, flags, low, "2 days"));
  }

  @Test
  void clear_isTwoLines() {
    Cache<String, String> cache = cache(new MutableConfiguration<>());
    cache.get("room 7");
    memcached.proxy().reset();

    cache.clear();

    assertThat(sent())
        .matches(
            "incr hotels/Lisboa/info:cache [1-9][0-9]{0,6}\r\n"
                + "get memjcache:identity memjcache:servers\r\n");
  }

  private Cache<String, String> cache(MutableConfiguration<String, String> configuration) {
    return memcached.manager("hotels/Lisboa").createCache("info", configuration);
  }

  private String sent() {
    return new String(memcached.proxy().recordedUp(), ISO_8859_1);
  }

  private String itemKey(String entry) {
    return "hotels/Lisboa/info:" + token() + ":" + entry;
  }

  private String token() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(versions().getBytes(ISO_8859_1));
      return Base64.getUrlEncoder().encodeToString(hash).substring(0, 7);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private String versions() {
    return version("hotels:version")
        + "."
        + version("hotels/Lisboa:version")
        + "."
        + version("hotels/Lisboa/info:cache");
  }

  private String version(String key) {
    return memcached.server().command("get " + key).get(1);
  }

  private String envelope(String itemKey, int flags, byte[] deadline, String value) {
    byte[] payload = value.getBytes(ISO_8859_1);
    CRC32C checksum = new CRC32C();
    checksum.update(itemKey.getBytes(ISO_8859_1));
    checksum.update(ByteBuffer.allocate(4).putInt(flags).flip());
    for (String version : versions().split("\\.")) {
      checksum.update(ByteBuffer.allocate(8).putLong(Long.parseLong(version)).flip());
    }
    checksum.update(deadline);
    checksum.update(payload);
    ByteBuffer envelope =
        ByteBuffer.allocate(deadline.length + 4 + payload.length)
            .put(deadline)
            .putInt((int) checksum.getValue())
            .put(payload);
    return new String(envelope.array(), ISO_8859_1);
  }
}
