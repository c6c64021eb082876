// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.internal.text.PercentCoding;

/** Whatever a tenant is called, it is the only one with its URI, and gets its name back. */
@Tag("slow")
class NamespaceRoundTripTest {

  @Property
  void namesToUriToNames_areTheSame(@ForAll("namespaces") List<String> names) {
    URI uri = ManagerUri.servers("h").namespace(names.toArray(String[]::new)).toUri();
    assertThat(ManagerSettings.of(uri, null).namespace()).isEqualTo(names);
    assertThat(ManagerSettings.of(URI.create(uri.toASCIIString()), null).namespace())
        .isEqualTo(names);
    assertThat(ManagerSettings.of(uri.normalize(), null).namespace()).isEqualTo(names);
  }

  @Property
  void differentNames_differentUris(
      @ForAll("namespaces") List<String> some, @ForAll("namespaces") List<String> others) {
    URI uri = ManagerUri.servers("h").namespace(some.toArray(String[]::new)).toUri();
    URI other = ManagerUri.servers("h").namespace(others.toArray(String[]::new)).toUri();
    assertThat(uri.equals(other)).isEqualTo(some.equals(others));
  }

  @Property
  void namesAppended_sameAsNamesGivenAtOnce(
      @ForAll("names") String application, @ForAll("names") String tenant) {
    ManagerUri servers = ManagerUri.servers("a", "b:2").option("timeout", "2s");
    assertThat(ManagerUri.withNamespace(servers.namespace(application).toUri(), tenant))
        .isEqualTo(servers.namespace(application, tenant).toUri());
  }

  @Property
  void encodedText_isPlainAsciiAndDecodesToItself(@ForAll("names") String name) {
    String encoded = PercentCoding.encode(name);
    assertThat(encoded).matches("[A-Za-z0-9._~%-]+");
    assertThat(PercentCoding.decode(encoded)).isEqualTo(name);
  }

  @Property
  void loneSurrogate_isRefused(@ForAll("names") String name, @ForAll("surrogates") char half) {
    for (String broken : List.of(half + " " + name, name + " " + half)) {
      assertThatExceptionOfType(InvalidConfigurationException.class)
          .isThrownBy(() -> ManagerUri.servers("h").namespace(broken));
      assertThatExceptionOfType(InvalidConfigurationException.class)
          .isThrownBy(() -> PercentCoding.encode(broken));
      assertThatExceptionOfType(InvalidConfigurationException.class)
          .isThrownBy(() -> PercentCoding.decode(broken));
    }
  }

  @Provide
  static Arbitrary<List<String>> namespaces() {
    return names().list().ofMaxSize(8);
  }

  @Provide
  static Arbitrary<String> names() {
    Arbitrary<String> hostile =
        Arbitraries.of(
                "/",
                "\\",
                "%",
                "%2F",
                "%2",
                "+",
                " ",
                "\t",
                "\r\n",
                "\0",
                ".",
                "..",
                ":",
                ";",
                ",",
                "?",
                "&",
                "=",
                "#",
                "@",
                "[",
                "]",
                "*",
                "\"",
                "'",
                "|",
                "ü",
                "u\u0308",
                "\u00a0",
                "\u202e",
                "\ufeff",
                "\uffff",
                "🏨",
                "👨‍👩‍👧",
                "日本",
                "a",
                "A",
                "0")
            .list()
            .ofMinSize(1)
            .ofMaxSize(6)
            .map(parts -> String.join("", parts));
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .map(Character::toString)
            .list()
            .ofMinSize(1)
            .ofMaxSize(20)
            .map(parts -> String.join("", parts));
    return Arbitraries.oneOf(
        hostile, any, hostile.map(part -> part.repeat(1 + 300 / part.length())));
  }

  @Provide
  static Arbitrary<Character> surrogates() {
    return Arbitraries.chars().range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);
  }
}
