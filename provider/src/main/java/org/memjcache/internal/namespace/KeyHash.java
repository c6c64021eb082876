package org.memjcache.internal.namespace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Shortens a text that doesn't fit in a key.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
interface KeyHash {

  /** Length of a hash, in characters. */
  int LENGTH = 32;

  /** Bytes of the digest that are kept: 192 bits. */
  int KEPT_BYTES = 24;

  /** The first 192 bits of SHA-256, in base64url. */
  KeyHash SHA_256 = KeyHash::sha256;

  /**
   * Returns the hash of an ASCII text.
   *
   * @return {@value #LENGTH} characters of base64url ({@code A-Z a-z 0-9 - _})
   */
  String hash(String text);

  private static String sha256(String text) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256, but this one hasn't", e);
    }
    byte[] sum = digest.digest(text.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(sum, KEPT_BYTES));
  }
}
