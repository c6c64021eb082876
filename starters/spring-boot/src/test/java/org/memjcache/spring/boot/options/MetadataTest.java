// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.memjcache.ConfigurationOption;
import org.springframework.boot.json.JsonParserFactory;

/** The metadata that editors read is that of the one table of options. */
class MetadataTest {

  private static final String FILE = "META-INF/spring-configuration-metadata.json";

  @Test
  void metadata_isThatOfTheTable() throws Exception {
    String expected = Metadata.json();
    Path made = Path.of("target", "spring-configuration-metadata.json");
    Files.writeString(made, expected);

    assertThat(stored())
        .as("%s; after a change of the table replace it by %s", FILE, made)
        .isEqualTo(expected);
  }

  @Test
  void metadata_isJson_withEachOptionAndItsDescription() throws Exception {
    Map<String, Object> json = JsonParserFactory.getJsonParser().parseMap(stored());
    List<?> properties = (List<?>) json.get("properties");

    long withoutObjects =
        ConfigurationOption.all().stream()
            .filter(option -> !option.accepted().startsWith("an object"))
            .count();
    assertThat(properties).hasSize((int) withoutObjects + OptionNames.OWN.size() + 1);
    assertThat(properties)
        .extracting(property -> ((Map<?, ?>) property).get("description").toString())
        .allMatch(description -> description.length() > 10 && !description.startsWith("null"));
    assertThat(properties)
        .extracting(property -> (Object) ((Map<?, ?>) property).get("name"))
        .doesNotHaveDuplicates()
        .contains("memjcache.connect-timeout", "memjcache.cache.*.expiry", "memjcache.uri")
        .containsAll(OptionNames.OWN.stream().map(own -> "memjcache." + own).toList());
  }

  private static String stored() throws Exception {
    try (InputStream in = MetadataTest.class.getClassLoader().getResourceAsStream(FILE)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
