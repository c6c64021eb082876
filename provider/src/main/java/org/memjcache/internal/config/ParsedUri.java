// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.SuppliedOption.Rank;
import org.memjcache.internal.text.ErrorText;

/**
 * A manager's URI of either form, taken apart and decoded; names and servers are checked, the
 * values of options are not. Immutable.
 *
 * @param file the location of a properties file ({@code file:}, {@code jar:} or {@code classpath:})
 *     without options and names; null for a {@code memcached:} URI
 * @param names outermost first: the path of a {@code memcached:} URI; or what follows the {@code #}
 *     of a location, appended to the namespace that the file gives, so that one file serves many
 *     tenants
 * @param given all options that the URI gives, in its order; for a {@code memcached:} URI servers
 *     and namespace first
 */
public record ParsedUri(@Nullable URI file, List<String> names, List<SuppliedOption> given) {

  public static final String SCHEME = "memcached";

  /** The same with TLS. */
  static final String TLS_SCHEME = "memcacheds";

  private static final Set<String> SCHEMES = Set.of(SCHEME, TLS_SCHEME);

  /** How a URI of servers is written, for errors. */
  static final String FORM =
      SCHEME + "://host[:port][,host[:port]...]/application/tenant?option=value";

  /** How the location of a file is written, for errors. */
  static final String FILE_FORM = "the location of a properties file (file:, jar: or classpath:)";

  static final String CLASSPATH = "classpath";

  private static final Set<String> FILE_SCHEMES = Set.of("file", "jar", CLASSPATH);

  private static final Pattern SERVERS_OF_TEXT = Pattern.compile("(?i)^" + SCHEME + "s?://[^/?#]*");

  /** What to open asks no other machine; a jar may be in a jar. With a host, file: asks by FTP. */
  private static final Pattern LOCAL =
      Pattern.compile("(?i)(?:jar:)*+(?:nested:|classpath:|file:(?!//(?!/))).*");

  /** Takes a URI apart. Reads no file. */
  static ParsedUri of(URI uri) {
    return isFile(uri) ? ofFile(uri) : ofServers(uri);
  }

