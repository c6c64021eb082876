package org.memjcache.internal.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * The parts of a manager's URI, checked and decoded; its query is checked too. Immutable.
 *
 * @param servers sorted
 * @param namespace outermost name first
 * @param options in the order of the query, their values not yet checked
 */
public record ParsedUri(
    List<ServerAddress> servers, List<String> namespace, List<SuppliedOption> options) {

  public static final String SCHEME = "memcached";

  /** How a URI is written, for errors. */
  public static final String FORM =
      SCHEME + "://host[:port][,host[:port]...]/application/tenant?option=value";

  /**
   * Takes a URI apart.
   *
   * @throws InvalidConfigurationException for anything but {@link #FORM}
   */
  public static ParsedUri of(URI uri) {
    if (uri.getScheme() == null) {
      throw new InvalidConfigurationException(
          "the scheme is missing; accepted is " + FORM + ", or " + FileUri.FORM);
    }
    if (!uri.getScheme().toLowerCase(Locale.ROOT).equals(SCHEME)) {
      throw new InvalidConfigurationException(
          "unknown scheme "
              + ErrorText.of(uri.getScheme())
              + "; accepted is "
              + FORM
              + ", or "
              + FileUri.FORM);
    }
    // Not getHost(): the JDK knows none where there is more than one, or one with an underscore.
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw new InvalidConfigurationException(
          "no host, since '//' and a host don't follow '" + SCHEME + ":'; accepted is " + FORM);
    }
    if (uri.getRawFragment() != null) {
      throw new InvalidConfigurationException(
          "a fragment is refused; write %23 if the '#' belongs to a name; accepted is " + FORM);
    }
    return new ParsedUri(
        Servers.parse(authority),
        NamespacePath.parse(uri.getRawPath()),
        List.copyOf(SuppliedOption.inQuery(uri.getRawQuery())));
  }

  /** Returns true for a URI of {@link #FORM} with a path, whatever servers and query are. */
  static boolean isPlain(URI uri) {
    return SCHEME.equalsIgnoreCase(uri.getScheme())
        && uri.getRawAuthority() != null
        && uri.getRawFragment() == null
        && uri.getRawPath().length() > 1;
  }

  /**
   * Returns all that the URI gives, servers and namespace among them.
   *
   * @throws InvalidConfigurationException if these stand in the query
   */
  List<SuppliedOption> given() {
    List<SuppliedOption> given = new ArrayList<>();
    given.add(
        new SuppliedOption(
            new OptionName(Options.SERVERS, null), Servers.format(servers), "the URI"));
    if (!namespace.isEmpty()) {
      given.add(
          new SuppliedOption(
              new OptionName(Options.NAMESPACE, null), NamespacePath.format(namespace), "the URI"));
    }
    options.forEach(ParsedUri::requireFitForQuery);
    given.addAll(options);
    return given;
  }

  /**
   * Checks that an option may stand in the query.
   *
   * @throws InvalidConfigurationException if it has a place of its own in the URI
   */
  public static void requireFitForQuery(SuppliedOption given) {
    Option<?> option = given.name().option();
    if (option.equals(Options.SERVERS) || option.equals(Options.NAMESPACE)) {
      throw new InvalidConfigurationException(
          "option "
              + given.name()
              + " is refused in "
              + given.place()
              + ", because it stands before the '?'; accepted is "
              + FORM);
    }
  }

  /**
   * Returns as much of a URI as an error may show: no user info and no query, since either may hold
   * a password.
   */
  public static String shown(URI uri) {
    if (FileUri.isOne(uri)) {
      return "manager URI " + FileUri.shown(uri);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme() + ":";
    String authority = uri.getRawAuthority();
    boolean secret = authority == null || Servers.hasUserInfo(authority);
    String rest = secret ? "..." : "//" + authority + uri.getRawPath();
    return "manager URI " + ErrorText.of(scheme + rest);
  }
}
