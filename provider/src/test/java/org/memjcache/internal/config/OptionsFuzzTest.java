// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.util.Properties;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.fuzz.Budget;

/**
 * Whatever options are given: they are taken, or an {@link InvalidConfigurationException} of one
 * line says what is wrong.
 *
 * <p>An input is {@code name=value} in each line.
 */
class OptionsFuzzTest {

  private static final URI MANAGER = URI.create("memcached://localhost/hotels");

  @FuzzTest
  void parse(byte[] input) {
    Budget.check(input, () -> parse(new String(input, UTF_8)));
  }

  private static void parse(String text) {
    Properties properties = new Properties();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals >= 0) {
        properties.setProperty(
            Option.PREFIX + line.substring(0, equals), line.substring(equals + 1));
      }
    }
    try {
      assertThat(ManagerSettings.of(MANAGER, properties).cluster()).isNotNull();
    } catch (InvalidConfigurationException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }
}
