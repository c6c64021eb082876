// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.internal.config.value.DiscoverySettings;

/** Whatever the text, it is accepted or refused in the one way, and what is accepted is settled. */
class RandomTextTest {

  @Property
  void anyUri_acceptedOrRefusedAsConfiguration(@ForAll("uriLikeTexts") String text) {
    try {
      URI uri = ManagerUri.parse(text);
      ManagerSettings settings = ManagerSettings.of(uri, null);
      URI rewritten =
          ManagerUri.servers(servers(settings))
              .namespace(settings.namespace().toArray(String[]::new))
              .toUri();
      ManagerSettings again = ManagerSettings.of(rewritten, null);
      assertThat(servers(again)).isEqualTo(servers(settings));
      assertThat(again.namespace()).isEqualTo(settings.namespace());
    } catch (InvalidConfigurationException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContainPattern("\\p{Cntrl}");
    }
  }

  private static String[] servers(ManagerSettings settings) {
    DiscoverySettings discovery = settings.cluster().discovery();
    return discovery == null
        ? settings.cluster().servers().stream().map(Object::toString).toArray(String[]::new)
        : new String[] {discovery.name()};
  }

  @Property
  void anyValueOfAnyOption_acceptedOrRefusedAsConfiguration(
      @ForAll("options") String option, @ForAll String value) {
    Properties properties = new Properties();
    properties.setProperty("memjcache." + option, value);
    try {
      ManagerSettings.of(URI.create("memcached://h"), properties);
    } catch (InvalidConfigurationException e) {
      assertThat(e.getMessage())
          .contains("property 'memjcache." + option + "'")
          .containsPattern("expected |write %25|name each server once|leave it out");
    }
  }

  @Property(tries = 500)
  @Tag("slow")
  void anyFile_acceptedOrRefusedAsConfigurationInOneLine(@ForAll("files") String content)
      throws IOException {
    Path file = Files.createTempFile("caches", ".properties");
    try {
      Files.writeString(file, content);
      ManagerSettings settings = ManagerSettings.of(file.toUri(), null);
      assertThat(servers(settings)).isNotEmpty();
      for (String name : settings.caches().names()) {
        assertThat(settings.caches().defaults(name)).isNotNull();
      }
    } catch (InvalidConfigurationException e) {
      assertThat(e.getMessage())
          .startsWith("manager URI 'file:")
          .doesNotContainPattern("\\p{Cntrl}");
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  static Arbitrary<String> files() {
    Arbitrary<String> names =
        Arbitraries.of(
            "servers",
            "namespace",
            "timeout",
            "discovery.interval",
            "consistency",
            "staleness",
            "cache.a.expiry",
            "cache.*.expiry",
            "cache.a.b.statistics",
            "cache.*.near",
            "cache.",
            "cache..expiry",
            "",
            "x",
            "\\u0020");
    Arbitrary<String> values =
        Arbitraries.of(
            "h",
            "a,b:2",
            "dns:h",
            "1s",
            "bounded",
            "created:1m",
            "64MB",
            "true",
            "a/b",
            "",
            "\\",
            "\\\n 1s",
            "\u0000",
            "é",
            "#",
            "=");
    return Combinators.combine(
            Arbitraries.of("memjcache.", "memjcache.", "memjcache.", "#", "other."), names, values)
        .as((prefix, name, value) -> prefix + name + "=" + value + "\n")
        .list()
        .ofMaxSize(6)
        .map(lines -> "memjcache.servers=h\n" + String.join("", lines));
  }

  @Provide
  static Arbitrary<String> uriLikeTexts() {
    return Arbitraries.of(
            ":",
            "/",
            "//",
            "?",
            "#",
            "@",
            "[",
            "]",
            "::1",
            "[::1]",
            ",",
            ";",
            "&",
            "=",
            "%",
            "%2F",
            "%40",
            "%5B",
            "%5D",
            "%FF",
            "%25",
            ".",
            "..",
            "-",
            "_",
            "+",
            " ",
            "\n",
            "a",
            "B",
            "ü",
            "🏨",
            "\ud800",
            "0",
            "11211",
            "65536",
            "dns:",
            "elasticache:",
            "timeout=",
            "discovery.grace=",
            "1s",
            "connections",
            "10.0.0.1")
        .list()
        .ofMaxSize(12)
        .map(parts -> "memcached://" + String.join("", parts));
  }

  @Provide
  static Arbitrary<String> options() {
    return Arbitraries.of(Options.ofManagers()).map(Option::name);
  }
}
