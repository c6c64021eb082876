// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.ManagerUri;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.Environment;
import org.memjcache.internal.config.ManagerSettings;
import org.memjcache.internal.config.NamespacePath;
import org.memjcache.internal.config.ParsedUri;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Which servers to talk to, and how: the options of a manager by the names that they have in its
 * URI. Those that aren't given come from where an application has them, too: the URI, system
 * properties, environment variables. Filled by picocli.
 */
final class ServerOptions {

  private static final String PREFIX = "memjcache.";

  private @Nullable String uri;
  private @Nullable String servers;
  private @Nullable String namespace;
  private final Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = {"-u", "--uri"},
      paramLabel = "<uri>",
      scope = ScopeType.INHERIT,
      order = 1,
      description = {
        "The URI of a manager, as an application has it: memcached://host:port,host:port/hotels,"
            + " memcacheds:// for TLS, or the location of a properties file. Default: the"
            + " environment variable MEMJCACHE_URI, else memcached://localhost:11211."
      })
  void setUri(String text) {
    uri = text;
  }

  @Option(
      names = {"-s", "--servers"},
      paramLabel = "<servers>",
      scope = ScopeType.INHERIT,
      order = 2,
      description =
          "In place of a URI: host:port,host:port, or a service such as dns:host:port or"
              + " elasticache:host:port.")
  void setServers(String text) {
    servers = text;
  }

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "<path>",
      scope = ScopeType.INHERIT,
      order = 3,
      description = "What the paths of commands are beneath, appended to that of the URI: hotels.")
  void setNamespace(String text) {
    namespace = text;
  }

  @Option(
      names = "--user",
      paramLabel = "<name>",
      scope = ScopeType.INHERIT,
      order = 4,
      description = "User name for authentication. Default: MEMJCACHE_USER.")
  void setUser(String text) {
    options.put("user", text);
  }

  @Option(
      names = "--password",
      paramLabel = "<password>",
      scope = ScopeType.INHERIT,
      order = 5,
      arity = "0..1",
      interactive = true,
      description =
          "Without a value, asks for it. Default: MEMJCACHE_PASSWORD, which other users of the"
              + " machine don't see.")
  void setPassword(String text) {
    options.put("password", text);
  }

  @Option(
      names = "--tls",
      scope = ScopeType.INHERIT,
      order = 6,
      description = "Speaks TLS, as memcacheds:// does.")
  void setTls(boolean on) {
    options.put("tls", Boolean.toString(on));
  }

  @Option(
      names = "--tls.trust",
      paramLabel = "<file>",
      scope = ScopeType.INHERIT,
      order = 7,
      description = "Certificates of authorities, PEM or a key store.")
  void setTrust(String text) {
    options.put("tls.trust", text);
  }

  @Option(
      names = "--tls.certificate",
      paramLabel = "<file>",
      scope = ScopeType.INHERIT,
      order = 8,
      description = "The client's certificate, PEM or a key store with its key.")
  void setCertificate(String text) {
    options.put("tls.certificate", text);
  }

  @Option(
      names = "--tls.key",
      paramLabel = "<file>",
      scope = ScopeType.INHERIT,
      order = 9,
      description = "The key of the client's certificate, PEM.")
  void setKey(String text) {
    options.put("tls.key", text);
  }

  @Option(
      names = {"-o", "--option"},
      paramLabel = "<name=value>",
      scope = ScopeType.INHERIT,
      order = 10,
      description =
          "Any other option of a manager: timeout=5s, protocol=binary, tls.verify=none,"
              + " discovery.grace=0s. docs/configuration.md lists them all.")
  void setOptions(Map<String, String> more) {
    options.putAll(more);
  }

  /** Returns the URI of the manager that is meant, with the namespace in its path. */
  URI uri() {
    if (uri != null && servers != null) {
      throw new UsageException("--uri and --servers both name servers; expected one of them");
    }
    URI base =
        servers != null
            ? ManagerUri.servers(servers.split(",", -1)).toUri()
            : uri != null ? ParsedUri.parse(uri) : Environment.defaultUri();
    return namespace == null ? base : ParsedUri.append(base, NamespacePath.parseOption(namespace));
  }

  /** Returns the options beside the URI. */
  Properties properties() {
    Properties properties = new Properties();
    options.forEach((name, value) -> properties.setProperty(PREFIX + name, value));
    return properties;
  }

  /**
   * Returns what all of it comes to.
   *
   * @throws org.memjcache.InvalidConfigurationException if something is wrong; names the part
   */
  ManagerSettings settings() {
    Properties system = new Properties();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> system.setProperty(name, System.getProperty(name)));
    return ManagerSettings.of(
        uri(),
        properties(),
        Environment.ofProcess(system, ClassLookup.of(getClass().getClassLoader())));
  }
}
