package org.memjcache.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every line of the table, those to come included. */
class OptionsTest {

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_acceptsItsDefault(Option<?> option) {
    assertThat(option.defaultValue()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_isFoundByItsName(Option<?> option) {
    assertThat(Options.named(option.name(), "a test")).isSameAs(option);
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_nameNeedsNoEscapesInUri(Option<?> option) {
    assertThat(option.name()).matches("[a-z][A-Za-z]*(\\.[a-z][A-Za-z]*)*");
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_isDocumented(Option<?> option) {
    assertThat(option.description()).isNotBlank().doesNotEndWith(".").doesNotContain("|");
    assertThat(option.format().accepted()).isNotBlank().doesNotEndWith(".").doesNotContain("|");
  }

  @Test
  void names_areDistinctWhateverTheirCase() {
    assertThat(options()).extracting(option -> option.name().toLowerCase()).doesNotHaveDuplicates();
  }

  private static List<Option<?>> options() {
    return Options.all();
  }
}
