// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.SuppliedOption.Rank;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/** Every option and every setting of caches, in every place, with right and wrong values. */
class EveryOptionTest {

  /** Where options can be given. */
  private enum Place {
    QUERY,
    PROPERTY,
    SYSTEM_PROPERTY,
    VARIABLE,
    FILE
  }

  /**
   * Values of an option. For a setting of caches, the name has the name of a cache in it.
   *
   * @param option its name
   * @param right what is accepted
   * @param wrong what isn't
   */
  private record Sample(String option, List<String> right, List<String> wrong) {}

  private static final List<String> NO_DURATIONS = List.of("", "1", "0ms", "-1s", "2h", "1 s", "x");
  private static final List<String> NO_WORDS = List.of("", "true", "Strict", "strict,bounded");
  private static final List<String> NO_SIZES = List.of("", "0", "-1", "1KB", "1000000000");
  private static final List<String> NO_FLAGS = List.of("", "yes", "1", "TRUE");
  private static final List<String> NO_CLASSES =
      List.of(
          "", ".", "a..b", "com.acme.", "com acme", "a/b", "1a", "a;b", "[x", "java.lang.String()");

  private static final List<Sample> SAMPLES =
      List.of(
          sample(
              "servers",
              List.of("h", "h:1", "a,b;c:3", " a , b ", "[::1]:2", "dns:h", " elasticache:h:1 "),
              List.of(
                  "",
                  ",",
                  "a,,b",
                  "dns:",
                  "dns:,a",
                  "dns:a,b",
                  "elasticach:h:1",
                  "h:0",
                  "h:x",
                  "a b",
                  "u:p@h",
                  "a,A",
                  "memcached://h")),
          sample(
              "namespace",
              List.of("a", "/a", "a/b", "S%C3%BCd", "日本/x y", "%2E%2E"),
              List.of("", "/", "a//b", "a/", "..", "a/./b", "%zz", "%FF", "1/2/3/4/5/6/7/8/9")),
          sample(
              "discovery.interval",
              List.of("100ms", "10s", "1h"),
              List.of("", "1", "99ms", "0s", "2h", "x")),
          sample(
              "discovery.grace", List.of("0s", "30s", "1h"), List.of("", "0", "-1s", "61m", "x")),
          sample("resolver", List.of(LookupOptionsTest.Fixed.class.getName()), NO_CLASSES),
          sample("timeout", List.of("1ms", " 2s ", "1h", "PT0.5S"), NO_DURATIONS),
          sample("connectTimeout", List.of("1ms", "2s", "1h", "PT0.5S"), NO_DURATIONS),
          sample(
              "connections", List.of("1", "64", "007"), List.of("", "0", "65", "-1", "1.5", "x")),
          sample(
              "serialization.allow",
              List.of("", "com.acme.*", "com.acme.**", "a,b$C;c-d.E", " a , b "),
              List.of(",", "a,,b", "a;", "a.B$*", "*", "a.*.B", "[B", "a b", "a,b..C")),
          sample("serializer", List.of("com.acme.Fast", "Fast", "a.B$C"), NO_CLASSES),
          sample("compression", List.of("none", "lz4", "zstd"), List.of("", "LZ4", "gzip", "true")),
          sample("compression.threshold", List.of("1", "999999999"), NO_SIZES),
          sample("compression.limit", List.of("1", "999999999"), NO_SIZES),
          sample("consistency", List.of("strict", "bounded"), NO_WORDS),
          sample("staleness", List.of("1ms", "1h"), NO_DURATIONS),
          sample("failure", List.of("throw", "miss"), NO_WORDS),
          sample("unreadable", List.of("miss", "throw"), NO_WORDS),
          sample("listener.events", List.of("1", "999999999"), NO_SIZES),
          sample("listener.bytes", List.of("1", "999999999"), NO_SIZES),
          sample("listener.wait", List.of("0ms", "1s", "1h"), List.of("", "1", "-1s", "61m", "x")),
          sample(
              "close.wait",
              List.of("0s", "0ms", "1h", "PT0.5S"),
              List.of("", "0", "-1s", "61m", "1 s", "x")),
          sample(
              "load.wait",
              List.of("0s", "0ms", "1h", "PT0.5S"),
              List.of("", "0", "-1s", "61m", "1 s", "x")),
          sample(
              "load.lease",
              List.of("0s", "5s", "1h", "PT0.5S"),
              List.of("", "0", "-1s", "61m", "1 s", "x")),
          sample(
              "load.null",
              List.of("0s", "30s", "30d", "PT0.5S"),
              List.of("", "0", "-1s", "31d", "1 s", "x")),
          sample(
              "clear.grace",
              List.of("0s", "10m", "30d"),
              List.of("", "0", "-1s", "31d", "1 s", "x")),
          sample("clear.grace.plain", List.of("true", "false"), NO_FLAGS),
          sample(
              "secret",
              List.of("0123456789abcdef", "0123456789abcdef, fedcba9876543210"),
              List.of("", "too short", "0123456789abcdef,", "0123456789abcdef,too short")),
          sample("protocol", List.of("text", "binary"), NO_WORDS),
          sample("user", List.of("alice", " bob ", "日本"), List.of("", "a b", "a\u0000", "\u202E")),
          sample("password", List.of("x", " p w ", "é"), List.of("", "a\nb", "\u0000x")),
          sample("tls", List.of("true", "false"), NO_FLAGS),
          sample("tls.trust", List.of("ca.pem", "/etc/ca.p12"), List.of("", "a\u0000")),
          sample("tls.trust.password", List.of("x", "é"), List.of("")),
          sample("tls.certificate", List.of("own.pem"), List.of("", "a\u0000")),
          sample("tls.certificate.password", List.of("x"), List.of("")),
          sample("tls.key", List.of("key.pem"), List.of("", "a\u0000")),
          sample("tls.verify", List.of("hostname", "chain"), List.of("", "none", "false")),
          sample(
              "tls.protocols",
              List.of("TLSv1.3", "TLSv1.2", "TLSv1.2, TLSv1.3"),
              List.of("", "TLSv1", "SSLv3", "tlsv1.3", "TLSv1.3,")),
          sample(
              "tls.ciphers",
              List.of("", "TLS_AES_128_GCM_SHA256", "A,B"),
              List.of(",", "TLS_AES_128_GCM_SHA256,")),
          sample("tls.context", List.of(), List.of("", "x", "javax.net.ssl.SSLContext")),
          sample("cache.i.keyType", List.of("java.lang.String", "[B", "[[Lc.D;"), NO_CLASSES),
          sample("cache.i.valueType", List.of("java.lang.String"), NO_CLASSES),
          sample(
              "cache.a.b.*.expiry",
              List.of(
                  "eternal",
                  "created:1ms",
                  "modified: 10m",
                  "accessed:2h",
                  "touched:7d",
                  "created:PT1H",
                  "created:36500d"),
              List.of(
                  "",
                  "never",
                  "created",
                  "created:",
                  "created:0s",
                  "created:-1s",
                  "Created:1s",
                  "created:36501d",
                  "10m",
                  "eternal:1s",
                  "created:1s:2s")),
          sample("cache.i.statistics", List.of("true", " false "), NO_FLAGS),
          sample("cache.i.countRemoveAll", List.of("true", "false"), NO_FLAGS),
          sample("cache.i.management", List.of("true", "false"), NO_FLAGS),
          sample("cache.i.readThrough", List.of("true", "false"), NO_FLAGS),
          sample("cache.i.writeThrough", List.of("true", "false"), NO_FLAGS),
          sample("cache.*.loader", List.of("com.acme.Loader"), NO_CLASSES),
          sample("cache.*.writer", List.of("com.acme.Writer"), NO_CLASSES),
          sample("cache.*.serializer", List.of("com.acme.Fast"), NO_CLASSES),
          sample("cache.* é.consistency", List.of("strict", "bounded"), NO_WORDS),
          sample("cache.=:.staleness", List.of("1ms", "1h"), NO_DURATIONS),
          sample(
              "cache.i.near",
              List.of("none", "1", "10000", "999999999", "1KB", " 64MB ", "2GB"),
              List.of("", "0", "-1", "0MB", "1000000000", "64mb", "64 MB", "64M", "1.5GB", "1TB")),
          sample("cache.i.failure", List.of("throw", "miss"), NO_WORDS),
          sample("cache.i.unreadable", List.of("miss", "throw"), NO_WORDS),
          sample("cache.i.loadLease", List.of("0s", "1h"), List.of("", "0", "-1s", "61m", "x")),
          sample("cache.i.loadNull", List.of("0s", "30d"), List.of("", "0", "-1s", "31d", "x")),
          sample("cache.i.clearGrace", List.of("0s", "30d"), List.of("", "0", "-1s", "31d", "x")),
          sample("cache.i.clearGracePlain", List.of("true", "false"), NO_FLAGS),
          sample("cache.i.clearAcrossTenants", List.of("true", "false"), NO_FLAGS),
          sample("cache.i.refreshAfter", List.of("0s", "8m"), List.of("", "0", "-1s", "8", "x")),
          sample(
              "cache.i.expiryJitter",
              List.of("0%", "10%", "50%"),
              List.of("", "10", "-1%", "51%", "1.5%", "x")));

