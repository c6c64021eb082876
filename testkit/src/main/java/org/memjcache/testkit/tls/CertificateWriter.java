// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * Writes certificates (RFC 5280) with keys of the curve P-256. The JDK can read them, but write
 * them only by a program of its own that takes a second for each.
 */
public final class CertificateWriter {

  private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("06082a8648ce3d040302");
  private static final byte[] BASIC_CONSTRAINTS = HexFormat.of().parseHex("0603551d13");
  private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");

  private static final int DNS_NAME = 0x82;
  private static final int IP_ADDRESS = 0x87;
  private static final Pattern ADDRESS = Pattern.compile("[\\d.]+|.*:.*");
  private static final DateTimeFormatter DIGITS =
      DateTimeFormatter.ofPattern("yyMMddHHmmss").withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  private CertificateWriter() {}

  /** {@return new keys} */
  public static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK makes no keys of the curve P-256", e);
    }
  }

  /**
   * What a certificate says.
   *
   * @param subject who it is for
   * @param isAuthority whether he may sign other certificates
   * @param from when it begins to be valid
   * @param until when it expires, before the year 2050
   * @param names host names and IP addresses of the subject; immutable
   */
  public record Contents(
      X500Principal subject, boolean isAuthority, Instant from, Instant until, List<String> names) {

    /**
     * Copies the list.
     *
     * @param subject who it is for
     * @param isAuthority whether he may sign other certificates
     * @param from when it begins to be valid
     * @param until when it expires
     * @param names host names and IP addresses of the subject
     */
    public Contents {
      names = List.copyOf(names);
    }
  }

  /**
   * {@return a signed certificate}
   *
   * @param contents what it says
   * @param key of its subject
   * @param issuer who signs it
   * @param signingKey of the issuer
   * @throws IllegalArgumentException if one of the names is neither a host name nor an address
   */
  public static X509Certificate write(
      Contents contents, PublicKey key, X500Principal issuer, PrivateKey signingKey) {
    byte[] algorithm = Der.sequence(ECDSA_WITH_SHA256);
    byte[] body =
        Der.sequence(
            Der.tagged(0xa0, Der.integer(BigInteger.TWO)), // version 3
            Der.integer(new BigInteger(63, RANDOM).add(BigInteger.ONE)),
            algorithm,
            issuer.getEncoded(),
            Der.sequence(time(contents.from()), time(contents.until())),
            contents.subject().getEncoded(),
            key.getEncoded(),
            Der.tagged(0xa3, Der.sequence(extensions(contents))));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(signingKey);
      signature.update(body);
      byte[] signed = Der.sequence(body, algorithm, Der.bits(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No certificate was made for " + contents, e);
    }
  }

  private static byte[] extensions(Contents contents) {
    byte[] authority =
        contents.isAuthority()
            ? Der.sequence(BASIC_CONSTRAINTS, Der.yes(), Der.octets(Der.sequence(Der.yes())))
            : new byte[0];
    byte[] names =
        contents.names().isEmpty()
            ? new byte[0]
            : Der.sequence(
                ALTERNATIVE_NAMES,
                Der.octets(
                    Der.sequence(
                        contents.names().stream()
                            .map(CertificateWriter::name)
                            .toArray(byte[][]::new))));
    return Der.join(authority, names);
  }

  private static byte[] name(String name) {
    if (!ADDRESS.matcher(name).matches()) {
      return Der.tagged(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
    try {
      return Der.tagged(IP_ADDRESS, InetAddress.getByName(name).getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("expected a host name or an IP address, got: " + name, e);
    }
  }

  private static byte[] time(Instant instant) {
    return Der.utcTime(DIGITS.format(instant));
  }
}
