// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.authentication;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.binary.BinaryHeader;
import org.memjcache.internal.client.binary.BinaryProtocol;
import org.memjcache.internal.client.binary.BinaryResponse;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in by SASL's mechanism PLAIN, if the server has SASL, and asks for something that only those
 * get who are logged in.
 */
final class BinaryAuthentication extends Authentication {

  private static final Logger LOG = LoggerFactory.getLogger(BinaryAuthentication.class);

  private static final String PLAIN = "PLAIN";

  BinaryAuthentication(
      ServerChannel channel,
      long deadline,
      ServerAddress server,
      @Nullable Credentials credentials) {
    super(channel, deadline, server, credentials);
  }

  @Override
  public void exchange() throws IOException {
    try {
      converse();
    } catch (ProtocolException e) {
      hearOut();
      throw notMemcached(heard(), " (" + e.getMessage() + ")" + advice());
    }
  }

  private void converse() throws IOException {
    Credentials as = credentials();
    if (as != null) {
      logIn(as);
    }
    BinaryResponse noop = ask(BinaryHeader.NOOP, "", new byte[0]);
    if (noop.packet().status() == BinaryHeader.NOT_AUTHENTICATED) {
      throw nobodyConfigured("-S");
    }
    if (noop.packet().status() != BinaryHeader.SUCCESS) {
      throw notMemcached(noop.error(), "");
    }
  }

  @Override
  String question() {
    return "a sign of life";
  }

  @Override
  String advice() {
    return "; if it was started with -Y or -B ascii, set the option protocol=text";
  }

  private void logIn(Credentials as) throws IOException {
    BinaryResponse mechanisms = ask(BinaryHeader.SASL_MECHANISMS, "", new byte[0]);
    if (mechanisms.packet().status() == BinaryHeader.UNKNOWN_COMMAND) {
      LOG.warn(
          "memcached {} lets everybody in: it was started without the option -S. The password of"
              + " user '{}' was not sent to it.",
          server(),
          as.user());
      return;
    }
    String offered = printable(mechanisms.body(), mechanisms.body().length);
    if (!List.of(offered.split(" ")).contains(PLAIN)) {
      throw new RefusedAccessException(
          "it offers the SASL mechanisms '"
              + offered
              + "', and MemJCache knows PLAIN only; add it to the server's mech_list");
    }
    BinaryResponse verdict = ask(BinaryHeader.SASL_AUTHENTICATE, PLAIN, as.asPlainMessage());
    if (verdict.packet().status() != BinaryHeader.SUCCESS) {
      throw turnedDown(as, verdict.error());
    }
  }

  private BinaryResponse ask(int opcode, String key, byte[] value) throws IOException {
    send(BinaryProtocol.packet(opcode, key, value));
    return BinaryResponse.read(opcode, this::read);
  }
}
