package org.memjcache.internal.codec.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that envelopes are signed with, so that what somebody without the secret wrote to
 * memcached is no entry.
 *
 * <p>A key is derived from a secret by HMAC-SHA-256, so that it serves no other purpose than this
 * one. That does not make a poor secret better: whoever reads memcached can try out secrets against
 * a signature. A secret that can't be guessed is 32 random bytes, in base64 for instance.
 *
 * <p>Never shows a secret. Immutable and thread-safe.
 */
public final class SigningKeys {

  /** The shortest secret that is taken, in characters. */
  public static final int SHORTEST_SECRET = 16;

  static final String ALGORITHM = "HmacSHA256";

  /** Says what the derived keys are for. To change it makes all signed envelopes unreadable. */
  private static final String PURPOSE = "org.memjcache envelope signature 1";

  private final List<SecretKey> keys;

  private SigningKeys(List<SecretKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Derives the keys of secrets.
   *
   * @param secrets at least one; the first signs what is written, and what any of them signed is
   *     read. So a secret is replaced in two steps, without losing an entry: first each process
   *     gets the new one as its second, then as its first, with the old one behind it
   * @return their keys
   * @throws IllegalArgumentException if there is none, or one is shorter than {@value
   *     #SHORTEST_SECRET} characters; doesn't show it
   */
  public static SigningKeys of(List<String> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("Signing needs at least one secret");
    }
    List<SecretKey> keys = new ArrayList<>();
    for (String secret : secrets) {
      if (secret.length() < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "A secret has "
                + secret.length()
                + " characters, but at least "
                + SHORTEST_SECRET
                + " are needed; take 32 random bytes in base64 (openssl rand -base64 32)");
      }
      keys.add(derive(secret));
    }
    return new SigningKeys(keys);
  }

  private static SecretKey derive(String secret) {
    Mac mac = mac(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
    return new SecretKeySpec(mac.doFinal(PURPOSE.getBytes(UTF_8)), ALGORITHM);
  }

  /** Returns the keys; the first is the one to sign with. */
  List<SecretKey> keys() {
    return keys;
  }

  /** Returns an algorithm to be used once, by one thread. */
  static Mac mac(SecretKey key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "SigningKeys[" + keys.size() + "]";
  }
}
