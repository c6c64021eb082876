// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * How a server of the test kit's own speaks TLS. Thread safe.
 *
 * @param keyStore its certificate and key, as PKCS#12
 * @param password of the store
 */
public record EndpointTls(Path keyStore, String password) {

  /**
   * {@return the socket that speaks TLS as a server over another one}
   *
   * @param socket a connection that was accepted
   * @throws IOException if it can't be
   */
  public Socket over(Socket socket) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      SSLSocket over =
          (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
      over.setUseClientMode(false);
      return over;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
