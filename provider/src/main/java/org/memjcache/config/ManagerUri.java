package org.memjcache.config;

import static java.util.stream.Collectors.joining;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.memjcache.store.ServerAddress;

/**
 * Writes the URI of a manager from plain servers, names and options, whatever characters they
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
  private final List<ServerAddress> servers;
  private final List<String> namespace;
  private final Map<String, String> options;

  private ManagerUri(
      List<ServerAddress> servers, List<String> namespace, Map<String, String> options) {
    this.servers = servers;
    this.namespace = namespace;
    this.options = options;
  }

  /**
   * Returns the URI of a manager on these servers, without a namespace and options.
   *
   * @param servers each {@code host}, {@code host:port} or {@code [IPv6 address]:port}; at least
   *     one
   * @throws InvalidConfigurationException if a server is malformed or given twice
   */
  public static ManagerUri servers(String... servers) {
    return new ManagerUri(Servers.parse(String.join(",", servers)), List.of(), Map.of());
  }

  /**
   * Returns this URI with another namespace.
   *
   * @param names outermost first; up to 8, none empty, otherwise any text that has UTF-8
   * @throws InvalidConfigurationException if there are too many names or one is not accepted
   */
  public ManagerUri namespace(String... names) {
    return new ManagerUri(servers, NamespacePath.checked(List.of(names)), options);
  }

  /**
   * Returns this URI with an option set to a value, in place of an earlier value.
   *
   * @throws InvalidConfigurationException if the option is unknown or doesn't accept the value
   */
  public ManagerUri option(String name, String value) {
    Options.named(name, "ManagerUri").parse(value, "ManagerUri");
    Map<String, String> more = new TreeMap<>(options);
    more.put(name, value.strip());
    return new ManagerUri(servers, namespace, more);
  }

  /** Returns the URI to give to {@code CachingProvider.getCacheManager}. */
  public URI toUri() {
    return URI.create(toString());
  }

  /** Returns the text of {@link #toUri()}. */
  @Override
  public String toString() {
    String query =
        options.entrySet().stream()
            .map(option -> option.getKey() + "=" + PercentCoding.encode(option.getValue()))
            .collect(joining("&"));
    return ParsedUri.SCHEME
        + "://"
        + Servers.format(servers)
        + NamespacePath.format(namespace)
        + (query.isEmpty() ? "" : "?" + query);
  }

  /**
   * Returns a manager's URI with names appended to its namespace; everything else stays as it is
   * written there. This is how to get from the URI of an application to that of a tenant.
   *
   * @param uri a manager's URI
   * @param names as for {@link #namespace}; with those of the URI at most 8
   * @throws InvalidConfigurationException if the URI or a name is not accepted, or there are too
   *     many names
   */
  public static URI withNamespace(URI uri, String... names) {
    try {
      List<String> all = new ArrayList<>(ParsedUri.of(uri).namespace());
      all.addAll(List.of(names));
      String query = uri.getRawQuery();
      return URI.create(
          uri.getScheme()
              + "://"
              + uri.getRawAuthority()
              + NamespacePath.format(all)
              + (query == null ? "" : "?" + query));
    } catch (InvalidConfigurationException e) {
      throw e.in(ParsedUri.shown(uri));
    }
  }

  /**
   * Returns the manager's URI that a text stands for. Other than {@link URI#create} it takes
   * several IPv6 addresses in brackets, and its errors never repeat a password.
   *
   * @throws InvalidConfigurationException if the text is no URI, or no manager's
   */
  public static URI parse(String text) {
    URI uri;
    try {
      uri = new URI(withAcceptableBrackets(text.strip()));
    } catch (URISyntaxException e) {
      // Not the exception's message or the exception: both repeat the text.
      throw new InvalidConfigurationException(
          "not a URI: "
              + e.getReason()
              + " at index "
              + e.getIndex()
              + "; accepted is "
              + ParsedUri.FORM
              + " with names percent-encoded");
    }
    ManagerSettings.of(uri, null);
    return uri;
  }

  /** Escapes brackets if there are several servers, because {@link URI} takes them for one only. */
  private static String withAcceptableBrackets(String text) {
    String beginning = ParsedUri.SCHEME + "://";
    if (!text.regionMatches(true, 0, beginning, 0, beginning.length())) {
      return text;
    }
    int start = beginning.length();
    int end = start;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String authority = text.substring(start, end);
    return authority.indexOf(',') < 0 && authority.indexOf(';') < 0
        ? text
        : text.substring(0, start) + Servers.escapeBrackets(authority) + text.substring(end);
  }
}
