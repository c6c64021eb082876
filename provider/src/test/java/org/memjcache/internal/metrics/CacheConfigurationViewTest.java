// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.management.CacheMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CacheConfigurationViewTest {
  private final MutableConfiguration<Long, String> configuration = new MutableConfiguration<>();
  private final CacheMXBean view = new CacheConfigurationView(() -> configuration);

  static Stream<Arguments> flags() {
    return Stream.of(
        flag("read-through", MutableConfiguration::setReadThrough, CacheMXBean::isReadThrough),
        flag("write-through", MutableConfiguration::setWriteThrough, CacheMXBean::isWriteThrough),
        flag("by value", MutableConfiguration::setStoreByValue, CacheMXBean::isStoreByValue),
        flag(
            "statistics",
            MutableConfiguration::setStatisticsEnabled,
            CacheMXBean::isStatisticsEnabled),
        flag(
            "management",
            MutableConfiguration::setManagementEnabled,
            CacheMXBean::isManagementEnabled));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("flags")
  void flag_followsTheConfiguration(
      String name,
      BiConsumer<MutableConfiguration<Long, String>, Boolean> set,
      Predicate<CacheMXBean> get) {
    for (boolean value : new boolean[] {true, false, true}) {
      set.accept(configuration, value);

      assertThat(get.test(view)).isEqualTo(value);
    }
  }

  @Test
  void types_areObjectUnlessConfigured() {
    assertThat(view.getKeyType()).isEqualTo("java.lang.Object");
    assertThat(view.getValueType()).isEqualTo("java.lang.Object");
  }

  @Test
  void types_areFullNames() {
    configuration.setTypes(Long.class, String.class);

    assertThat(view.getKeyType()).isEqualTo("java.lang.Long");
    assertThat(view.getValueType()).isEqualTo("java.lang.String");
  }

  @Test
  void replacedConfiguration_isSeen() {
    AtomicReference<MutableConfiguration<Long, String>> present =
        new AtomicReference<>(configuration);
    CacheMXBean live = new CacheConfigurationView(present::get);

    present.set(new MutableConfiguration<Long, String>().setStatisticsEnabled(true));

    assertThat(live.isStatisticsEnabled()).isTrue();
  }

  private static Arguments flag(
      String name,
      BiConsumer<MutableConfiguration<Long, String>, Boolean> set,
      Predicate<CacheMXBean> get) {
    return Arguments.of(name, set, get);
  }
}
