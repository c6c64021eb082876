// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.memjcache.ConfigurationOption;
import org.memjcache.spring.boot.MemjcacheProperties;

/** Makes the metadata for editors from the table of options and docs/configuration.md. */
final class Metadata {

  private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");

  private static final Pattern ROW = Pattern.compile("\\| `([\\w.]+)` \\| .* \\| (.*) \\|");
  private static final Pattern WORDS = Pattern.compile("\\w+(?: or \\w+)+");

  /** What the starter has as defaults in place of the table's. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "servers", "localhost:11211",
          "failure", "miss",
          "cache.*.statistics", "true",
          "cache.*.count-remove-all", "false");

  /** What the starter adds to the page. */
  private static final Map<String, String> REMARKS =
      Map.of(
          "namespace", " Without it the name of the application (spring.application.name).",
          "serialization.allow", " Without it the application's own packages.");

  private static final String OWN =
      """
      memjcache.uri|java.lang.String||The URI of the application's cache manager, or the location \
      of a properties file that says the rest, in place of memjcache.servers and memjcache.namespace.
      memjcache.caches.dynamic|java.lang.Boolean||Whether a cache is created when it is first asked \
      for. Without it that is so, unless spring.cache.cache-names says which caches there are.
      memjcache.caches.transaction-aware|java.lang.Boolean|false|Whether puts, evictions and clears \
      wait for the commit of the running transaction.
      memjcache.tenants.max-open|java.lang.Integer|1000|How many tenants this process keeps open. \
      Beyond that, those are closed that were not used for longest.
      memjcache.tenants.max-metered|java.lang.Integer|100|How many tenants have meters of their own \
      at the same time.
      memjcache.cache|java.util.Map<java.lang.String,java.util.Map<java.lang.String,java.lang.String>>\
      ||Settings of caches, by the name of a cache or a pattern and the name of the setting.
      """;

  private final List<String> properties = new ArrayList<>();
  private final List<String> hints = new ArrayList<>();

  private Metadata() {}

  static String json() throws IOException {
    return new Metadata().make();
  }

  private String make() throws IOException {
    for (String line : OWN.lines().toList()) {
      String[] parts = line.split("\\|", 4);
      add(parts[0], parts[1], parts[2].isEmpty() ? null : parts[2], parts[3]);
    }
    Map<String, String> ofManagers = descriptions("| option |");
    Map<String, String> ofCaches = descriptions("| setting |");
    for (ConfigurationOption option : OptionNames.ALL) {
      if (option.accepted().startsWith("an object ")) {
        continue; // by a MemjcacheOptionsCustomizer only
      }
      String name = (option.isCacheSetting() ? "cache.*." : "") + OptionNames.dashed(option.name());
      String description =
          (option.isCacheSetting() ? ofCaches : ofManagers).get(option.name())
              + (option.isCacheSetting() ? ", for all caches." : ".");
      String table = option.defaultText() == null ? "" : option.defaultText();
      String byDefault = DEFAULTS.getOrDefault(name, table);
      add(
          OptionNames.PREFIX + name,
          type(option),
          byDefault.isEmpty() ? null : byDefault,
          Character.toUpperCase(description.charAt(0))
              + description.substring(1)
              + REMARKS.getOrDefault(name, ""));
      if (WORDS.matcher(option.accepted()).matches() && !type(option).endsWith("Boolean")) {
        hints.add(
            "    {\"name\": %s, \"values\": [%s]}"
                .formatted(
                    quote(OptionNames.PREFIX + name),
                    String.join(
                        ", ",
                        List.of(option.accepted().split(" or ")).stream()
                            .map(word -> "{\"value\": " + quote(word) + "}")
                            .toList())));
      }
    }
    return """
    {
      "groups": [
        {"name": "memjcache", "type": "%s"}
      ],
      "properties": [
    %s
      ],
      "hints": [
    %s
      ]
    }
    """
        .formatted(
            MemjcacheProperties.class.getName(),
            String.join(",\n", properties),
            String.join(",\n", hints));
  }

  private void add(String name, String type, String byDefault, String description) {
    String value =
        byDefault == null
            ? ""
            : ", \"defaultValue\": "
                + (type.endsWith("Boolean") || type.endsWith("Integer")
                    ? byDefault
                    : quote(byDefault));
    properties.add(
        "    {\"name\": %s, \"type\": %s, \"description\": %s%s}"
            .formatted(quote(name), quote(type), quote(description), value));
  }

  private static String type(ConfigurationOption option) {
    if (option.accepted().equals("true or false")) {
      return "java.lang.Boolean";
    }
    if (option.accepted().startsWith("a whole number ")) {
      return "java.lang.Integer";
    }
    return option.accepted().startsWith("a duration ") ? "java.time.Duration" : "java.lang.String";
  }

  private static Map<String, String> descriptions(String begin) throws IOException {
    Map<String, String> descriptions = new LinkedHashMap<>();
    boolean inTable = false;
    for (String line : Files.readAllLines(PAGE)) {
      inTable = line.startsWith(begin) || (inTable && line.startsWith("|"));
      Matcher row = ROW.matcher(line);
      if (inTable && row.matches()) {
        String plain = row.group(2).replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
        descriptions.put(row.group(1), plain.replace("`", "").replace("\\", ""));
      }
    }
    return descriptions;
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
