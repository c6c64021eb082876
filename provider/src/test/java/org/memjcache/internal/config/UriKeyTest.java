// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UriKeyTest {

  private static final List<String> SPELLINGS =
      List.of(
          "memcached://host/a/b",
          "MemCached://host/a/b",
          "memcached://HOST/a/b",
          "memcached://host:/a/b",
          "memcached://host:11211/a/b",
          "memcached://host:011211/a/b",
          "memcached://host/A/b",
          "memcached://host/a%2fb",
          "memcached://host/a%2Fb",
          "memcached://host/a%252fb",
          "memcached://host/a%252Fb",
          "memcached://host/%c3%bc",
          "memcached://host/%C3%BC",
          "memcached://host/ü",
          "memcached://host",
          "memcached://host/",
          "memcached://host?",
          "memcached://host?timeout=1s",
          "memcached://host?Timeout=1s",
          "memcached://host#",
          "memcached://host#a",
          "memcached://one,two/a",
          "memcached://One,two/a",
          "memcached://one%2ctwo/a",
          "memcached://one%2Ctwo/a",
          "memcached://under_score/a",
          "memcached://UNDER_score/a",
          "memcached://user@host/a",
          "memcached://User@host/a",
          "memcached://user@HOST/a",
          "memcached://u%3aser@host/a",
          "memcached://u%3Aser@host/a",
          "memcached://[::a]/a",
          "memcached://[::A]/a",
          "memcached:/host/a/b",
          "memcached:host",
          "memcached:h%2fost",
          "memcached:h%2Fost",
          "memcached:host#%2f",
          "memcached:host#%2F",
          "file:/etc/hotels.properties#Lisboa",
          "file:/etc/hotels.properties#lisboa",
          "file:///etc/hotels.properties#Lisboa",
          "classpath:hotels.properties?timeout=1s",
          "host/a/b",
          "//host/a/b",
          "//HOST/a/b",
          "");

  @Test
  void of_isTheSame_whereUrisAreEqual() {
    for (String one : SPELLINGS) {
      for (String other : SPELLINGS) {
        boolean equal = URI.create(one).equals(URI.create(other));

        assertThat(
                SharedSettings.uriKey(URI.create(one))
                    .equals(SharedSettings.uriKey(URI.create(other))))
            .as("'%s' and '%s'", one, other)
            .isEqualTo(equal);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memcached://host/hotels/Lisboa",
        "memcached://one:1,two:2/hotels/Lisboa?timeout=1s",
        "memcached://host/S%C3%BCd"
      })
  void of_spelledAsTheKey_isTheTextOfTheUri(String text) {
    URI uri = URI.create(text);

    assertThat(SharedSettings.uriKey(uri)).isSameAs(uri.toString());
  }
}
