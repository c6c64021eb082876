// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.memjcache.internal.config.SuppliedOption.Rank.FILE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every line of the table, those to come included. */
class OptionsTest {

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_acceptsItsDefaultIfItHasOne(Option<?> option) {
    if (option.defaultText() == null) {
      assertThatIllegalStateException()
          .isThrownBy(option::defaultValue)
          .withMessage("The option '" + option.name() + "' has no default");
    } else {
      assertThat(option.defaultValue()).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_isFoundByItsName(Option<?> option) {
    Option<?> found =
        Options.ofCaches().stream().anyMatch(setting -> setting == option)
            ? SuppliedOption.named("cache.x.y." + option.name(), "a test", FILE).option()
            : SuppliedOption.named(option.name(), "a test", FILE).option();
    assertThat(found).isSameAs(option);
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_nameNeedsNoEscapesInUri(Option<?> option) {
    assertThat(option.name()).matches("[a-z][A-Za-z]*(\\.[a-z][A-Za-z]*)*");
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyOption_saysWhatIsAccepted(Option<?> option) {
    assertThat(option.format().accepted()).isNotBlank().doesNotEndWith(".").doesNotContain("|");
  }

  @Test
  void names_areDistinctWhateverTheirCase() {
    for (List<Option<?>> table : List.of(Options.ofManagers(), Options.ofCaches())) {
      assertThat(table).extracting(option -> option.name().toLowerCase()).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @MethodSource("cacheOptions")
  void everyCacheSetting_hasNoDotInItsName(Option<?> option) {
    assertThat(option.name()).doesNotContain(".");
  }

  @Test
  void noOption_beginsLikeASettingOfCaches() {
    assertThat(Options.ofManagers())
        .noneMatch(option -> option.name().startsWith(Options.CACHE_PREFIX));
  }

  private static List<Option<?>> cacheOptions() {
    return Options.ofCaches();
  }

  private static List<Option<?>> options() {
    List<Option<?>> options = new ArrayList<>(Options.ofManagers());
    options.addAll(Options.ofCaches());
    return options;
  }
}
