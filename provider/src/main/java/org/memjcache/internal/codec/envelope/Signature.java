package org.memjcache.internal.codec.envelope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * HMAC-SHA-256 (RFC 2104): only who has the secret can make it.
 *
 * <p>Signed are the item key, which holds the path, the versions of all levels and the entry's key
 * or its hash; the flags; and the envelope, with the deadline, the full key and the value. So a
 * signed envelope can't be moved to another namespace, version or key, nor live any longer. What a
 * signature can't tell is whether the envelope is the last one that was stored under its item key.
 */
final class Signature implements IntegrityTag {

  static final int FORMAT = 2;

  private static final int SIZE = 32;

  private final SigningKeys keys;

  Signature(SigningKeys keys) {
    this.keys = keys;
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
  public void put(String itemKey, int flags, byte[] bytes, int at) {
    byte[] signature = sign(keys.keys().get(0), itemKey, flags, bytes, at);
    System.arraycopy(signature, 0, bytes, at, SIZE);
  }

  /** Takes the same time wherever a wrong signature differs. */
  @Override
  public boolean fits(String itemKey, int flags, byte[] bytes, int at) {
    byte[] found = Arrays.copyOfRange(bytes, at, at + SIZE);
    for (SecretKey key : keys.keys()) {
      if (MessageDigest.isEqual(sign(key, itemKey, flags, bytes, at), found)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] sign(SecretKey key, String itemKey, int flags, byte[] bytes, int at) {
    byte[] name = itemKey.getBytes(ISO_8859_1);
    Mac mac = SigningKeys.mac(key);
    // The length first, so that nothing can pass from the item key to what follows it.
    mac.update(ByteBuffer.allocate(8).putInt(name.length).putInt(flags).array());
    mac.update(name);
    mac.update(bytes, 0, at);
    mac.update(bytes, at + SIZE, bytes.length - at - SIZE);
    return mac.doFinal();
  }
}
