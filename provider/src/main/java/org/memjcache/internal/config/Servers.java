// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.util.stream.Collectors.joining;
import static org.memjcache.internal.text.ErrorText.invalid;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.DiscoverySettings.Kind;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.text.DidYouMean;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * The servers of a cluster as text: {@code host[:port]} with {@code ,} or {@code ;} between them,
 * or the service that is asked for them.
 *
 * <p>The hash ring goes by the servers' names, so their order means nothing: they are sorted, and
 * two spellings of one cluster give equal lists: host names in lower case, IPv6 addresses as RFC
 * 5952 writes them. No name is ever looked up. Immutable.
 *
 * @param kind how the service is asked; null if this is a list of servers
 * @param addresses the servers, sorted; or the service alone
 */
public record Servers(@Nullable Kind kind, List<ServerAddress> addresses) {
  private static final List<String> PREFIXES = Stream.of(Kind.values()).map(Kind::prefix).toList();

  /** How servers are written in a list, for errors. */
  private static final String LIST_FORM =
      "host[:port][,host[:port]...], an IPv6 address in brackets, port "
          + ServerAddress.DEFAULT_PORT
          + " if none is given";

  /** How servers are written, for errors and documentation. */
  static final String FORM =
      LIST_FORM
          + "; or "
          + PREFIXES.stream().map(prefix -> prefix + "host[:port]").collect(joining(" or "));

  static final OptionFormat<Servers> FORMAT =
      new OptionFormat<>(FORM, text -> Optional.of(parse(text)));

  /** A word before a service. What follows a host is a port, and no host is nothing but digits. */
  private static final Pattern SERVICE =
      Pattern.compile("(?<kind>[A-Za-z]{2,}:)(?<service>.*[^0-9:].*)");

  private static final Pattern COLON_AND_PORT = Pattern.compile("[^:]*:[0-9]*");

  private static final Pattern SEPARATOR = Pattern.compile("[,;]");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}");
  private static final int LONGEST_NAME = 254;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*+\\.?");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]++");

  /**
   * Returns the servers that the text names. Escapes are decoded after splitting: {@link
   * java.net.URI} accepts the brackets of IPv6 addresses next to other hosts only as {@code %5B}
   * and {@code %5D}.
   */
  public static Servers parse(String text) {
    if (hasUserInfo(text)) {
      throw invalid(
          "user info ('user:password@') before a host is refused, since the servers of a manager"
              + " are logged and shown by JMX; expected %s",
          FORM);
    }
    String[] parts = SEPARATOR.split(text, -1);
    SortedSet<ServerAddress> servers = new TreeSet<>(ServerAddress.BY_NAME);
    for (String part : parts) {
      String server = PercentCoding.decode(part.strip());
      Matcher service = SERVICE.matcher(server);
      Kind kind = service.matches() ? kind(service) : null;
      if (kind != null) {
        if (parts.length > 1) {
          throw invalid(
              "%s stands among servers; expected nothing else, as it names them all",
              ErrorText.of(server));
        }
        return new Servers(kind, List.of(parseOne(service.group("service"))));
      }
      if (!servers.add(parseOne(server))) {
        throw invalid(
            "server %s is named twice; name each server once", ErrorText.of(part.strip()));
      }
    }
    return new Servers(null, List.copyOf(servers));
  }

  /** Returns how a service is asked; null if this may be meant to be a host with its port. */
  private static @Nullable Kind kind(Matcher service) {
    String given = service.group("kind").toLowerCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (kind.prefix().equals(given)) {
        return kind;
      }
    }
    if (COLON_AND_PORT.matcher(service.group("service")).matches()) {
      throw invalid(
          "unknown %s before the host in %s; %sexpected %s, or no word before the hosts of a list",
          ErrorText.of(given),
          ErrorText.of(service.group()),
          DidYouMean.of(given, PREFIXES).map(near -> "did you mean '" + near + "'? ").orElse(""),
          String.join(" or ", PREFIXES));
    }
    return null;
  }

  /** Returns whether the text of an authority may contain a user name or password. */
  static boolean hasUserInfo(String text) {
    return text.contains("@") || text.contains("%40");
  }

  /**
   * Returns the one spelling of the servers for a URI: each with its port, and {@code ;} between
   * them because a {@code ,} would break the JMX names that monitoring libraries make of a URI.
   */
  @Override
  public String toString() {
    String text = addresses.stream().map(ServerAddress::toString).collect(joining(";"));
    return kind != null
        ? kind.prefix() + escapeBrackets(text)
        : addresses.size() > 1 ? escapeBrackets(text) : text;
  }

  /** Returns the text with the brackets of IPv6 addresses as {@link java.net.URI} accepts them. */
  static String escapeBrackets(String text) {
    return text.replace("[", "%5B").replace("]", "%5D");
  }

  private static ServerAddress parseOne(String server) {
    if (server.isEmpty()) {
      throw invalid("a host is missing or empty; expected %s", FORM);
    }
    if (server.charAt(0) == '[') {
      int close = server.indexOf(']');
      if (close < 0) {
        throw invalid(
            "no ']' ends the IPv6 address in %s; expected %s", ErrorText.of(server), FORM);
      }
      return new ServerAddress(ipv6(server.substring(1, close)), port(server, close + 1));
    }
    int colon = server.indexOf(':');
    if (colon != server.lastIndexOf(':')) {
      throw invalid("more than one ':' in %s; expected %s", ErrorText.of(server), FORM);
    }
    if (colon == 0) {
      throw invalid("no host before the port in %s; expected %s", ErrorText.of(server), FORM);
    }
    int hostEnd = colon < 0 ? server.length() : colon;
    return new ServerAddress(hostName(server.substring(0, hostEnd)), port(server, hostEnd));
  }

  private static int port(String server, int hostEnd) {
    if (hostEnd == server.length()) {
      return ServerAddress.DEFAULT_PORT;
    }
    String afterHost = server.substring(hostEnd);
    int port = PORT.matcher(afterHost).matches() ? Integer.parseInt(afterHost.substring(1)) : 0;
    if (port < 1 || port > 65535) {
      throw invalid(
          "bad port in %s; expected ':' and a number from 1 to 65535 after the host, or nothing for"
              + " %s; or %s before the host",
          ErrorText.of(server), ServerAddress.DEFAULT_PORT, String.join(" or ", PREFIXES));
    }
    return port;
  }

  /** Returns the one spelling of a host name or IPv4 address. */
  static String hostName(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() > LONGEST_NAME || !NAME.matcher(lower).matches()) {
      throw invalid(
          "bad host name %s; expected letters a-z, digits, '-', '_' and single dots, an IPv4"
              + " address, or an IPv6 address in brackets such as [::1]",
          ErrorText.of(text));
    }
    return lower;
  }

  /** Returns the one spelling of an IPv6 address; one that stands for IPv4 becomes that. */
  static String ipv6(String text) {
    try {
      if (IPV6_CHARACTERS.matcher(text).matches()) {
        // In brackets, the JDK takes it for a literal and never asks a name server.
        InetAddress address = InetAddress.getByName("[" + text + "]");
        return ServerAddress.of(address, ServerAddress.DEFAULT_PORT).host();
      }
    } catch (UnknownHostException e) {
      // Refused below, with what is accepted.
    }
    throw invalid(
        "bad IPv6 address %s; expected one such as [2001:db8::1], in brackets and without a zone",
        ErrorText.of(text));
  }
}
