// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.internal.text.ErrorText;

class HostNamesTest {

  /** The examples are those of RFC 5952, sections 1 to 4. */
  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8:0:0:1::1, 2001:db8::1:0:0:1",
    "2001:db8:aaaa:bbbb:cccc:dddd::1, 2001:db8:aaaa:bbbb:cccc:dddd:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "1::, 1::",
    "::10.0.0.1, ::a00:1",
    "::ffff:10.0.0.1, 10.0.0.1",
  })
  void ipv6_anySpelling_oneSpelling(String text, String expected) {
    assertThat(Servers.ipv6(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "fe80::1%eth0",
        "10.0.0.1",
        "localhost",
        "::1]",
        "::1 "
      })
  void ipv6_malformed_refused(String text) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> Servers.ipv6(text))
        .withMessageContaining("bad IPv6 address " + ErrorText.of(text));
  }

  @Test
  void name_long_upToWhatDnsAllows() {
    String longest = ("a".repeat(63) + ".").repeat(3) + "b".repeat(61) + ".";
    assertThat(Servers.hostName(longest)).isEqualTo(longest);
    for (String tooLong : new String[] {"b" + longest, "a".repeat(64), "a.".repeat(1_000_000)}) {
      assertThatExceptionOfType(InvalidConfigurationException.class)
          .isThrownBy(() -> Servers.hostName(tooLong));
    }
  }

  @Test
  void name_turkishDefaultLocale_sameSpelling() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr"));
    try {
      assertThat(Servers.hostName("CACHE.INTRANET")).isEqualTo("cache.intranet");
      assertThat(ManagerUri.parse("memcached://I:1?connections=1")).hasHost("I");
    } finally {
      Locale.setDefault(before);
    }
  }
}
