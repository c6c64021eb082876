// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/**
 * A folder for certificates and keys that everybody may read, since memcached may run as another
 * user. It is removed when this JVM ends. Thread safe.
 */
public final class CertificateFolder {

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path path;

  private CertificateFolder(Path path) {
    this.path = path;
  }

  /** {@return a new folder} */
  public static CertificateFolder create() {
    try {
      Path path = Files.createTempDirectory("memjcache-tls-");
      path.toFile().deleteOnExit();
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new CertificateFolder(path);
    } catch (IOException e) {
      throw new UncheckedIOException("No folder for certificates was made", e);
    }
  }

  /**
   * Writes certificates as PEM.
   *
   * @param name of the file
   * @param certificates the chain in its order
   * @return the file
   */
  public Path writeCertificates(String name, List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        text.append(pem("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
    return write(name, text.toString().getBytes(US_ASCII));
  }

  /**
   * Writes a key as PEM (PKCS#8).
   *
   * @param name of the file
   * @param key what to write
   * @return the file
   */
  public Path writeKey(String name, PrivateKey key) {
    return write(name, pem("PRIVATE KEY", key.getEncoded()).getBytes(US_ASCII));
  }

  /**
   * Writes a key with its certificates as PKCS#12.
   *
   * @param name of the file
   * @param key the private key
   * @param certificates the chain in its order
   * @param password of the file
   * @return the file
   */
  public Path writeKeyStore(
      String name, PrivateKey key, List<X509Certificate> certificates, String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "test", key, password.toCharArray(), certificates.toArray(X509Certificate[]::new));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.store(out, password.toCharArray());
      return write(name, out.toByteArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("No key store was made", e);
    }
  }

  /**
   * Replaces a file as a whole: whoever reads it sees the old one or the new one.
   *
   * @param file what to replace
   * @param by a file of the same kind
   */
  public static void replace(Path file, Path by) {
    try {
      Path copy = Files.createTempFile(file.toAbsolutePath().getParent(), "new", "");
      Files.copy(by, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path write(String name, byte[] bytes) {
    try {
      Path file = path.resolve(name);
      file.toFile().deleteOnExit();
      Files.write(file, bytes);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, LINES.encodeToString(bytes), kind);
  }
}
