package org.memjcache.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in by SASL's mechanism PLAIN, if the server has SASL, and asks for something that only those
 * get who are logged in.
 */
final class BinaryGreeting extends Greeting {

  private static final Logger LOG = LoggerFactory.getLogger(BinaryGreeting.class);

  private static final String PLAIN = "PLAIN";

  BinaryGreeting(ServerAddress server, @Nullable Credentials credentials) {
    super(server, credentials);
  }

  @Override
  void exchange(Socket socket) throws IOException {
    try {
      converse(socket);
    } catch (ProtocolException e) {
      throw notMemcached(e.getMessage() + advice());
    }
  }

  private void converse(Socket socket) throws IOException {
    Credentials as = credentials();
    if (as != null) {
      logIn(socket, as);
    }
    BinaryAnswer noop = ask(socket, BinaryPacket.NOOP, "", new byte[0]);
    if (noop.packet().status() == BinaryPacket.NOT_AUTHENTICATED) {
      throw nobodyConfigured("-S");
    }
    if (noop.packet().status() != BinaryPacket.SUCCESS) {
      throw notMemcached(noop.error());
    }
  }

  @Override
  String advice() {
    return "; if it was started with -Y or -B ascii, set the option protocol=text";
  }

  private void logIn(Socket socket, Credentials as) throws IOException {
    BinaryAnswer mechanisms = ask(socket, BinaryPacket.SASL_MECHANISMS, "", new byte[0]);
    if (mechanisms.packet().status() == BinaryPacket.UNKNOWN_COMMAND) {
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
    BinaryAnswer verdict = ask(socket, BinaryPacket.SASL_AUTHENTICATE, PLAIN, as.asPlainMessage());
    if (verdict.packet().status() != BinaryPacket.SUCCESS) {
      throw turnedDown(as, verdict.error());
    }
  }

  private BinaryAnswer ask(Socket socket, int opcode, String key, byte[] value) throws IOException {
    Outgoing question = new Outgoing(BinaryPacket.HEADER + key.length() + value.length);
    BinaryPacket.header(question, opcode, 0, key.length(), value.length, 0, 0);
    socket.getOutputStream().write(question.text(key).value(value).toByteArray());
    InputStream in = socket.getInputStream();
    return BinaryAnswer.read(opcode, () -> read(in));
  }
}