  private static ParsedUri ofServers(URI uri) {
    if (uri.getScheme() == null) {
      throw invalid("the scheme is missing; expected %s, or %s", FORM, FILE_FORM);
    }
    if (!SCHEMES.contains(scheme(uri))) {
      throw invalid(
          "unknown scheme %s; expected %s, with %s:// for TLS, or %s",
          ErrorText.of(uri.getScheme()), FORM, TLS_SCHEME, FILE_FORM);
    }
    // Not getHost(): the JDK knows none where there is more than one, or one with an underscore.
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw invalid("no host, since '//' and a host don't follow '%s:'; expected %s", SCHEME, FORM);
    }
    if (uri.getRawFragment() != null) {
      throw invalid(
          "a fragment is refused; write %%23 if the '#' belongs to a name; expected %s", FORM);
    }
    List<SuppliedOption> given = new ArrayList<>();
    given.add(inUri(Options.SERVERS, Servers.parse(authority).toString()));
    if (scheme(uri).equals(TLS_SCHEME)) {
      given.add(inUri(Options.TLS, "true"));
    }
    List<String> names = NamespacePath.parse(uri.getRawPath());
    if (!names.isEmpty()) {
      given.add(inUri(Options.NAMESPACE, NamespacePath.format(names)));
    }
    List<SuppliedOption> query = SuppliedOption.inQuery(uri.getRawQuery());
    query.forEach(ParsedUri::requireFitForQuery);
    given.addAll(query);
    return new ParsedUri(null, names, given);
  }

  private static SuppliedOption inUri(Option<?> option, String text) {
    return new SuppliedOption(option, text, "the URI", Rank.URI_AND_PROPERTIES);
  }

  private static ParsedUri ofFile(URI uri) {
    // By hand, because a jar: URI has no query, only a part that may contain one.
    String[] parts = uri.toString().split("#", 2)[0].split("\\?", 2);
    URI file;
    try {
      file = new URI(parts[0]);
    } catch (URISyntaxException e) {
      throw invalid("nothing follows %s; expected %s", ErrorText.of(parts[0]), FILE_FORM);
    }
    if (!LOCAL.matcher(parts[0]).matches()) {
      throw invalid(
          "the properties file is not on this machine; expected file:/path/name.properties,"
              + " jar:file:/path/name.jar!/name.properties or classpath:name.properties");
    }
    List<SuppliedOption> given = SuppliedOption.inQuery(parts.length == 1 ? null : parts[1]);
    String fragment = uri.getRawFragment();
    List<String> names = fragment == null ? List.of() : NamespacePath.parseOption(fragment);
    return new ParsedUri(file, names, given);
  }

  /** Returns the URI of a manager that a text stands for, checked but for the file itself. */
  public static URI parse(String text) {
    URI uri = uri(text.strip());
    if (isFile(uri)) {
      return withUriInErrors(
          uri,
          () -> {
            new ResolvedOptions(of(uri).given());
            return uri;
          });
    }
    // Not with the classes of the options, which are looked up by the manager's class loader.
    withUriInErrors(uri, () -> ManagerSettings.of(uri, List.of(), ClassLookup.of(null)));
    return uri;
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException refused) {
      try {
        // Brackets among several servers are no URI to the JDK, their escapes are.
        return new URI(
            SERVERS_OF_TEXT
                .matcher(text)
                .replaceFirst(
                    servers -> Matcher.quoteReplacement(Servers.escapeBrackets(servers.group()))));
      } catch (URISyntaxException e) {
        // Neither the exception nor its message may get out: both repeat the text.
        throw invalid(
            "not a URI: %s at index %s; expected %s with names percent-encoded, or %s",
            refused.getReason(), refused.getIndex(), FORM, FILE_FORM);
      }
    }
  }

  /** Returns a URI with names appended to its own; everything else stays as it is written. */
  public static URI append(URI uri, List<String> more) {
    return withUriInErrors(
        uri,
        () -> {
          List<String> names = new ArrayList<>(of(uri).names());
          names.addAll(more);
          String path = NamespacePath.format(names);
          if (isFile(uri)) {
            String text = uri.toString().split("#", 2)[0];
            return URI.create(names.isEmpty() ? text : text + "#" + path.substring(1));
          }
          String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
          return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path + query);
        });
  }

  /** Refuses an option or a value of it that may not stand in the query. */
  public static void checkOption(String name, String value, String place) {
    SuppliedOption option = SuppliedOption.named(name, place, Rank.URI_AND_PROPERTIES).with(value);
    option.requireFitForUri();
    requireFitForQuery(option);
    option.value();
  }

  private static void requireFitForQuery(SuppliedOption given) {
    if (given.option().equals(Options.SERVERS) || given.option().equals(Options.NAMESPACE)) {
      throw invalid(
          "option %s is refused in %s, because it stands before the '?'; expected %s",
          given.name(), given.place(), FORM);
    }
  }

  /** Returns whether a URI is meant to be the location of a file. */
  public static boolean isFile(URI uri) {
    return FILE_SCHEMES.contains(scheme(uri));
  }

  /** Returns whether this is a URI of {@link #FORM} with a path, whatever servers and query are. */
  static boolean isPlain(URI uri) {
    return SCHEMES.contains(scheme(uri))
        && uri.getRawAuthority() != null
        && uri.getRawFragment() == null
        && uri.getRawPath().length() > 1;
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  /** Does something with a URI, which its errors then name. */
  static <T> T withUriInErrors(URI uri, Supplier<T> work) {
    try {
      return work.get();
    } catch (InvalidConfigurationException e) {
      throw e.withPlace("manager URI " + (isFile(uri) ? shownLocation(uri) : shown(uri)));
    }
  }

  /** Shows no user info and no query, since either may hold a password. */
  private static String shown(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme() + ":";
    String authority = uri.getRawAuthority();
    boolean secret = authority == null || Servers.hasUserInfo(authority);
    return ErrorText.of(scheme + (secret ? "..." : "//" + authority + uri.getRawPath()));
  }

  /** Shows no options, which may hold a password, and no user info of other machines. */
  static String shownLocation(URI uri) {
    String location = uri.toString().split("[?#]", 2)[0];
    return ErrorText.of(location.replaceFirst("//[^/]*@", "//...@"));
  }
}
