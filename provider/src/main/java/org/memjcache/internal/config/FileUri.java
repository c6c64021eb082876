package org.memjcache.internal.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * A manager's URI that is the location of a properties file: {@code file:}, {@code jar:} or {@code
 * classpath:}. What follows a {@code ?} are options, as in the other form of URI; what follows a
 * {@code #} are names, appended to the namespace that the file gives, so that one file serves many
 * tenants. Immutable.
 *
 * @param location where the file is, without options and names
 * @param options in the order of the query, their values not yet checked
 * @param names the names, outermost first
 */
public record FileUri(URI location, List<SuppliedOption> options, List<String> names) {

  /** How such a URI is written, for errors. */
  public static final String FORM = "the location of a properties file (file:, jar: or classpath:)";

  static final String CLASSPATH = "classpath";

  private static final Set<String> SCHEMES = Set.of("file", "jar", CLASSPATH);

  /** Returns whether a URI is meant to be the location of a file. */
  public static boolean isOne(URI uri) {
    return SCHEMES.contains(scheme(uri));
  }

  /**
   * Takes a URI apart. Reads nothing.
   *
   * @throws InvalidConfigurationException for a file on another machine, and for names that are not
   *     accepted
   */
  public static FileUri of(URI uri) {
    // By hand, because a jar: URI has no query, only a part that may contain one.
    String text = uri.toString();
    String fragment = uri.getRawFragment();
    String rest = fragment == null ? text : text.substring(0, text.indexOf('#'));
    int question = rest.indexOf('?');
    String location = question < 0 ? rest : rest.substring(0, question);
    URI file = file(location);
    requireLocal(location);
    return new FileUri(
        file,
        SuppliedOption.inQuery(question < 0 ? null : rest.substring(question + 1)),
        fragment == null ? List.of() : NamespacePath.parseOption(fragment));
  }

  /** What is left of a URI without its options is none itself if they are all that it has. */
  private static URI file(String location) {
    try {
      return new URI(location);
    } catch (URISyntaxException e) {
      throw new InvalidConfigurationException(
          "nothing follows " + ErrorText.of(location) + "; accepted is " + FORM);
    }
  }

  /**
   * Checks a URI, all but the file itself.
   *
   * @throws InvalidConfigurationException as {@link #of} does, and for a wrong value of an option
   */
  public static void check(URI uri) {
    try {
      ResolvedOptions.of(of(uri).options(), List.of());
    } catch (InvalidConfigurationException e) {
      throw e.in(ParsedUri.shown(uri));
    }
  }

  /**
   * Returns the URI with other names.
   *
   * @throws InvalidConfigurationException as {@link NamespacePath#checked} does
   */
  public static URI withNames(URI uri, List<String> names) {
    String text = uri.toString().replaceFirst("#.*", "");
    return URI.create(
        names.isEmpty() ? text : text + "#" + NamespacePath.format(names).substring(1));
  }

  /**
   * Returns the location in quotes, for errors: without options, which may hold a password, and
   * without user info, which belongs to other machines than this.
   */
  static String shown(URI uri) {
    String location = uri.toString().replaceFirst("[?#].*", "");
    return ErrorText.of(location.replaceFirst("//[^/]*@", "//...@"));
  }

  private static void requireLocal(String location) {
    if (!isLocal(location)) {
      throw new InvalidConfigurationException(
          "the properties file is not on this machine; accepted is file:/path/name.properties,"
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
