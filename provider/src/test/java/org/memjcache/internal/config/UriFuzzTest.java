// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.fuzz.Budget;

/**
 * Whatever text is given for a manager's URI: it is one, with settings that are written back as the
 * same namespace, or an {@link InvalidConfigurationException} of one line.
 */
class UriFuzzTest {

  @FuzzTest
  void parse(byte[] input) {
    Budget.check(input, () -> parse(new String(input, UTF_8)));
  }

  private static void parse(String text) {
    URI uri;
    try {
      uri = ManagerUri.parse(text);
    } catch (InvalidConfigurationException e) {
      assertThat(e).hasMessageNotContaining("\n");
      return;
    }
    if (ParsedUri.isFile(uri)) {
      return; // its settings are in the file
    }
    ManagerSettings settings;
    try {
      settings = ManagerSettings.of(uri, null);
    } catch (InvalidConfigurationException e) { // which classes there are is seen here only
      assertThat(e).hasMessageContaining(": class '");
      return;
    }
    assertThat(settings.cluster().servers().isEmpty())
        .isEqualTo(settings.cluster().discovery() != null);
    assertThat(ManagerSettings.of(ManagerUri.withNamespace(uri), null)).isEqualTo(settings);
  }
}
