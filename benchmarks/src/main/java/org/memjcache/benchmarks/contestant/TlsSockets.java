// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

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
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Sockets over TLS, by the JDK. */
final class TlsSockets {

  private static final String TRUST = "tls.trust=";

  private TlsSockets() {}

  /** Returns what opens sockets to the server of a URI, whose {@code tls.trust} it trusts. */
  static SocketFactory trusting(URI uri) {
    Path trusted = Path.of(uri.getQuery().split(TRUST, 2)[1].split("&", 2)[0]);
    try (InputStream in = Files.newInputStream(trusted)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + store.size(), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No TLS", e);
    }
  }
}
