// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.authentication;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the version; and logs in with what looks like a {@code set} of a token, as {@code
 * protocol.txt}, "Authentication", has it.
 */
final class TextAuthentication extends Authentication {

  private static final Logger LOG = LoggerFactory.getLogger(TextAuthentication.class);

  TextAuthentication(
      ServerChannel channel,
      long deadline,
      ServerAddress server,
      @Nullable Credentials credentials) {
    super(channel, deadline, server, credentials);
  }

  @Override
  public void exchange() throws IOException {
    RequestBuffer version = new RequestBuffer(16).text("version").endOfLine();
    String answer = ask(version);
    Credentials as = credentials();
    if (answer.startsWith("VERSION ")) {
      if (as != null) {
        LOG.warn(
            "memcached {} lets everybody in: it was started without the option -Y. The password of"
                + " user '{}' was not sent to it.",
            server(),
            as.user());
      }
      return;
    }
    if (!answer.equals("CLIENT_ERROR unauthenticated")) {
      throw notMemcached(
          answer,
          answer.equals("ERROR")
              ? "; if it is a proxy without this command, name the memcached behind it"
              : "");
    }
    if (as == null) {
      throw nobodyConfigured("-Y");
    }
    byte[] token = as.asToken();
    RequestBuffer login =
        new RequestBuffer(64).text("set login 0 0").number(token.length).endOfLine();
    String verdict = ask(login.value(token).endOfLine());
    if (!verdict.equals("STORED")) {
      throw turnedDown(as, verdict);
    }
  }

  @Override
  String question() {
    return "its version";
  }

  @Override
  String advice() {
    return "; if it was started with -S or -B binary, set the option protocol=binary";
  }

  private String ask(RequestBuffer question) throws IOException {
    send(question.toByteArray());
    byte[] line = new byte[LONGEST_ANSWER];
    int length = 0;
    int next = 0;
    while (length < line.length && next != '\n') {
      next = read();
      line[length++] = (byte) next;
    }
    return printable(line, length);
  }
}
