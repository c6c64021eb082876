// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.memjcache.testkit.server.Login;
import org.memjcache.testkit.server.ServerTls;

/** Logs in by SASL, as the binary protocol has it, to see whether a server is up. */
final class SaslLogin {

  private static final int HEADER = 24;
  private static final String MECHANISM = "PLAIN";

  private SaslLogin() {}

  /**
   * Logs in on a connection of its own.
   *
   * @throws IOException if the server is away, silent, or doesn't let the user in
   */
  static void check(String host, int port, Login login, Duration timeout, Optional<ServerTls> tls)
      throws IOException {
    int millis = Math.toIntExact(timeout.toMillis());
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(millis);
      plain.connect(new InetSocketAddress(host, port), millis);
      Socket socket = tls.isPresent() ? tls.get().over(plain, host, port) : plain;
      socket.getOutputStream().write(request(login));
      byte[] answer = new byte[HEADER];
      new DataInputStream(socket.getInputStream()).readFully(answer);
      int status = ByteBuffer.wrap(answer).getShort(6);
      if (status != 0) {
        throw new IOException("expected status 0 to the login, got: " + status);
      }
    }
  }

  private static byte[] request(Login login) {
    byte[] message = ('\0' + login.user() + '\0' + login.password()).getBytes(UTF_8);
    int body = MECHANISM.length() + message.length;
    return ByteBuffer.allocate(HEADER + body)
        .put((byte) 0x80)
        .put((byte) 0x21)
        .putShort((short) MECHANISM.length())
        .putInt(0)
        .putInt(body)
        .putInt(0)
        .putLong(0)
        .put(MECHANISM.getBytes(UTF_8))
        .put(message)
        .array();
  }
}
