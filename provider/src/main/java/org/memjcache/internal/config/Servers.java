package org.memjcache.internal.config;

import static java.util.stream.Collectors.joining;

import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * The servers of a cluster as text, {@code host[:port]} with {@code ,} or {@code ;} between them.
 *
 * <p>The hash ring goes by the servers' names, so their order means nothing: they are sorted, and
 * two spellings of one cluster give equal lists.
 */
public final class Servers {
  private static final Comparator<ServerAddress> BY_NAME =
      Comparator.comparing(ServerAddress::host).thenComparingInt(ServerAddress::port);

  /** How servers are written, for errors and documentation. */
  static final String FORM =
      "host[:port][,host[:port]...], an IPv6 address in brackets, port "
          + ServerAddress.DEFAULT_PORT
          + " if none is given";

  private static final Pattern SEPARATOR = Pattern.compile("[,;]");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}");
  private static final String ACCEPTED = "accepted is " + FORM;

  private Servers() {}

  /**
   * Returns the servers that the text names, sorted. Escapes are decoded after splitting: {@link
   * java.net.URI} accepts the brackets of IPv6 addresses next to other hosts only as {@code %5B}
   * and {@code %5D}.
   *
   * @throws InvalidConfigurationException for a server that is empty, malformed or named twice, and
   *     for user info, which the text doesn't repeat
   */
  public static List<ServerAddress> parse(String text) {
    if (hasUserInfo(text)) {
      throw new InvalidConfigurationException(
          "user info ('user:password@') before a host is refused, since the servers of a manager"
              + " are logged and shown by JMX; "
              + ACCEPTED);
    }
    SortedSet<ServerAddress> servers = new TreeSet<>(BY_NAME);
    for (String server : SEPARATOR.split(text, -1)) {
      if (!servers.add(parseOne(PercentCoding.decode(server.strip())))) {
        throw new InvalidConfigurationException(
            "server " + ErrorText.of(server.strip()) + " is named twice; name each server once");
      }
    }
    return List.copyOf(servers);
  }

  /** Returns whether the text of an authority may contain a user name or password. */
  static boolean hasUserInfo(String text) {
    return text.contains("@") || text.contains("%40");
  }

  /**
   * Returns the one spelling of the servers for a URI: in the order given, each with its port, and
   * {@code ;} between them because a {@code ,} would break the JMX names that monitoring libraries
   * make of a URI.
   */
  public static String format(List<ServerAddress> servers) {
    String text = servers.stream().map(ServerAddress::toString).collect(joining(";"));
    return servers.size() > 1 ? escapeBrackets(text) : text;
  }

  /** Returns the text with the brackets of IPv6 addresses as {@link java.net.URI} accepts them. */
  public static String escapeBrackets(String text) {
    return text.replace("[", "%5B").replace("]", "%5D");
  }

  private static ServerAddress parseOne(String server) {
    if (server.isEmpty()) {
      throw new InvalidConfigurationException("a host is missing or empty; " + ACCEPTED);
    }
    if (server.charAt(0) == '[') {
      int close = server.indexOf(']');
      if (close < 0) {
        throw new InvalidConfigurationException(
            "no ']' ends the IPv6 address in " + ErrorText.of(server) + "; " + ACCEPTED);
      }
      return new ServerAddress(
          HostNames.ipv6(server.substring(1, close)), port(server, server.substring(close + 1)));
    }
    int colon = server.indexOf(':');
    if (colon != server.lastIndexOf(':')) {
      throw new InvalidConfigurationException(
          "more than one ':' in " + ErrorText.of(server) + "; " + ACCEPTED);
    }
    int hostEnd = colon < 0 ? server.length() : colon;
    if (hostEnd == 0) {
      throw new InvalidConfigurationException(
          "no host before the port in " + ErrorText.of(server) + "; " + ACCEPTED);
    }
    return new ServerAddress(
        HostNames.name(server.substring(0, hostEnd)), port(server, server.substring(hostEnd)));
  }

  private static int port(String server, String afterHost) {
    if (afterHost.isEmpty()) {
      return ServerAddress.DEFAULT_PORT;
    }
    if (PORT.matcher(afterHost).matches()) {
      int port = Integer.parseInt(afterHost.substring(1));
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    throw new InvalidConfigurationException(
        "bad port in "
            + ErrorText.of(server)
            + "; accepted is ':' and a number from 1 to 65535 after"
            + " the host, or nothing for "
            + ServerAddress.DEFAULT_PORT);
  }
}
