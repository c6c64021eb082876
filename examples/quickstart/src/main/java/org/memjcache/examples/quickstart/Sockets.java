// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes sockets to the servers of a URI, by TLS if it says so. */
final class Sockets {

  private static final String TRUST = "tls.trust=";

  private Sockets() {}

  static SocketFactory of(URI cluster) {
    if (!"memcacheds".equalsIgnoreCase(cluster.getScheme())) {
      return SocketFactory.getDefault();
    }
    String query = cluster.getQuery() == null ? "" : cluster.getQuery();
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(
          Stream.of(query.split("&"))
              .filter(option -> option.startsWith(TRUST))
              .findFirst()
              .map(option -> authorities(Path.of(option.substring(TRUST.length()))))
              .orElse(null));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No TLS", e);
    }
  }

  private static KeyStore authorities(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + store.size(), one);
      }
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No certificates in " + file, e);
    }
  }
}
