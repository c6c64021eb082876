// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How a memcached speaks TLS.
 *
 * @param certificate its certificate with those above it, as PEM
 * @param key its private key, as PEM
 * @param authority the certificate of who signed it, as PEM
 * @param clients whom it demands a certificate of its clients from; empty if it demands none
 */
public record ServerTls(Path certificate, Path key, Path authority, Optional<Clients> clients) {

  /**
   * Whom a server lets in.
   *
   * @param authority the certificate of who signs those of clients, as PEM
   * @param certificate a certificate of a client, as PEM, with which the test kit itself connects
   * @param key its private key, as PEM
   * @param keyStore both as PKCS#12
   * @param password of the key store
   */
  public record Clients(
      Path authority, Path certificate, Path key, Path keyStore, String password) {}

  /** {@return the command line arguments that memcached is to be given} */
  List<String> arguments() {
    List<String> words = new ArrayList<>();
    words.add("ssl_chain_cert=" + certificate);
    words.add("ssl_key=" + key);
    clients.ifPresent(
        demanded ->
            words.addAll(List.of("ssl_ca_cert=" + demanded.authority(), "ssl_verify_mode=2")));
    return List.of("-Z", "-o", String.join(",", words));
  }

  /**
   * {@return a connection over another one, which is closed with it} It trusts the server whatever
   * its certificate says.
   *
   * @param plain a connected socket
   * @param host the server's name
   * @param port the server's port
   * @throws IOException if the files of the client can't be read
   */
  public Socket over(Socket plain, String host, int port) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), new TrustManager[] {new Credulous()}, null);
      return context.getSocketFactory().createSocket(plain, host, port, true);
    } catch (GeneralSecurityException e) {
      throw new IOException("no connection by TLS: " + e.getMessage(), e);
    }
  }

  private KeyManager[] keys() throws GeneralSecurityException, IOException {
    if (clients.isEmpty()) {
      return new KeyManager[0];
    }
    char[] password = clients.get().password().toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(clients.get().keyStore())) {
      store.load(in, password);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  /** Trusts everybody: the test kit knows the server, as it has started it. */
  private static final class Credulous extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
