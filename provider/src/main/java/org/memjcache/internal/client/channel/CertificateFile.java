// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * A file that an option of TLS names, as it was when it was read: PEM, or a key store. All errors
 * are {@link InvalidConfigurationException}s that name option and file. Immutable.
 */
final class CertificateFile {

  private static final long MAX_BYTES = 4 << 20;
  private static final int JKS_MAGIC = 0xfe;
  private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private final String option;
  private final Path path;
  private final byte[] bytes;

  private CertificateFile(String option, Path path, byte[] bytes) {
    this.option = option;
    this.path = path;
    this.bytes = bytes;
  }

  /** Reads the file of an option; null if there is none. */
  static @Nullable CertificateFile read(String option, @Nullable Path path) {
    if (path == null) {
      return null;
    }
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw invalid(
            "the file %s of the option '%s' is longer than %s bytes, which no certificates are",
            ErrorText.of(path.toString()), option, MAX_BYTES);
      }
      return new CertificateFile(option, path, Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      throw invalid(
          "the file %s of the option '%s' doesn't exist", ErrorText.of(path.toString()), option);
    } catch (IOException e) {
      throw invalid(
          "the file %s of the option '%s' can't be read: %s",
          ErrorText.of(path.toString()), option, ErrorText.of(e.toString()));
    }
  }

  /** Returns whether both have the same content, or neither is there. */
  static boolean same(@Nullable CertificateFile one, @Nullable CertificateFile other) {
    return (one == null || other == null) ? one == other : Arrays.equals(one.bytes, other.bytes);
  }

  boolean isPem() {
    return PEM.matcher(text()).find();
  }

  /** Returns the certificates of a file of PEM, at least one. */
  List<Certificate> certificates() {
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    } catch (CertificateException e) {
      throw unfit("has an unreadable certificate: " + ErrorText.of(String.valueOf(e.getMessage())));
    }
    throw unfit("has no certificate; expected lines with -----BEGIN CERTIFICATE-----");
  }

  /** Returns the private key of a file of PEM. */
  PrivateKey privateKey() {
    Matcher key = KEY.matcher(text());
    if (!key.find()) {
      Matcher other = PEM.matcher(text());
      throw unfit(
          "has no private key that this client reads"
              + (other.find() ? " (it begins with " + other.group() + ")" : "")
              + "; expected lines with -----BEGIN PRIVATE KEY-----, as 'openssl pkcs8 -topk8"
              + " -nocrypt -in key.pem' writes them");
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(key.group(1));
    } catch (IllegalArgumentException e) {
      throw unfit("has an unreadable private key");
    }
    return KEY_ALGORITHMS.stream()
        .flatMap(algorithm -> privateKey(algorithm, encoded).stream())
        .findFirst()
        .orElseThrow(
            () ->
                unfit(
                    "has an unreadable private key, or one of another algorithm than RSA, EC and"
                        + " EdDSA"));
  }

  private static Optional<PrivateKey> privateKey(String algorithm, byte[] encoded) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // a key of another algorithm, perhaps
    }
  }

  /** Returns the key store that the file is. */
  KeyStore keyStore(@Nullable String password) {
    boolean isJks = bytes.length > 0 && (bytes[0] & 0xff) == JKS_MAGIC;
    try {
      KeyStore store = KeyStore.getInstance(isJks ? "JKS" : "PKCS12");
      store.load(new ByteArrayInputStream(bytes), password == null ? null : password.toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw unfit(
          "is neither PEM nor a key store (PKCS#12 or JKS) that its password opens, see the option"
              + " '"
              + option
              + ".password'");
    }
  }

  /** Makes the error for a file that isn't what its option needs. */
  InvalidConfigurationException unfit(String why) {
    return invalid("the file %s of the option '%s' %s", ErrorText.of(path.toString()), option, why);
  }

  private String text() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
