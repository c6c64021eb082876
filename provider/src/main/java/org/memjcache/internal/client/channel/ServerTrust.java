// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.ErrorText;

/**
 * Trusts whom the JDK's trust manager trusts, and says in plain words why it doesn't trust
 * somebody. Thread-safe.
 */
final class ServerTrust extends X509ExtendedTrustManager {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final int MOST_NAMES = 10;

  private final X509ExtendedTrustManager jdk;
  private final String authorities;

  /**
   * Creates it.
   *
   * @param authorities what says whom to trust, for errors
   */
  ServerTrust(X509ExtendedTrustManager jdk, String authorities) {
    this.jdk = jdk;
    this.authorities = authorities;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      jdk.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw new CertificateException(explanation(chain, type, engine.getPeerHost(), e), e);
    }
  }

  private String explanation(
      X509Certificate[] chain, String type, @Nullable String host, CertificateException e) {
    for (X509Certificate one : chain) {
      try {
        one.checkValidity();
      } catch (CertificateException outside) {
        return "the certificate of "
            + subject(one)
            + " is valid from "
            + one.getNotBefore().toInstant()
            + " to "
            + one.getNotAfter().toInstant()
            + " only; renew it on the server, or set the clock of this machine";
      }
    }
    try {
      jdk.checkServerTrusted(chain, type);
    } catch (CertificateException untrusted) {
      return "its certificate of "
          + subject(chain[0])
          + " was issued by "
          + ErrorText.of(chain[0].getIssuerX500Principal().getName())
          + ", and leads to none of "
          + authorities
          + " ("
          + ErrorText.message(String.valueOf(untrusted.getMessage()))
          + ")";
    }
    return "its certificate is for "
        + names(chain[0])
        + ", not for "
        + ErrorText.of(String.valueOf(host))
        + "; name the server so in the option servers, or set tls.verify=chain to trust any server"
        + " that has a certificate of "
        + authorities
        + " ("
        + ErrorText.message(String.valueOf(e.getMessage()))
        + ")";
  }

  private static String subject(X509Certificate certificate) {
    return ErrorText.of(certificate.getSubjectX500Principal().getName());
  }

  private static String names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
        if (alternative.get(0).equals(DNS_NAME) || alternative.get(0).equals(IP_ADDRESS)) {
          names.add(ErrorText.of(String.valueOf(alternative.get(1))));
        }
      }
    } catch (CertificateParsingException e) {
      names.clear();
    }
    if (names.isEmpty()) {
      return subject(certificate);
    }
    return names.size() <= MOST_NAMES
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMES)) + " and others";
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    jdk.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    jdk.checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    jdk.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    jdk.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    jdk.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return jdk.getAcceptedIssuers();
  }
}
