// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.memjcache.ConfigurationOption;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;

/**
 * What Hibernate's properties say of the second-level cache. Immutable, but for the options.
 *
 * @param uri the URI of the application's manager
 * @param options all other options of it, named as in docs/configuration.md
 * @param maxOpen how many tenants a session factory keeps open
 * @param timestampsOfTenants whether each tenant has update timestamps of its own
 */
record HibernateOptions(URI uri, Properties options, int maxOpen, boolean timestampsOfTenants) {

  static final String PREFIX = "hibernate.memjcache.";

  /** The options that MemJCache itself doesn't have. */
  static final List<String> OWN = List.of("uri", "tenants.max-open", "tenants.timestamps");

  private static final List<String> OPTIONS =
      ConfigurationOption.all().stream()
          .filter(option -> !option.isCacheSetting())
          .map(ConfigurationOption::name)
          .toList();

  private static final String URI_OF_HIBERNATE = "hibernate.javax.cache.uri";
  private static final String MANAGER_OF_HIBERNATE = "hibernate.javax.cache.cache_manager";
  private static final String FAILURE = "memjcache.failure";
  private static final Pattern SCHEME = Pattern.compile("(?i)(memcacheds?|file|jar|classpath):.*");

  /**
   * Reads Hibernate's properties.
   *
   * @param resources finds a resource by its name, null if there is none
   * @throws InvalidConfigurationException if one is missing or wrong
   */
  static HibernateOptions of(Map<String, ?> properties, Function<String, @Nullable URL> resources) {
    if (properties.get(MANAGER_OF_HIBERNATE) != null) {
      throw new InvalidConfigurationException(
          MANAGER_OF_HIBERNATE
              + " is given, but the region factory memjcache opens managers of its own, one for"
              + " each tenant; give "
              + PREFIX
              + "uri in its place");
    }
    Properties options = new Properties();
    properties.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && value != null) {
            String option = name.substring(PREFIX.length());
            requireKnown(option);
            options.put("memjcache." + option, isText(value) ? value.toString() : value);
          }
        });
    int maxOpen = maxOpen(take(options, "tenants.max-open"));
    boolean ofTenants = timestampsOfTenants(take(options, "tenants.timestamps"));
    URI uri = uri(options, properties.get(URI_OF_HIBERNATE), resources);
    if ("throw".equals(options.get(FAILURE))) {
      throw new InvalidConfigurationException(
          PREFIX
              + "failure=throw is not possible: a transaction that the database has committed would"
              + " look as if it had failed; leave it out, and Hibernate asks the database while"
              + " memcached is away");
    }
    options.setProperty(FAILURE, "miss");
    return new HibernateOptions(uri, options, maxOpen, ofTenants);
  }

  private static void requireKnown(String name) {
    if (!name.startsWith("cache.") && !OWN.contains(name) && !OPTIONS.contains(name)) {
      throw new InvalidConfigurationException(
          "unknown property %s%s; %s"
              .formatted(
                  PREFIX,
                  name,
                  ConfigurationOption.nearest(name, OWN)
                      .map(nearest -> "did you mean " + PREFIX + nearest + "?")
                      .orElse(
                          "expected %s followed by one of %s, %s"
                              .formatted(
                                  PREFIX, String.join(", ", OWN), String.join(", ", OPTIONS)))));
    }
  }

  private static boolean isText(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  private static @Nullable String take(Properties options, String name) {
    Object value = options.remove("memjcache." + name);
    return value == null ? null : value.toString().strip();
  }

  private static int maxOpen(@Nullable String text) {
    if (text == null) {
      return 1_000;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new InvalidConfigurationException(
          "wrong value '%s' of %stenants.max-open; expected a whole number from 1 to 999999999"
              .formatted(text, PREFIX));
    }
    return Integer.parseInt(text);
  }

  private static boolean timestampsOfTenants(@Nullable String text) {
    if (text != null && !text.equals("shared") && !text.equals("own")) {
      throw new InvalidConfigurationException(
          "wrong value '%s' of %stenants.timestamps; expected shared or own"
              .formatted(text, PREFIX));
    }
    return "own".equals(text);
  }

  private static URI uri(
      Properties options, @Nullable Object ofHibernate, Function<String, @Nullable URL> resources) {
    String own = take(options, "uri");
    String text = own == null && ofHibernate != null ? ofHibernate.toString().strip() : own;
    String servers = take(options, "servers");
    if (text != null) {
      if (servers != null) {
        throw new InvalidConfigurationException(
            "%sservers and %s are both given; give the servers once"
                .formatted(PREFIX, own == null ? URI_OF_HIBERNATE : PREFIX + "uri"));
      }
      return withNamespace(given(text, resources));
    }
    if (servers == null) {
      throw new InvalidConfigurationException(
          "no memcached servers are given; set %1$sservers=host:port and %1$snamespace=<name of the"
                  .formatted(PREFIX)
              + " application>, or %suri=memcached://host:port/<name of the application>, or %suri or"
                  .formatted(PREFIX, PREFIX)
              + " %s to the location of a properties file".formatted(URI_OF_HIBERNATE));
    }
    String namespace = take(options, "namespace");
    if (namespace == null || namespace.isEmpty()) {
      throw new InvalidConfigurationException(
          "%1$snamespace is not given; set it to the name of the application, or all applications"
                  .formatted(PREFIX)
              + " without one share their regions on these servers");
    }
    String[] names =
        Arrays.stream(namespace.split("/", -1))
            .map(HibernateOptions::decoded)
            .toArray(String[]::new);
    return ManagerUri.servers(servers).namespace(names).toUri();
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigurationException(
          "a %% in '%s' of %snamespace is not followed by two hexadecimal digits; write %%25"
              .formatted(name, PREFIX));
    }
  }

  private static URI given(String text, Function<String, @Nullable URL> resources) {
    if (SCHEME.matcher(text).matches()) {
      return ManagerUri.parse(text);
    }
    URL resource = resources.apply(text);
    if (resource == null) {
      throw new InvalidConfigurationException(
          "no resource '%s' was found; expected memcached://host:port/<name of the application>, or"
                  .formatted(text)
              + " the location of a properties file, such as classpath:memjcache.properties");
    }
    try {
      return resource.toURI();
    } catch (URISyntaxException e) {
      throw new InvalidConfigurationException(
          "the location %s of '%s' is not a URI: %s".formatted(resource, text, e.getMessage()));
    }
  }

  /** Returns the URI; refuses one that all applications on the servers would share. */
  private static URI withNamespace(URI uri) {
    boolean isPlain = uri.getScheme().startsWith("memcached");
    if (isPlain && (uri.getRawPath() == null || uri.getRawPath().matches("/*"))) {
      throw new InvalidConfigurationException(
          "the URI %s has no path; append the name of the application, as in".formatted(uri)
              + " memcached://host:port/hotels");
    }
    return uri;
  }
}
