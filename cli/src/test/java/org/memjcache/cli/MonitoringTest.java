// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.memjcache.micrometer.MemcachedCacheMetrics;
import org.memjcache.testkit.MemcachedServer;
import org.yaml.snakeyaml.Yaml;

/**
 * The dashboard and the alert rules ask for meters, tags and values of tags that a cache of this
 * release has in Prometheus.
 */
class MonitoringTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Path DASHBOARD = DOCS.resolve("monitoring/grafana-dashboard.json");
  private static final Path RULES = DOCS.resolve("monitoring/prometheus-rules.yml");

  private static final Pattern METER = Pattern.compile("\\b(?:cache|memjcache)_[a-z_]+");
  private static final Pattern TAG = Pattern.compile("\\b([a-z]+)(=~?)\"([^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("by \\(([a-z, ]+)\\)");

  private final String scraped = scrape();

  /** Returns what Prometheus would get of a cache. */
  private static String scrape() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (MemcachedServer server = MemcachedServer.start();
        Hotels hotels = new Hotels()) {
      Cache<String, String> cache =
          hotels
              .manager(server.uri("hotels/Lisboa"))
              .createCache(
                  "info",
                  new MutableConfiguration<String, String>()
                      .setTypes(String.class, String.class)
                      .setStatisticsEnabled(true));
      MemcachedCacheMetrics.monitor(registry, cache);
      cache.put("k", "v");
      return registry.scrape();
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> parse(Path file) throws IOException {
    return (Map<String, Object>) new Yaml().load(Files.readString(file)); // JSON is YAML
  }

  /** Returns all texts under a name, at whatever depth. */
  private static Stream<String> texts(Object node, String name) {
    if (node instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .flatMap(
              each ->
                  each.getKey().equals(name) && each.getValue() instanceof String text
                      ? Stream.of(text)
                      : texts(each.getValue(), name));
    }
    return node instanceof List<?> list
        ? list.stream().flatMap(each -> texts(each, name))
        : Stream.empty();
  }

  private void assertAsksForWhatIsThere(List<String> expressions) {
    Set<String> meters = new HashSet<>();
    scraped
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> meters.add(line.split("[{ ]")[0]));
    for (String expression : expressions) {
      String withoutStrings = expression.replaceAll("\"[^\"]*\"", "");
      assertThat(withoutStrings.chars().filter(c -> c == '(').count())
          .as(expression)
          .isEqualTo(withoutStrings.chars().filter(c -> c == ')').count());
      assertThat(names(METER, expression)).as(expression).isNotEmpty().isSubsetOf(meters);
      TAG.matcher(expression).results().forEach(this::assertTag);
      for (String tags : names(GROUPING, expression)) {
        for (String tag : tags.replaceAll("by \\(|[) ]", "").split(",")) {
          assertThat(scraped).as(expression).containsPattern("[{,]" + tag + "=\"");
        }
      }
    }
  }

  private void assertTag(MatchResult tag) {
    if (tag.group(3).contains("$")) { // a variable of the dashboard
      assertThat(scraped).containsPattern("[{,]" + tag.group(1) + "=\"");
      return;
    }
    for (String value : tag.group(3).split("[|]")) {
      assertThat(scraped).containsPattern("[{,]" + tag.group(1) + "=\"" + value + "\"");
    }
  }

  private static List<String> names(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }

  @Test
  void dashboard_expressions_askForMetersThatAreThere() throws IOException {
    Map<String, Object> dashboard = parse(DASHBOARD);
    List<String> expressions = texts(dashboard, "expr").toList();

    assertThat(expressions).hasSizeGreaterThan(20);
    assertAsksForWhatIsThere(expressions);
    assertThat(texts(dashboard.get("panels"), "title").toList()).doesNotHaveDuplicates();
  }

  /** A meter that is on no panel is one that nobody sees. */
  @Test
  void dashboard_everyMeter_isOnAPanel() throws IOException {
    Set<String> shown = new TreeSet<>();
    texts(parse(DASHBOARD), "expr").forEach(text -> shown.addAll(names(METER, text)));

    Set<String> all =
        METER
            .matcher(
                scraped
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]")[0])
                    .collect(Collectors.joining("\n")))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(shown).isEqualTo(all);
  }

  @Test
  void rules_expressions_askForMetersThatAreThere() throws IOException {
    Map<String, Object> rules = parse(RULES);
    List<String> expressions = texts(rules, "expr").toList();

    assertThat(expressions).hasSizeGreaterThan(9);
    assertAsksForWhatIsThere(expressions);
    assertThat(texts(rules, "for").toList()).allMatch(time -> time.matches("[0-9]+[mhd]"));
    assertThat(texts(rules, "severity").toList()).hasSameSizeAs(expressions);
    assertThat(texts(rules, "summary").toList()).hasSameSizeAs(expressions);
  }

  /** The page has a section for each signal, with the alerts that belong to it. */
  @Test
  void page_signals_areThoseOfDashboardAndRules() throws IOException {
    String page = Files.readString(DOCS.resolve("monitoring.md"));
    List<String> signals = new ArrayList<>();
    texts(parse(DASHBOARD).get("panels"), "title")
        .filter(title -> title.matches("[0-9].*"))
        .forEach(title -> signals.add(title.replaceFirst(" ", ". ")));

    assertThat(signals).hasSize(10);
    assertThat(
            page.lines().filter(line -> line.matches("## [0-9].*")).map(line -> line.substring(3)))
        .containsExactlyElementsOf(signals);
    assertThat(page).contains(texts(parse(RULES), "alert").toList());
    names(Pattern.compile("`(?:cache|memjcache)_[a-z_]+"), page)
        .forEach(meter -> assertThat(scraped).contains(meter.substring(1)));
  }
}
