// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import static java.util.stream.Collectors.joining;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.memjcache.internal.config.NamespacePath;
import org.memjcache.internal.config.ParsedUri;
import org.memjcache.internal.config.Servers;
import org.memjcache.internal.text.PercentCoding;

/**
 * Builds the URI of a manager from plain servers, names and options, whatever characters they
 * contain:
 *
 * <pre>{@code
 * URI uri = ManagerUri.servers("cache1:11211", "cache2:11211")
 *     .namespace("hotels", "Lisboa / Süd")
 *     .option("timeout", "500ms")
 *     .toUri();
 * }</pre>
 *
 * <p>The same servers, names and options give an equal URI, in whatever order and spelling the
 * servers were given. Immutable and thread-safe.
 */
public final class ManagerUri {
  private final Servers servers;
  private final List<String> namespace;
  private final Map<String, String> options;

  private ManagerUri(Servers servers, List<String> namespace, Map<String, String> options) {
    this.servers = servers;
    this.namespace = namespace;
    this.options = options;
  }

  /**
   * Returns the URI of a manager that uses these servers, without a namespace or options.
   *
   * @param servers each {@code host}, {@code host:port} or {@code [IPv6 address]:port}; at least
   *     one. Or one alone that names a service whose servers are looked up: {@code dns:host:port},
   *     each address of the name is a server; {@code elasticache:host:port}, the service is asked
   *     {@code config get cluster}
   * @return the URI, to which a namespace and options can be added
   * @throws InvalidConfigurationException if a server is malformed or given twice
   */
  public static ManagerUri servers(String... servers) {
    return new ManagerUri(Servers.parse(String.join(",", List.of(servers))), List.of(), Map.of());
  }

  /**
   * Returns this URI with another namespace.
   *
   * @param names outermost first; up to 8, none of them empty; any text that UTF-8 can encode
   * @return the URI with these names in place of any earlier ones
   * @throws InvalidConfigurationException if there are too many names or one is not accepted
   */
  public ManagerUri namespace(String... names) {
    return new ManagerUri(servers, NamespacePath.checked(List.of(names)), options);
  }

  /**
   * Returns this URI with an option set to a value, replacing any earlier value.
   *
   * @param name the option's name
   * @param value its value as text, not encoded
   * @return the URI with the option
   * @throws InvalidConfigurationException if the option is unknown or doesn't accept the value
   */
  public ManagerUri option(String name, String value) {
    ParsedUri.checkOption(name, value, "ManagerUri");
    Map<String, String> more = new TreeMap<>(options);
    more.put(name, value.strip());
    return new ManagerUri(servers, namespace, more);
  }

  /** {@return the URI to give to {@code CachingProvider.getCacheManager}} */
  public URI toUri() {
    return URI.create(toString());
  }

  /** {@return the text of {@link #toUri()}} */
  @Override
  public String toString() {
    String query =
        options.entrySet().stream()
            .map(option -> option.getKey() + "=" + PercentCoding.encode(option.getValue()))
            .collect(joining("&"));
    return ParsedUri.SCHEME
        + "://"
        + servers
        + NamespacePath.format(namespace)
        + (query.isEmpty() ? "" : "?" + query);
  }

  /**
   * Returns a manager's URI with names appended to its namespace; everything else stays as it is
   * written. Use it to get from the URI of an application to that of a tenant: {@code
   * memcached://host/hotels} gives {@code memcached://host/hotels/Lisboa}, and {@code
   * file:/etc/hotels.properties} gives {@code file:/etc/hotels.properties#Lisboa}.
   *
   * @param uri a manager's URI of either form; the location of a file is not read
   * @param names as for {@link #namespace}; with those of the URI at most 8
   * @return the longer URI
   * @throws InvalidConfigurationException if the URI or a name is not accepted, or there are too
   *     many names
   */
  public static URI withNamespace(URI uri, String... names) {
    return ParsedUri.append(uri, List.of(names));
  }

  /**
   * Returns the manager's URI that a text stands for, of either form; no file is read. Unlike
   * {@link URI#create} it takes several IPv6 addresses in brackets, and its errors never repeat a
   * password.
   *
   * @param text a URI; surrounding white space is ignored
   * @return the URI
   * @throws InvalidConfigurationException if the text is not a URI of a manager
   */
  public static URI parse(String text) {
    return ParsedUri.parse(text);
  }
}
