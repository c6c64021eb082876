// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.StringUtils;

/**
 * What the application's cache manager is made of. Immutable, but for the options.
 *
 * @param uri the URI of the manager
 * @param options all other options
 */
public record ManagerConfiguration(URI uri, Properties options) {

  private static final Logger LOG = LoggerFactory.getLogger(ManagerConfiguration.class);

  private static final String SERVERS = "memjcache.servers";
  private static final String NAMESPACE = "memjcache.namespace";
  private static final String FAILURE = "memjcache.failure";
  private static final String LOCAL = "localhost:11211";

  /**
   * Completes the options by the starter's defaults.
   *
   * @param options from the environment
   * @param uri the URI that is given for the manager; null if none is
   * @param connected the servers that take the place of all others; null if none do
   * @param applicationName the namespace if none is given; null if the application has no name
   * @param packages the application's own packages, whose classes may be values unless the options
   *     say which may
   */
  public static ManagerConfiguration of(
      Properties options,
      @Nullable String uri,
      @Nullable String connected,
      @Nullable String applicationName,
      List<String> packages) {
    Properties all = new Properties();
    all.putAll(options);
    if (connected != null) {
      all.setProperty(SERVERS, connected);
    }
    URI given = uri == null ? null : ManagerUri.parse(uri);
    if (given != null && !given.getScheme().startsWith("memcached")) {
      return new ManagerConfiguration(given, all); // the file says the rest
    }
    all.putIfAbsent(FAILURE, "miss");
    all.putIfAbsent("memjcache.cache.*.statistics", "true");
    all.putIfAbsent("memjcache.cache.*.countRemoveAll", "false");
    if (!packages.isEmpty()) {
      all.putIfAbsent("memjcache.serialization.allow", String.join(".**,", packages) + ".**");
    }
    String servers = take(all, SERVERS);
    if (given != null) {
      if (servers != null && connected == null) {
        throw new InvalidConfigurationException(
            "memjcache.uri and memjcache.servers are both given; give the servers once");
      }
      return new ManagerConfiguration(servers == null ? given : withServers(given, servers), all);
    }
    String namespace = take(all, NAMESPACE);
    ManagerUri manager = ManagerUri.servers(servers == null ? LOCAL : servers);
    if (namespace != null) {
      manager =
          manager.namespace(
              Arrays.stream(namespace.strip().split("/", -1))
                  .map(name -> StringUtils.uriDecode(name, StandardCharsets.UTF_8))
                  .toArray(String[]::new));
    } else if (applicationName != null && !applicationName.isEmpty()) {
      manager = manager.namespace(applicationName);
    } else {
      LOG.warn(
          "There is neither memjcache.namespace nor spring.application.name, so all applications"
              + " without them share their caches on these servers: {}",
          manager);
    }
    return new ManagerConfiguration(manager.toUri(), all);
  }

  /** Returns whether operations go on without a server that is away, as far as is known here. */
  public boolean misses() {
    String query = uri.getQuery();
    if (query != null && query.contains("failure=")) { // which wins
      return query.contains("failure=miss");
    }
    return "miss".equals(options.getProperty(FAILURE));
  }

  private static @Nullable String take(Properties options, String name) {
    return options.remove(name) instanceof String text ? text : null;
  }

  private static URI withServers(URI uri, String servers) {
    return ManagerUri.parse(
        uri.getScheme()
            + "://"
            + servers
            + uri.getRawPath()
            + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
  }
}
