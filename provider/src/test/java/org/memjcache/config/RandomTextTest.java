package org.memjcache.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the text, it is accepted or refused in the one way, and what is accepted is settled. */
class RandomTextTest {

  @Property
  void anyUri_acceptedOrRefusedAsConfiguration(@ForAll("uriLikeTexts") String text) {
    try {
      URI uri = ManagerUri.parse(text);
      ManagerSettings settings = ManagerSettings.of(uri, null);
      URI rewritten =
          ManagerUri.servers(
                  settings.cluster().servers().stream()
                      .map(Object::toString)
                      .toArray(String[]::new))
              .namespace(settings.namespace().toArray(String[]::new))
              .toUri();
      ManagerSettings again = ManagerSettings.of(rewritten, null);
      assertThat(again.cluster().servers()).isEqualTo(settings.cluster().servers());
      assertThat(again.namespace()).isEqualTo(settings.namespace());
    } catch (InvalidConfigurationException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContainPattern("\\p{Cntrl}");
    }
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
          .containsPattern("accepted|write %25|name each server once");
    }
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
            "timeout=",
            "1s",
            "connections",
            "10.0.0.1")
        .list()
        .ofMaxSize(12)
        .map(parts -> "memcached://" + String.join("", parts));
  }

  @Provide
  static Arbitrary<String> options() {
    return Arbitraries.of(Options.all()).map(Option::name);
  }
}
