// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lines with which a server, or a proxy before it, says that a request failed ({@code
 * protocol.txt}, "Error strings"). Stateless.
 *
 * <p>Where such a line stands in the answer to a {@code get} of several keys is not in the
 * protocol. Memcached, twemproxy and mcrouter end the answer with it. Memcached's own proxy asks
 * for each key alone, so that a line may take the place of each value, and ends the answer with
 * {@code END} all the same; to a {@code get} of one key it says nothing but the line. So the text
 * decides. One that neither is known to say could be either, and then the next line would be
 * somebody else's answer or not.
 */
public final class ErrorLine {

  private static final byte[] ERROR = ResponseLines.ascii("ERROR");
  private static final byte[] CLIENT_ERROR = ResponseLines.ascii("CLIENT_ERROR");
  private static final byte[] SERVER_ERROR = ResponseLines.ascii("SERVER_ERROR");
  private static final String BACKEND = "SERVER_ERROR backend";
  private static final String BUSY = "SERVER_ERROR active request limit reached";

  /** What memcached's proxy says of a key (proto_proxy.c of 1.6.45). */
  private static final List<byte[]> OF_ONE_KEY =
      List.of(
          ResponseLines.ascii("SERVER_ERROR backend failure"),
          ResponseLines.ascii(BUSY),
          ResponseLines.ascii("SERVER_ERROR lua start failure"),
          ResponseLines.ascii("SERVER_ERROR lua failure"),
          ResponseLines.ascii("SERVER_ERROR bad response"),
          ResponseLines.ascii("SERVER_ERROR bad request"));

  /**
   * What twemproxy 0.5 says: the text of an {@code errno}, of glibc or musl, or "unknown". Its
   * "Invalid argument" stands for whatever error a server answered, too.
   */
  private static final List<String> OF_TWEMPROXY =
      List.of(
          "Connection refused",
          "Connection reset by peer",
          "Connection timed out",
          "Operation timed out",
          "Host is down",
          "Host is unreachable",
          "No route to host",
          "Network is down",
          "Network is unreachable",
          "Network unreachable",
          "Broken pipe",
          "Invalid argument",
          "Operation not permitted",
          "unknown");

  /** What mcrouter says (AsciiSerialized.cpp). */
  private static final List<String> OF_MCROUTER =
      List.of(
          "timeout",
          "connection timeout",
          "connection error",
          "unavailable",
          "request deadline exceeded",
          "aborted",
          "local error",
          "remote error",
          "overloaded",
          "301 shutdown",
          "302 try again",
          "307 busy");

  private static final Set<String> WHOLE_AND_AWAY = serverErrors(OF_TWEMPROXY, OF_MCROUTER);

  private ErrorLine() {}

  private static Set<String> serverErrors(List<String> texts, List<String> more) {
    return Stream.concat(texts.stream(), more.stream())
        .map(text -> "SERVER_ERROR " + text)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Checks that a line is one of these.
   *
   * @param end the position of the line's LF
   * @throws ProtocolException if it isn't
   */
  static void require(ByteBuffer in, int end) {
    if (!ResponseLines.startsWith(in, end, ERROR)
        && !ResponseLines.startsWith(in, end, CLIENT_ERROR)
        && !isOfServer(in, end)) {
      throw new ProtocolException(ResponseLines.excerpt(in, end));
    }
  }

  /** Returns whether a line is one of these. */
  public static boolean is(String line) {
    return line.startsWith("ERROR")
        || line.startsWith("CLIENT_ERROR")
        || line.startsWith("SERVER_ERROR");
  }

  /** Returns whether a server reports an error of its own, after it has read the whole request. */
  static boolean isOfServer(ByteBuffer in, int end) {
    return ResponseLines.startsWith(in, end, SERVER_ERROR);
  }

  /**
   * Returns whether a line in the answer to a {@code get} of several keys is about one of them, and
   * the answer goes on.
   *
   * @throws ProtocolException if it is an error of which that isn't known
   */
  static boolean isOfOneKey(ByteBuffer in, int end) {
    if (!isOfServer(in, end)) {
      return false;
    }
    for (byte[] text : OF_ONE_KEY) {
      if (ResponseLines.is(in, end, text)) {
        return true;
      }
    }
    String line = ResponseLines.line(in, end);
    if (WHOLE_AND_AWAY.contains(line)) {
      return false;
    }
    throw new ProtocolException(
        "an error of which nobody knows whether more comes for other keys: '" + line + "'");
  }

  /** Returns whether a proxy says that the server behind it does not answer. */
  public static boolean meansAway(String line) {
    return line.startsWith(BACKEND) || line.equals(BUSY) || WHOLE_AND_AWAY.contains(line);
  }

  /** Returns which of two error lines to report: one that is no excuse before one that is. */
  static String graver(@Nullable String line, String other) {
    return line == null || meansAway(line) ? other : line;
  }
}
