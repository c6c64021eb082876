package org.memjcache.internal.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
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

  /** How a URI of servers is written, for errors. */
  public static final String FORM =
      SCHEME + "://host[:port][,host[:port]...]/application/tenant?option=value";

  /** How the location of a file is written, for errors. */
  public static final String FILE_FORM =
      "the location of a properties file (file:, jar: or classpath:)";

  static final String CLASSPATH = "classpath";

  private static final Set<String> FILE_SCHEMES = Set.of("file", "jar", CLASSPATH);

  /**
   * Takes a URI apart. Reads no file.
   *
   * @throws InvalidConfigurationException for anything but the two forms, and for a file on another
   *     machine
   */
  public static ParsedUri of(URI uri) {
    return isFile(uri) ? ofFile(uri) : ofServers(uri);
  }

  private static ParsedUri ofServers(URI uri) {
    if (uri.getScheme() == null) {
      throw new InvalidConfigurationException(
          "the scheme is missing; expected " + FORM + ", or " + FILE_FORM);
    }
    if (!uri.getScheme().toLowerCase(Locale.ROOT).equals(SCHEME)) {
      throw new InvalidConfigurationException(
          "unknown scheme "
              + ErrorText.of(uri.getScheme())
              + "; expected "
              + FORM
              + ", or "
              + FILE_FORM);
    }
    // Not getHost(): the JDK knows none where there is more than one, or one with an underscore.
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw new InvalidConfigurationException(
          "no host, since '//' and a host don't follow '" + SCHEME + ":'; expected " + FORM);
    }
    if (uri.getRawFragment() != null) {
      throw new InvalidConfigurationException(
          "a fragment is refused; write %23 if the '#' belongs to a name; expected " + FORM);
    }
    List<SuppliedOption> given = new ArrayList<>();
    given.add(inUri(Options.SERVERS, Servers.format(Servers.parse(authority))));
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
    return new SuppliedOption(new OptionName(option, null), text, "the URI");
  }

  private static ParsedUri ofFile(URI uri) {
    // By hand, because a jar: URI has no query, only a part that may contain one.
    String text = uri.toString();
    String fragment = uri.getRawFragment();
    String rest = fragment == null ? text : text.substring(0, text.indexOf('#'));
    int question = rest.indexOf('?');
    String location = question < 0 ? rest : rest.substring(0, question);
    URI file = file(location);
    requireLocal(location);
    List<SuppliedOption> given =
        SuppliedOption.inQuery(question < 0 ? null : rest.substring(question + 1));
    return new ParsedUri(
        file, fragment == null ? List.of() : NamespacePath.parseOption(fragment), given);
  }

  /** What is left of a URI without its options is none itself if they are all that it has. */
  private static URI file(String location) {
    try {
      return new URI(location);
    } catch (URISyntaxException e) {
      throw new InvalidConfigurationException(
          "nothing follows " + ErrorText.of(location) + "; expected " + FILE_FORM);
    }
  }

  /**
   * Returns the URI that a text stands for, checked but for the file itself.
   *
   * @throws InvalidConfigurationException if it is none of a manager; never repeats a password
   */
  public static URI parse(String text) {
    URI uri = uri(text);
    check(uri);
    return uri;
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException refused) {
      try {
        // Brackets among several servers are no URI to the JDK, their escapes are.
        return new URI(withEscapedBrackets(text));
      } catch (URISyntaxException e) {
        // Neither the exception nor its message may get out: both repeat the text.
        throw new InvalidConfigurationException(
            String.format(
                "not a URI: %s at index %d; expected %s with names percent-encoded, or %s",
                refused.getReason(), refused.getIndex(), FORM, FILE_FORM));
      }
    }
  }

  private static String withEscapedBrackets(String text) {
    String beginning = SCHEME + "://";
    if (!text.regionMatches(true, 0, beginning, 0, beginning.length())) {
      return text;
    }
    int end = beginning.length();
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return Servers.escapeBrackets(text.substring(0, end)) + text.substring(end);
  }

  /**
   * Checks a URI, all but the file itself.
   *
   * @throws InvalidConfigurationException as {@link #of} does, and for a wrong value of an option
   */
  private static void check(URI uri) {
    if (!isFile(uri)) {
      ManagerSettings.of(uri, null);
      return;
    }
    try {
      ResolvedOptions.of(of(uri).given(), List.of());
    } catch (InvalidConfigurationException e) {
      throw e.withPlace(shown(uri));
    }
  }

  /**
   * Returns a URI with names appended to its own; everything else stays as it is written.
   *
   * @throws InvalidConfigurationException as {@link #of} and {@link NamespacePath#checked} do
   */
  public static URI append(URI uri, List<String> more) {
    try {
      List<String> names = new ArrayList<>(of(uri).names());
      names.addAll(more);
      String path = NamespacePath.format(names);
      if (isFile(uri)) {
        String text = uri.toString().replaceFirst("#.*", "");
        return URI.create(names.isEmpty() ? text : text + "#" + path.substring(1));
      }
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path + query);
    } catch (InvalidConfigurationException e) {
      throw e.withPlace(shown(uri));
    }
  }

  /** Returns whether a URI is meant to be the location of a file. */
  static boolean isFile(URI uri) {
    return FILE_SCHEMES.contains(scheme(uri));
  }

  /** Returns whether this is a URI of {@link #FORM} with a path, whatever servers and query are. */
  static boolean isPlain(URI uri) {
    return SCHEME.equalsIgnoreCase(uri.getScheme())
        && uri.getRawAuthority() != null
        && uri.getRawFragment() == null
        && uri.getRawPath().length() > 1;
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
              + ", because it stands before the '?'; expected "
              + FORM);
    }
  }

  /**
   * Returns as much of a URI as an error may show: no user info and no query, since either may hold
   * a password.
   */
  public static String shown(URI uri) {
    if (isFile(uri)) {
      return "manager URI " + shownLocation(uri);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme() + ":";
    String authority = uri.getRawAuthority();
    boolean secret = authority == null || Servers.hasUserInfo(authority);
    String rest = secret ? "..." : "//" + authority + uri.getRawPath();
    return "manager URI " + ErrorText.of(scheme + rest);
  }

  /**
   * Returns the location in quotes, for errors: without options, which may hold a password, and
   * without user info, which belongs to other machines than this.
   */
  static String shownLocation(URI uri) {
    String location = uri.toString().replaceFirst("[?#].*", "");
    return ErrorText.of(location.replaceFirst("//[^/]*@", "//...@"));
  }

  private static void requireLocal(String location) {
    if (!isLocal(location)) {
      throw new InvalidConfigurationException(
          "the properties file is not on this machine; expected file:/path/name.properties,"
              + " jar:file:/path/name.jar!/name.properties or classpath:name.properties");
    }
  }

  /** Returns whether to open this asks no other machine; a jar may be in a jar. */
  private static boolean isLocal(String location) {
    int colon = location.indexOf(':');
    String rest = location.substring(colon + 1);
    return switch (location.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
      case "file" -> !rest.startsWith("//") || rest.startsWith("///"); // with a host it asks by FTP
      case "jar" -> isLocal(rest);
      case "nested", CLASSPATH -> true;
      default -> false;
    };
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }
}
