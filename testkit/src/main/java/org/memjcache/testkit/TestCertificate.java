// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.memjcache.testkit.tls.CertificateFolder;

/**
 * A certificate with its private key, as files, issued by a {@link TestAuthority}.
 *
 * <p>Thread safe.
 */
public final class TestCertificate {

  /** The password of {@link #keyStore()}. */
  public static final String PASSWORD = "memjcache";

  private final Path certificate;
  private final Path key;
  private final Path keyStore;
  private final Path authority;

  private TestCertificate(Path certificate, Path key, Path keyStore, Path authority) {
    this.certificate = certificate;
    this.key = key;
    this.keyStore = keyStore;
    this.authority = authority;
  }

  static TestCertificate write(
      CertificateFolder folder,
      int number,
      List<X509Certificate> chain,
      PrivateKey key,
      Path authority) {
    return new TestCertificate(
        folder.writeCertificates("certificate-%d.pem".formatted(number), chain),
        folder.writeKey("key-%d.pem".formatted(number), key),
        folder.writeKeyStore("store-%d.p12".formatted(number), key, chain, PASSWORD),
        authority);
  }

  /** {@return a file with the certificate and that of its authority, as PEM} */
  public Path certificate() {
    return certificate;
  }

  /** {@return a file with its private key, as PEM (PKCS#8)} */
  public Path key() {
    return key;
  }

  /** {@return a file with key and certificates, as PKCS#12} Its password is {@link #PASSWORD}. */
  public Path keyStore() {
    return keyStore;
  }

  /** {@return a file with the certificate of the authority that issued this one, as PEM} */
  public Path authority() {
    return authority;
  }

  /**
   * Puts another certificate and key into the files of this one, as renewing them does.
   *
   * @param other what to copy
   */
  public void replaceBy(TestCertificate other) {
    CertificateFolder.replace(key, other.key);
    CertificateFolder.replace(certificate, other.certificate);
    CertificateFolder.replace(keyStore, other.keyStore);
  }

  @Override
  public String toString() {
    return certificate.toString();
  }
}
