// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.fuzz.Budget;

/**
 * Whatever is in a properties file: it has the properties that Java reads there, and they are
 * options that are taken; or an {@link InvalidConfigurationException} of one line says what is
 * wrong.
 */
class PropertiesFileFuzzTest {

  @FuzzTest
  void parse(byte[] input) {
    Budget.check(input, () -> parse(new String(input, UTF_8)));
  }

  private static void parse(String text) {
    try {
      List<PropertiesFile.Property> properties = PropertiesFile.parse(text, "a.properties");
      Properties read = new Properties();
      properties.forEach(property -> read.setProperty(property.name(), property.value()));
      read.remove("");
      assertThat(read).isEqualTo(asJavaReads(text));
      assertThat(new ResolvedOptions(SuppliedOption.inFile(properties))).isNotNull();
    } catch (InvalidConfigurationException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  private static Properties asJavaReads(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    properties.remove(""); // a name of nobody's, which Java reads where a line ends in a backslash
    return properties;
  }
}
