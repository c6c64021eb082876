// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.memjcache.internal.config.SuppliedOption.Rank.FILE;
import static org.memjcache.internal.config.SuppliedOption.Rank.SYSTEM_PROPERTIES;
import static org.memjcache.internal.config.SuppliedOption.Rank.URI_AND_PROPERTIES;
import static org.memjcache.internal.config.SuppliedOption.Rank.VARIABLES;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.config.SuppliedOption.Rank;

/** Options whose values are never shown, and options that environment variables give. */
class SecretOptionTest {

  private static final Option<String> PASSWORD =
      new Option<>(
          "password",
          null,
          new OptionFormat<>("a text without 'x'", SecretOptionTest::withoutX),
          true);

  @ParameterizedTest
  @MethodSource("wrongTexts")
  void parse_wrong_showsNoPartOfTheValue(String text) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(
            () -> password(text, "property 'memjcache.password'", SYSTEM_PROPERTIES).value())
        .withMessage(
            "wrong value of option 'password' in property 'memjcache.password'; expected a text"
                + " without 'x'")
        .withNoCause();
  }

  @Test
  void contradiction_showsNeitherValue() {
    SuppliedOption one = password("hidden", "the file", FILE);
    SuppliedOption other = password("unseen", "property 'memjcache.password'", FILE);

    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> new ResolvedOptions(List.of(one, other)))
        .withMessage(
            "option 'password' is a value that isn't shown in the file but another one in property"
                + " 'memjcache.password'; give it once, or the same value in both");
    assertThat(one.toString()).contains("'password'", "the file").doesNotContain("hidden");
    assertThat(new PropertiesFile.Property("memjcache.password", "hidden", "line 1").toString())
        .isEqualTo("'memjcache.password' in line 1");
  }

  @Test
  void uri_refusesIt_andSaysWhereElse() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(
            () -> password("", "the query of the URI", URI_AND_PROPERTIES).requireFitForUri())
        .withMessage(
            "option 'password' is refused in the query of the URI, since a manager's URI is logged"
                + " and shown by JMX; expected the property memjcache.password, given to the"
                + " manager, as a system property or in a file, or the environment variable"
                + " MEMJCACHE_PASSWORD");
    assertThatNoException()
        .isThrownBy(
            () ->
                new SuppliedOption(Options.TIMEOUT, "", "the URI", URI_AND_PROPERTIES)
                    .requireFitForUri());
  }

  @Test
  void environment_givesWhatHasAVariable() {
    Map<String, String> variables = Map.of("MEMJCACHE_PASSWORD", "hidden", "timeout", "1s");

    List<SuppliedOption> given =
        SuppliedOption.inEnvironment(List.of(Options.TIMEOUT, PASSWORD), variables::get);

    assertThat(given)
        .containsExactly(password("hidden", "environment variable MEMJCACHE_PASSWORD", VARIABLES));
    assertThat(given).extracting(SuppliedOption::value).containsExactly("hidden");
    assertThat(SuppliedOption.inEnvironment(List.of(PASSWORD), name -> null)).isEmpty();
  }

  @Test
  void environment_isBeneathThePropertiesAndAboveTheFile() {
    SuppliedOption inFile = password("file", "the file", FILE);
    SuppliedOption inProperties = password("mine", "property", URI_AND_PROPERTIES);
    SuppliedOption inEnvironment =
        SuppliedOption.inEnvironment(List.of(PASSWORD), name -> "variable").get(0);

    assertThat(new ResolvedOptions(List.of(inEnvironment, inFile)).find(PASSWORD))
        .contains("variable");
    assertThat(new ResolvedOptions(List.of(inProperties, inEnvironment, inFile)).find(PASSWORD))
        .contains("mine");
  }

  @ParameterizedTest
  @MethodSource("options")
  void everySecretOfTheTable_canBeGivenByAVariable(Option<?> option) {
    if (option.isSecret()) {
      assertThat(option.variable()).startsWith("MEMJCACHE_");
      assertThat(option.defaultText()).isNull();
    }
    assertThat(option.isSecret())
        .as("what is to be secret by its name")
        .isEqualTo(
            option.name().toLowerCase().matches(".*(password|secret|token|key(?!type)).*")
                && option.format() != TlsOptions.FILE); // where a key is, and not the key itself
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "too short", "0123456789abcde", "0123456789abcdef,", ",0123456789abcdef"})
  void secret_tooShort_isRefusedWithoutShowingIt(String text) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> secret(text))
        .withMessageContaining("wrong value of option 'secret'")
        .withMessageContaining("16 characters or more")
        .satisfies(
            e -> assertThat(e.getMessage()).doesNotContain("short").doesNotContain("0123456789"));
  }

  @Test
  void secret_oneOrSeveral_isTakenAndNeverShown() {
    ManagerSettings settings = secret(" 0123456789abcdef , 0123456789/+=xyzw");

    assertThat(settings.secret().texts()).containsExactly("0123456789abcdef", "0123456789/+=xyzw");
    assertThat(settings.toString()).doesNotContain("0123456789");
    assertThat(settings).isEqualTo(secret("0123456789abcdef,0123456789/+=xyzw"));
    assertThat(settings).isNotEqualTo(secret("0123456789abcdef"));
    assertThat(secret("0123456789abcdef")).hasSameHashCodeAs(secret("0123456789abcdef"));
  }

  @Test
  void secret_inAUri_isRefused() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(
            () -> ManagerSettings.of(URI.create("memcached://h/app?secret=0123456789abcdef"), null))
        .withMessageContainingAll("refused in", "MEMJCACHE_SECRET")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("0123456789"));
  }

  private static SuppliedOption password(String text, String place, Rank rank) {
    return new SuppliedOption(PASSWORD, text, place, rank);
  }

  private static ManagerSettings secret(String text) {
    Properties properties = new Properties();
    properties.setProperty("memjcache.secret", text);
    return ManagerSettings.of(URI.create("memcached://h/app"), properties);
  }

  private static List<String> wrongTexts() {
    return List.of("x", "hidden x", "throw");
  }

  private static List<Option<?>> options() {
    return Options.ofManagers();
  }

  private static Optional<String> withoutX(String text) {
    if (text.equals("throw")) {
      throw new InvalidConfigurationException("the part '" + text + "' is wrong");
    }
    return Optional.of(text).filter(any -> !any.contains("x"));
  }
}
