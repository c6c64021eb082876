package org.memjcache.internal.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * One spelling for each host, because the hash ring goes by the server's name: names in lower case,
 * IPv6 addresses as RFC 5952 writes them, without brackets. No name is ever looked up.
 */
final class HostNames {
  private static final int LONGEST_NAME = 254;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*+\\.?");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]++");

  private HostNames() {}

  /**
   * Returns the one spelling of a host name or IPv4 address.
   *
   * @throws InvalidConfigurationException if it has other characters than a host name may have
   */
  static String name(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() > LONGEST_NAME || !NAME.matcher(lower).matches()) {
      throw new InvalidConfigurationException(
          "bad host name "
              + ErrorText.of(text)
              + "; accepted are letters a-z, digits, '-', '_' and"
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
            + "; accepted is one such as [2001:db8::1],"
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
