// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.x500.X500Principal;
import org.memjcache.testkit.tls.CertificateFolder;
import org.memjcache.testkit.tls.CertificateWriter;
import org.memjcache.testkit.tls.CertificateWriter.Contents;

/**
 * Issues certificates for tests of TLS, and has one itself that a client can be told to trust.
 *
 * <pre>{@code
 * TestAuthority authority = TestAuthority.create("our own");
 * TestCertificate certificate = authority.issue("cache.example", "cache.example", "127.0.0.1");
 * MemcachedServer server = MemcachedServer.builder().tls(certificate).start();
 * }</pre>
 *
 * <p>All files are in folders of their own, which are removed when this JVM ends. They can be read
 * by everybody on this machine, private keys included: never use them for anything but tests.
 *
 * <p>Thread safe.
 */
public final class TestAuthority {

  private static final Duration VALID = Duration.ofDays(365);
  private static final Duration CLOCK_DIFFERENCE = Duration.ofDays(1);

  private final X500Principal name;
  private final KeyPair keys = CertificateWriter.newKeys();
  private final X509Certificate self;
  private final Path certificate;
  private final CertificateFolder folder = CertificateFolder.create();
  private final AtomicInteger issued = new AtomicInteger();

  private TestAuthority(String commonName) {
    this.name = new X500Principal("CN=" + commonName);
    Instant now = Instant.now();
    Contents contents =
        new Contents(name, true, now.minus(VALID), now.plus(VALID).plus(VALID), List.of());
    this.self = CertificateWriter.write(contents, keys.getPublic(), name, keys.getPrivate());
    this.certificate = folder.writeCertificates("authority.pem", List.of(self));
  }

  /** {@return the one that issues what {@link MemcachedOptions#tls()} needs, the same in a JVM} */
  public static TestAuthority shared() {
    return Shared.AUTHORITY;
  }

  /**
   * Creates an authority that nobody trusts yet.
   *
   * @param commonName its name in certificates, of letters, digits and blanks
   * @return the authority
   * @throws IllegalArgumentException if that is no name
   */
  public static TestAuthority create(String commonName) {
    return new TestAuthority(commonName);
  }

  /** {@return a file with its certificate, as PEM: what a client has to trust} */
  public Path certificate() {
    return certificate;
  }

  /**
   * Issues a certificate that is valid from yesterday on and for a year.
   *
   * @param commonName the name of its subject, of letters, digits, dots and blanks
   * @param names the host names and IP addresses it is for; none for a client
   * @return the certificate with its key
   */
  public TestCertificate issue(String commonName, String... names) {
    Instant now = Instant.now();
    return issue(now.minus(CLOCK_DIFFERENCE), now.plus(VALID), commonName, names);
  }

  /**
   * Issues a certificate for a time.
   *
   * @param from when it begins to be valid
   * @param until when it expires, before the year 2050
   * @param commonName the name of its subject, of letters, digits, dots and blanks
   * @param names the host names and IP addresses it is for; none for a client
   * @return the certificate with its key
   */
  public TestCertificate issue(Instant from, Instant until, String commonName, String... names) {
    KeyPair subject = CertificateWriter.newKeys();
    Contents contents =
        new Contents(new X500Principal("CN=" + commonName), false, from, until, List.of(names));
    X509Certificate signed =
        CertificateWriter.write(contents, subject.getPublic(), name, keys.getPrivate());
    return TestCertificate.write(
        folder, issued.incrementAndGet(), List.of(signed, self), subject.getPrivate(), certificate);
  }

  @Override
  public String toString() {
    return name.getName();
  }

  private static final class Shared {
    static final TestAuthority AUTHORITY = create("MemJCache test kit");
  }
}