  /** Options that accept nearly any text, so that hostile ones must only do no harm. */
  private static final Set<String> FREE_TEXTS =
      Set.of("namespace", "user", "tls.trust", "tls.certificate", "tls.key", "tls.ciphers");

  @TempDir private Path folder;

  @Test
  void samples_areThereForEveryOption() {
    List<String> options = new ArrayList<>();
    Options.ofManagers().forEach(option -> options.add(option.name()));
    Options.ofCaches().forEach(option -> options.add("cache.*." + option.name()));

    assertThat(SAMPLES)
        .as("options with samples of values in this test")
        .extracting(sample -> sample.option.replaceFirst("^cache\\..*\\.([^.]*)$", "cache.*.$1"))
        .containsExactlyInAnyOrderElementsOf(options);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void right_isAcceptedInEveryPlace(Sample sample) {
    for (Place place : placesOf(sample)) {
      for (String value : sample.right) {
        assertThatNoException()
            .as("%s=%s in %s", sample.option, value, place)
            .isThrownBy(() -> give(sample, value, place));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void wrong_isRefusedInEveryPlace_withOptionPlaceAndWhatIsAccepted(Sample sample) {
    Option<?> option = optionOf(sample);
    for (Place place : placesOf(sample)) {
      for (String value : sample.wrong) {
        assertThatExceptionOfType(InvalidConfigurationException.class)
            .as("%s=%s in %s", sample.option, value, place)
            .isThrownBy(() -> give(sample, value, place))
            .satisfies(
                e -> {
                  assertThat(e.getMessage())
                      .startsWith("manager URI '")
                      .contains(
                          "option " + ErrorText.of(sample.option) + " in " + shown(place, sample))
                      .doesNotContain("u:p");
                  if (e.getMessage().contains("wrong value")) {
                    assertThat(e.getMessage()).endsWith("; expected " + option.format().accepted());
                    assertThat(e.getMessage().contains("wrong value " + ErrorText.of(value)))
                        .isEqualTo(!option.isSecret());
                  } else {
                    assertThat(e.getMessage())
                        .containsPattern("expected |write %25|name each server once");
                  }
                });
      }
    }
  }

  @ParameterizedTest
  @MethodSource("misspelled")
  void misspelled_isRefusedInEveryPlace_withTheNearestName(String option, String nearest) {
    for (Place place : List.of(Place.QUERY, Place.PROPERTY, Place.SYSTEM_PROPERTY, Place.FILE)) {
      Sample sample = sample(option, List.of(), List.of());
      assertThatExceptionOfType(InvalidConfigurationException.class)
          .as("%s in %s", option, place)
          .isThrownBy(() -> give(sample, "hush", place))
          .withMessageContaining(" in " + shown(place, sample))
          .withMessageContaining("did you mean '" + nearest + "'?")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
    }
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void hostile_isRefusedInFewWordsOfOneLineIfAtAll(Sample sample) {
    List<String> hostile =
        List.of(
            "x\n2026-01-01 forged line",
            "\u0000",
            "\u202E" + "txt",
            "%n%s{}${jndi:ldap://x}",
            "<script>",
            "|".repeat(20_000),
            "9".repeat(20_000) + "s");
    boolean mayBeAnything = FREE_TEXTS.contains(sample.option) || optionOf(sample).isSecret();
    for (String value : hostile) {
      try {
        give(sample, value, Place.PROPERTY);
        assertThat(mayBeAnything).as("%s accepts %s", sample.option, ErrorText.of(value)).isTrue();
      } catch (InvalidConfigurationException e) {
        assertThat(e.getMessage())
            .hasSizeLessThan(1_200)
            .doesNotContainPattern("[\\p{Cntrl}\\u202E]");
      }
    }
  }

  private static List<Place> placesOf(Sample sample) {
    List<Place> places =
        new ArrayList<>(List.of(Place.PROPERTY, Place.SYSTEM_PROPERTY, Place.FILE));
    Option<?> option = optionOf(sample);
    if (!option.isSecret()) {
      places.add(Place.QUERY);
    }
    return places;
  }

  private ManagerSettings give(Sample sample, String value, Place place) {
    String property = "memjcache." + sample.option;
    Properties properties = new Properties();
    Properties system = new Properties();
    // Some options make sense with something else only.
    String file = "memjcache.namespace=x\n";
    if (sample.option.equals("namespace")) {
      file = "";
    }
    if (!sample.option.equals("servers")) {
      boolean discovers = sample.option.startsWith("discovery.");
      file += "memjcache.servers=" + (discovers ? "dns:" : "") + "h\n";
    }
    if (sample.option.equals("user")) {
      file += "memjcache.password=x\n";
    }
    if (sample.option.equals("password")) {
      file += "memjcache.user=x\n";
    }
    if (sample.option.equals("compression.threshold")) {
      file += "memjcache.compression=lz4\n";
    }
    if (sample.option.equals("staleness")) {
      file += "memjcache.consistency=bounded\n";
    }
    if (sample.option.startsWith("tls.")) {
      file += "memjcache.tls=true\n";
    }
    if (sample.option.equals("tls.key") || sample.option.equals("tls.certificate.password")) {
      file += "memjcache.tls.certificate=own.pem\n";
    }
    if (sample.option.equals("tls.trust.password")) {
      file += "memjcache.tls.trust=ca.p12\n";
    }
    String query = "";
    switch (place) {
      case QUERY ->
          query = "?" + PercentCoding.encode(sample.option) + "=" + PercentCoding.encode(value);
      case PROPERTY -> properties.setProperty(property, value);
      case SYSTEM_PROPERTY -> system.setProperty(property, value);
      case VARIABLE -> {}
      case FILE -> file = escaped(property) + "=" + escaped(value) + "\n" + file;
    }
    Environment surroundings =
        new Environment(
            system,
            name -> place == Place.VARIABLE && name.equals(variable(sample)) ? value : null,
            ClassLookup.of(null));
    return ManagerSettings.of(URI.create(write(file) + query), properties, surroundings);
  }

  private static Option<?> optionOf(Sample sample) {
    return SuppliedOption.named(sample.option, "a test", Rank.FILE).option();
  }

  private static String variable(Sample sample) {
    return optionOf(sample).variable();
  }

  private String shown(Place place, Sample sample) {
    String property = ErrorText.of("memjcache." + sample.option);
    return switch (place) {
      case QUERY -> "the query of the URI";
      case PROPERTY -> "property " + property;
      case SYSTEM_PROPERTY -> "system property " + property;
      case VARIABLE -> "environment variable " + variable(sample);
      case FILE -> "line 1 of '" + write("") + "'";
    };
  }

  private URI write(String content) {
    Path file = folder.resolve("caches.properties");
    try {
      if (!content.isEmpty()) {
        Files.writeString(file, content, UTF_8);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return file.toUri();
  }

  /** Returns a text as it is written in a properties file. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars().forEach(c -> escaped.append(String.format(Locale.ROOT, "\\u%04x", c)));
    return escaped.toString();
  }

  private static List<Arguments> misspelled() {
    List<Arguments> misspelled = new ArrayList<>();
    for (Option<?> option : Options.ofManagers()) {
      misspelled.add(Arguments.of(option.name() + "x", option.name()));
    }
    for (Option<?> option : Options.ofCaches()) {
      misspelled.add(
          Arguments.of("cache.info." + option.name().toUpperCase(Locale.ROOT), option.name()));
    }
    return misspelled;
  }

  private static Sample sample(String option, List<String> right, List<String> wrong) {
    return new Sample(option, right, wrong);
  }
}
