// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.TlsSettings;

/**
 * The files that the options of TLS name, read once: whom to trust, and who to be. Immutable.
 *
 * @param trust null for whom the JDK trusts
 * @param certificate null for nobody
 * @param key null if there is no certificate, or it is in a key store
 */
record TlsKeys(
    @Nullable CertificateFile trust,
    @Nullable CertificateFile certificate,
    @Nullable CertificateFile key) {

  private static final String TRUST = "tls.trust";
  private static final String CERTIFICATE = "tls.certificate";
  private static final String KEY = "tls.key";
  private static final char[] IN_MEMORY = {};

  /** Reads the files; throws an {@code InvalidConfigurationException} if one can't be read. */
  static TlsKeys read(TlsSettings settings) {
    return new TlsKeys(
        CertificateFile.read(TRUST, settings.trust()),
        CertificateFile.read(CERTIFICATE, settings.certificate()),
        CertificateFile.read(KEY, settings.key()));
  }

  boolean isSameAs(TlsKeys other) {
    return CertificateFile.same(trust, other.trust)
        && CertificateFile.same(certificate, other.certificate)
        && CertificateFile.same(key, other.key);
  }

  /** Makes a context; throws an {@code InvalidConfigurationException} if the files aren't right. */
  SSLContext context(TlsSettings settings) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(settings), new TrustManager[] {trustManager(settings)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw invalid("the options of TLS can't be used: %s", e.getMessage());
    }
  }

  // ------------------------------------------------------------------------------- whom to trust

  private TrustManager trustManager(TlsSettings settings) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trust == null ? null : authorities(trust, settings.trustPassword()));
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager x509) {
        return new ServerTrust(
            x509,
            trust == null
                ? "the authorities that this JDK trusts (option " + TRUST + ")"
                : "the authorities in the file of the option " + TRUST);
      }
    }
    throw new GeneralSecurityException("this JDK has no trust manager for X.509");
  }

  private static KeyStore authorities(CertificateFile file, @Nullable String password)
      throws GeneralSecurityException {
    if (!file.isPem()) {
      KeyStore store = file.keyStore(password);
      for (String alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)) {
          return store;
        }
      }
      throw file.unfit(
          "is a key store without a certificate of an authority"
              + (password == null ? ", or needs the option 'tls.trust.password'" : ""));
    }
    KeyStore store = empty();
    List<Certificate> certificates = file.certificates();
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("authority-" + i, certificates.get(i));
    }
    return store;
  }

  // --------------------------------------------------------------------------------- who to be

  private KeyManager @Nullable [] keyManagers(TlsSettings settings)
      throws GeneralSecurityException {
    if (certificate == null) {
      return null;
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    if (certificate.isPem()) {
      factory.init(pair(certificate), IN_MEMORY);
    } else {
      String password = settings.certificatePassword();
      KeyStore store = certificate.keyStore(password);
      requireKey(certificate, store);
      factory.init(store, password == null ? IN_MEMORY : password.toCharArray());
    }
    return factory.getKeyManagers();
  }

  private static void requireKey(CertificateFile file, KeyStore store)
      throws GeneralSecurityException {
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        return;
      }
    }
    throw file.unfit("is a key store without a private key");
  }

  private KeyStore pair(CertificateFile chain) throws GeneralSecurityException {
    if (key == null) {
      throw chain.unfit("is PEM, but the option '" + KEY + "' is not set; expected both");
    }
    List<Certificate> certificates = chain.certificates();
    PrivateKey secret = key.privateKey();
    if (!fits(secret, certificates.get(0))) {
      throw key.unfit("has another key than the first certificate of '" + CERTIFICATE + "'");
    }
    KeyStore store = empty();
    store.setKeyEntry("client", secret, IN_MEMORY, certificates.toArray(Certificate[]::new));
    return store;
  }

  /** Returns whether what the key signs is what the certificate verifies. */
  private static boolean fits(PrivateKey key, Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] sample = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // of another algorithm
    }
  }

  private static KeyStore empty() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(Objects.toString(e.getMessage()), e);
    }
    return store;
  }
}
