// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.NotAVersionException;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.common.VersionTime;

/** Anything but 19 digits is no version, and says so. */
class VersionNumberTest {

  private static final long YEAR_2100 = 4_102_444_800_000L << 20;

  private static final String LEVEL = "hotels/Lisboa";
  private static final String KEY = "hotels/Lisboa:version";

  @Property
  void encoded_readBack_isTheSame(
      @ForAll @LongRange(min = VersionTime.SMALLEST, max = YEAR_2100) long version) {
    byte[] data = VersionNumber.encode(version);

    assertThat(data).hasSize(19);
    assertThat(VersionNumber.decode(LEVEL, KEY, item(data))).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "1",
        "-1",
        "999999999999999999", // 18 digits
        "10000000000000000000", // 20 digits
        "0999999999999999999", // too small all the same
        "9223372036854775807", // in the year 2248
        "9223372036854775808", // 2^63
        "9999999999999999999",
        "-100000000000000000",
        "+100000000000000000",
        "1000000000000000000 ",
        " 100000000000000000",
        "100000000000000000a",
        "garbage",
      })
  void decode_noVersion_namesLevelKeyAndWhatIsThere(String text) {
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> VersionNumber.decode(LEVEL, KEY, item(bytes(text))))
        .withMessage(
            "The version of 'hotels/Lisboa' can't be read: memcached key 'hotels/Lisboa:version'"
                + " holds '"
                + text
                + "', expected a number of 19 digits, made before 2126. Another"
                + " program writes to this key; delete it, and the level starts empty under a new"
                + " version.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100000000000000000\n",
        "7\r\nforged line of a log",
        "\u00e9",
        "long, long, long, long, long, long, longer",
      })
  void decode_longOrUnprintable_tellsItsLengthOnly(String text) {
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> VersionNumber.decode(LEVEL, KEY, item(bytes(text))))
        .withMessageContaining(" holds " + text.length() + " bytes, expected");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 6, VersionTime.SMALLEST - 1, Long.MAX_VALUE})
  void check_incrementOfNoVersion_namesWhatCameOut(long answer) {
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> VersionNumber.check(LEVEL, KEY, answer))
        .withMessageContaining("'hotels/Lisboa:version' holds " + answer + ", expected");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1})
  void check_incrementThatWrapped_namesItUnsigned(long answer) {
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> VersionNumber.check(LEVEL, KEY, answer))
        .withMessageContaining(" holds " + Long.toUnsignedString(answer) + ", expected");
  }

  @Test
  void check_version_isReturned() {
    assertThat(VersionNumber.check(LEVEL, KEY, VersionTime.SMALLEST))
        .isEqualTo(VersionTime.SMALLEST);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Item item(byte[] data) {
    return new Item(KEY, 0, new CasToken(0, 0), data);
  }
}
