// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.envelope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.cache.CacheException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.memjcache.internal.codec.key.ItemKey;

/**
 * The keys that envelopes are signed with, by HMAC-SHA-256 (RFC 2104), shortened to its first half:
 * what a program without the secret wrote to memcached is no entry.
 *
 * <p>Signed are the item key, which holds the path and the entry's key or its hash; the versions of
 * all levels; the flags; and the envelope, with the deadline, the full key and the value. So a
 * signed envelope can't be moved to another namespace, version or key, nor live any longer. What a
 * signature can't tell is whether the envelope is the last one that was stored under its item key.
 *
 * <p>A key is derived from a secret by HMAC-SHA-256, so that it serves no other purpose than this
 * one. That does not make a poor secret better: an attacker who reads memcached can try out secrets
 * against a signature. A secret that can't be guessed is 32 random bytes, in base64 for instance.
 *
 * <p>Never shows a secret. Immutable and thread-safe.
 */
public final class SigningKeys implements IntegrityTag {

  static final int FORMAT = 2;

  /** In characters. */
  private static final int MIN_SECRET = 16;

  /** Of the 32 bytes of HMAC-SHA-256: as few as section 5 of RFC 2104 recommends, 128 bits. */
  static final int SIZE = 16;

  private static final String ALGORITHM = "HmacSHA256";

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
   * @throws IllegalArgumentException if there is none, or one is shorter than 16 characters;
   *     doesn't show it
   * @throws CacheException if this Java runtime has no HMAC-SHA-256
   */
  public static SigningKeys of(List<String> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("Signing needs at least one secret");
    }
    List<SecretKey> keys = new ArrayList<>();
    for (String secret : secrets) {
      if (secret.length() < MIN_SECRET) {
        throw new IllegalArgumentException(
            "A secret has "
                + secret.length()
                + " characters, but at least "
                + MIN_SECRET
                + " are needed; take 32 random bytes in base64 (openssl rand -base64 32)");
      }
      Mac mac = mac(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      keys.add(new SecretKeySpec(mac.doFinal(PURPOSE.getBytes(UTF_8)), ALGORITHM));
    }
    return new SigningKeys(keys);
  }

  @Override
  public int format() {
    return FORMAT;
  }

  @Override
  public int size() {
    return SIZE;
  }

  @Override
  public void put(ItemKey key, int flags, byte[] bytes, int at) {
    byte[] signature = sign(keys.get(0), key, flags, bytes, at);
    System.arraycopy(signature, 0, bytes, at, SIZE);
  }

  /** Takes the same time wherever a wrong signature differs. */
  @Override
  public boolean fits(ItemKey key, int flags, byte[] bytes, int at) {
    byte[] found = Arrays.copyOfRange(bytes, at, at + SIZE);
    for (SecretKey secret : keys) {
      byte[] signature = Arrays.copyOf(sign(secret, key, flags, bytes, at), SIZE);
      if (MessageDigest.isEqual(signature, found)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] sign(SecretKey secret, ItemKey key, int flags, byte[] bytes, int at) {
    byte[] name = key.text().getBytes(ISO_8859_1);
    int versionsSize = key.prefix().versionsSize();
    // The lengths first, so that nothing can pass from one part to what follows it.
    ByteBuffer first = ByteBuffer.allocate(12 + versionsSize);
    key.prefix().putVersions(first.putInt(name.length).putInt(versionsSize).putInt(flags));
    Mac mac = mac(secret);
    mac.update(first.array());
    mac.update(name);
    mac.update(bytes, 0, at);
    mac.update(bytes, at + SIZE, bytes.length - at - SIZE);
    return mac.doFinal();
  }

  private static Mac mac(SecretKey key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new CacheException(
          "Entries are signed (option 'secret') by "
              + ALGORITHM
              + ", which this Java runtime lacks; give it a security provider with this algorithm,"
              + " or take the option away",
          e);
    }
  }

  @Override
  public String toString() {
    return "SigningKeys[" + keys.size() + "]";
  }
}
