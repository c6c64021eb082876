package org.memjcache.internal.config;

import static java.util.stream.Collectors.joining;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * The servers of a cluster as text, {@code host[:port]} with {@code ,} or {@code ;} between them.
 *
 * <p>The hash ring goes by the servers' names, so their order means nothing: they are sorted, and
 * two spellings of one cluster give equal lists: host names in lower case, IPv6 addresses as RFC
 * 5952 writes them. No name is ever looked up.
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
  private static final String ACCEPTED = "expected " + FORM;

  private static final int LONGEST_NAME = 254;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*+\\.?");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]++");

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
          ipv6(server.substring(1, close)), port(server, server.substring(close + 1)));
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
        hostName(server.substring(0, hostEnd)), port(server, server.substring(hostEnd)));
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
            + "; expected ':' and a number from 1 to 65535 after"
            + " the host, or nothing for "
            + ServerAddress.DEFAULT_PORT);
  }

  /**
   * Returns the one spelling of a host name or IPv4 address.
   *
   * @throws InvalidConfigurationException if it has other characters than a host name may have
   */
  static String hostName(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() > LONGEST_NAME || !NAME.matcher(lower).matches()) {
      throw new InvalidConfigurationException(
          "bad host name "
              + ErrorText.of(text)
              + "; expected letters a-z, digits, '-', '_' and"
              + " single dots, an IPv4 address, or an IPv6 address in brackets such as [::1]");
    }
    return lower;
  }

  /**
   * Returns the one spelling of an IPv6 address given without its brackets; an address that stands
   * for an IPv4 address becomes that.
   *
   * @throws InvalidConfigurationException if it is no IPv6 address, or has a zone
   */
  static String ipv6(String text) {
    if (IPV6_CHARACTERS.matcher(text).matches()) {
      try {
        // In brackets, the JDK takes it for a literal and never asks a name server.
        InetAddress address = InetAddress.getByName("[" + text + "]");
        return address instanceof Inet6Address
            ? compressed(address.getAddress())
            : address.getHostAddress();
      } catch (UnknownHostException e) {
        // Refused below, with what is accepted.
      }
    }
    throw new InvalidConfigurationException(
        "bad IPv6 address "
            + ErrorText.of(text)
            + "; expected one such as [2001:db8::1],"
            + " in brackets and without a zone");
  }

  private static String compressed(byte[] address) {
    int[] groups = new int[8];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
    }
    int zerosStart = groups.length;
    int zerosLength = 1; // A single zero is not compressed.
    for (int start = 0; start < groups.length; start++) {
      int length = zerosFrom(groups, start);
      if (length > zerosLength) {
        zerosStart = start;
        zerosLength = length;
      }
    }
    if (zerosStart == groups.length) {
      return hex(groups, 0, groups.length);
    }
    return hex(groups, 0, zerosStart) + "::" + hex(groups, zerosStart + zerosLength, groups.length);
  }

  private static int zerosFrom(int[] groups, int start) {
    int end = start;
    while (end < groups.length && groups[end] == 0) {
      end++;
    }
    return end - start;
  }

  private static String hex(int[] groups, int start, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = start; i < end; i++) {
      text.append(i == start ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
