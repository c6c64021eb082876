// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import static org.memjcache.spring.boot.options.OptionNames.PREFIX;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.ConfigurationOption;
import org.memjcache.InvalidConfigurationException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads the options of MemJCache from Spring's environment: files, profiles, environment variables,
 * system properties, arguments and what tests add, by Spring Boot's order and with its relaxed
 * names.
 *
 * <p>Options of managers are bound by Spring Boot's binder. Settings of caches are read as they are
 * written, since the binder would drop characters such as {@code *} from the names of caches. A
 * setting that isn't known is passed on, and refused by MemJCache. Environment variables that
 * aren't known are left alone, as Kubernetes makes some of the names of services.
 */
public final class EnvironmentOptions {

  private static final String CACHE = "cache";
  private static final String VARIABLE = "MEMJCACHE_CACHE_";

  private final ConfigurableEnvironment environment;
  private final Map<String, String> options = new LinkedHashMap<>();

  /** Where in the environment each setting of a cache is from; the smaller counts. */
  private final Map<String, Integer> ranks = new HashMap<>();

  private EnvironmentOptions(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Returns the options, each named as in docs/configuration.md.
   *
   * @throws InvalidConfigurationException if there is an unknown property
   */
  public static Properties read(ConfigurableEnvironment environment) {
    EnvironmentOptions reader = new EnvironmentOptions(environment);
    reader.readManagerOptions();
    Set<String> cacheNames = new LinkedHashSet<>();
    reader.forEachName((source, name) -> reader.readProperty(source, name, cacheNames));
    reader.forEachVariable((source, name) -> reader.readVariable(source, name, cacheNames));
    Properties properties = new Properties();
    properties.putAll(reader.options);
    return properties;
  }

  private void readManagerOptions() {
    Binder binder = Binder.get(environment);
    for (ConfigurationOption option : OptionNames.ALL) {
      if (!option.isCacheSetting()) {
        String name = PREFIX + OptionNames.dashed(option.name());
        String text = binder.bind(name, Bindable.of(String.class)).orElse(null);
        if (text == null) { // a list in YAML
          List<String> list = binder.bind(name, Bindable.listOf(String.class)).orElse(null);
          text = list == null ? null : String.join(",", list);
        }
        if (text != null) {
          options.put(PREFIX + option.name(), text);
        }
      }
    }
  }

  @FunctionalInterface
  private interface NameVisitor {
    void visit(EnumerablePropertySource<?> source, String name);
  }

  private void forEachName(NameVisitor visitor) {
    visit(false, visitor);
  }

  private void forEachVariable(NameVisitor visitor) {
    visit(true, visitor);
  }

  private void visit(boolean variables, NameVisitor visitor) {
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> enumerable
          && variables == source instanceof SystemEnvironmentPropertySource) {
        for (String name : enumerable.getPropertyNames()) {
          visitor.visit(enumerable, name);
        }
      }
    }
  }

  private void readProperty(
      EnumerablePropertySource<?> source, String property, Set<String> cacheNames) {
    if (!property.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
      return;
    }
    String name = property.substring(PREFIX.length());
    if (name.regionMatches(true, 0, CACHE, 0, CACHE.length())
        && (name.startsWith(".", CACHE.length()) || name.startsWith("[", CACHE.length()))) {
      readSetting(source, property, name.substring(CACHE.length()), cacheNames);
      return;
    }
    int index = name.indexOf('[');
    String withoutIndex = index < 0 ? name : name.substring(0, index);
    if (OptionNames.isKnown(withoutIndex)) {
      return;
    }
    throw new InvalidConfigurationException(
        "unknown property '%s' in %s; %s"
            .formatted(property, source.getName(), OptionNames.expectedFor(withoutIndex)));
  }

  /** Reads {@code .hotels.expiry}, or {@code [com.acme.*].expiry} as YAML may have it. */
  private void readSetting(
      EnumerablePropertySource<?> source, String property, String rest, Set<String> cacheNames) {
    String path = rest.startsWith(".") ? rest.substring(1) : rest;
    int end = path.startsWith("[") ? path.lastIndexOf("].") : path.lastIndexOf('.');
    String cache =
        end < 0 ? "" : path.startsWith("[") ? path.substring(1, end) : path.substring(0, end);
    String spelling = path.substring(path.startsWith("[") && end >= 0 ? end + 2 : end + 1);
    String setting = OptionNames.setting(spelling);
    cacheNames.add(cache);
    put(cache, setting == null ? OptionNames.camelCase(spelling) : setting, source, property);
  }

  /** Reads {@code MEMJCACHE_CACHE_HOTELS_EXPIRY}. */
  private void readVariable(
      EnumerablePropertySource<?> source, String variable, Set<String> cacheNames) {
    if (!variable.toUpperCase(Locale.ROOT).startsWith(VARIABLE)) {
      return;
    }
    String rest = variable.substring(VARIABLE.length());
    for (int end = rest.indexOf('_'); end > 0; end = rest.indexOf('_', end + 1)) {
      String setting = OptionNames.setting(rest.substring(end + 1));
      if (setting != null) {
        put(cacheName(rest.substring(0, end), cacheNames), setting, source, variable);
        return;
      }
    }
  }

  /** Returns the cache that a variable means: one that is named elsewhere, if one fits. */
  private static String cacheName(String inVariable, Set<String> cacheNames) {
    return cacheNames.stream()
        .filter(name -> inUniform(name).equals(inUniform(inVariable)))
        .findFirst()
        .orElse(inVariable.toLowerCase(Locale.ROOT).replace('_', '.'));
  }

  private static String inUniform(String cacheName) {
    return OptionNames.uniform(cacheName.replace(".", ""));
  }

  /** Keeps the value of the source that comes first in the environment. */
  private void put(
      String cache, String setting, EnumerablePropertySource<?> source, String property) {
    String name = PREFIX + CACHE + "." + (cache.isEmpty() ? "" : cache + ".") + setting;
    int rank = environment.getPropertySources().precedenceOf(source);
    Integer former = ranks.get(name);
    if (former == null || rank < former) {
      ranks.put(name, rank);
      options.put(name, text(source, property));
    }
  }

  private String text(EnumerablePropertySource<?> source, String property) {
    @Nullable Object value = source.getProperty(property);
    return value == null ? "" : environment.resolveRequiredPlaceholders(value.toString());
  }
}
