// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.PercentText;

/**
 * The stable part of the keys of a namespace: its names, without versions.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Different lists of names have different {@linkplain #canonical canonical texts}, whatever
 *       characters the names contain.
 *   <li>{@link #text} and {@link #versionKey} are ASCII without spaces or control characters, and
 *       short enough for memcached (protocol.txt, "Keys": 250 bytes).
 *   <li>A text that was shortened never equals one that was not. Two shortened texts are equal only
 *       if 192 bits of SHA-256 are.
 *   <li>No version key is an item key: a version key has one colon, an item key two.
 *   <li>The version key of a cache is never that of a namespace of the same names: a tenant may be
 *       called like a cache.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class PathKey {

  /** The largest number of names in a path: each operation reads a version for each of them. */
  public static final int MAX_LEVELS = 9;

  private static final int MAX_TEXT = 80;
  private static final int READABLE_START = 40;

  /** How much of SHA-256 is kept: 192 bits, which are 32 characters of base64url. */
  private static final int HASH_BYTES = 24;

  private static final String HASH = "SHA-256";

  /** What an empty name looks like; every other {@code %} is followed by two digits. */
  private static final String EMPTY_NAME = "%";

  /** What a path leads to, by which its version key is told apart. */
  private enum End {
    /** An application, a tenant or whatever else may hold caches. */
    NAMESPACE(StoredKey.END_OF_VERSION_KEY),
    CACHE(StoredKey.END_OF_CACHE_VERSION_KEY),
    /** A cache that has a level for all tenants, too. */
    CACHE_OF_TENANTS(StoredKey.END_OF_CACHE_VERSION_KEY),
    /** The caches of one name in all tenants of an application. */
    ACROSS_TENANTS(StoredKey.END_OF_CACHE_VERSION_KEY);

    private final String endOfKey;

    End(String endOfKey) {
      this.endOfKey = endOfKey;
    }
  }

  /** Stands for any tenant; every asterisk in a name is escaped. */
  private static final String ANY_TENANT = "/*/";

  private final End end;
  private final int names;
  private final String canonical;
  private final String text;
  private final UnaryOperator<String> hash;

  private PathKey(End end, int names, String canonical, UnaryOperator<String> hash) {
    this.end = end;
    this.names = names;
    this.canonical = canonical;
    this.hash = hash;
    this.text =
        canonical.length() <= MAX_TEXT
            ? canonical
            : canonical.substring(0, READABLE_START) + KeyPrefix.HASH_MARK + hash(canonical);
  }

  /** Returns the key of a namespace of at most {@value #MAX_LEVELS} names, outermost first. */
  public static PathKey of(List<String> names) {
    return of(End.NAMESPACE, names, PathKey::sha256);
  }

  /**
   * Returns the key of a cache.
   *
   * @param names at most {@value #MAX_LEVELS}, that of the cache last
   * @param acrossTenants whether it has a level with the caches of its name in all tenants of its
   *     application, too
   */
  public static PathKey ofCache(List<String> names, boolean acrossTenants) {
    return of(acrossTenants ? End.CACHE_OF_TENANTS : End.CACHE, names, PathKey::sha256);
  }

  /** Returns the key of the level of the caches of one name in all tenants of an application. */
  public static PathKey acrossTenants(String application, String cache) {
    return across(escape(application), escape(cache), PathKey::sha256);
  }

  /** Returns whether this is the level of the caches of one name in all tenants. */
  public boolean isAcrossTenants() {
    return end == End.ACROSS_TENANTS;
  }

  private static PathKey across(String application, String cache, UnaryOperator<String> hash) {
    return new PathKey(End.ACROSS_TENANTS, 2, application + ANY_TENANT + cache, hash);
  }

  /**
   * Returns the path whose {@linkplain #canonical canonical text} this is: the reverse of it.
   *
   * @return null if it is that of no path
   */
  public static @Nullable PathKey ofCanonical(String text) {
    try {
      String[] across = text.split(Pattern.quote(ANY_TENANT), 2);
      PathKey path =
          across.length == 2
              ? acrossTenants(unescape(across[0]), unescape(across[1]))
              : of(namesIn(text));
      return path.canonical.equals(text) ? path : null;
    } catch (IllegalArgumentException e) { // a name that is none, or too many
      return null;
    }
  }

  static PathKey of(List<String> names, UnaryOperator<String> hash) {
    return of(End.NAMESPACE, names, hash);
  }

  private static PathKey of(End end, List<String> names, UnaryOperator<String> hash) {
    if (names.size() > MAX_LEVELS) {
      throw new IllegalArgumentException(
          String.format(
              "A namespace has at most %d levels, but this one has %d: %s",
              MAX_LEVELS, names.size(), names));
    }
    StringBuilder canonical = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        canonical.append('/');
      }
      canonical.append(escape(names.get(i)));
    }
    return new PathKey(end, names.size(), canonical.toString(), hash);
  }

  private static String escape(String name) {
    return name.isEmpty() ? EMPTY_NAME : PercentText.escape(name);
  }

  /** Returns the whole path: percent-escaped names joined by {@code /}, of any length. */
  public String canonical() {
    return canonical;
  }

  /**
   * Returns the path as it stands in keys: the canonical text if it has at most 80 characters, else
   * its first 40 characters, {@code ~} and a hash. Never contains a {@code :}.
   */
  public String text() {
    return text;
  }

  /** Returns the memcached key that holds the version of this path's last level. */
  public String versionKey() {
    return text.concat(end.endOfKey);
  }

  /** Returns how many levels it has, each of which has a version. */
  public int levels() {
    return end == End.CACHE_OF_TENANTS ? names + 1 : names;
  }

  /** Returns the names, outermost first. */
  public List<String> names() {
    return namesIn(canonical);
  }

  private static List<String> namesIn(String canonical) {
    List<String> names = new ArrayList<>();
    for (String name : canonical.split("/", -1)) {
      names.add(unescape(name));
    }
    return names;
  }

  private static String unescape(String name) {
    return name.equals(EMPTY_NAME) ? "" : PercentText.unescape(name);
  }

  /**
   * Returns the cache of the same names.
   *
   * @param acrossTenants as of {@link #ofCache}
   */
  public PathKey asCache(boolean acrossTenants) {
    return new PathKey(acrossTenants ? End.CACHE_OF_TENANTS : End.CACHE, names, canonical, hash);
  }

  /** Returns the level of the caches of this one's name in all tenants of its application. */
  public PathKey acrossTenants() {
    String cache = canonical.substring(canonical.lastIndexOf('/') + 1);
    return across(canonical.substring(0, canonical.indexOf('/')), cache, hash);
  }

  /** Returns the path to each of its levels, itself last. */
  public List<PathKey> toEachLevel() {
    List<PathKey> all = new ArrayList<>(levels());
    for (int i = 1; i < names; i++) {
      all.add(start(i));
    }
    if (end == End.CACHE_OF_TENANTS) {
      all.add(acrossTenants());
    }
    all.add(this);
    return all;
  }

  /** Returns the namespace of the first so many names, which are not all. */
  public PathKey start(int first) {
    Objects.checkIndex(first, names);
    int at = -1;
    for (int i = 0; i < first; i++) {
      at = canonical.indexOf('/', at + 1);
    }
    return new PathKey(End.NAMESPACE, first, canonical.substring(0, at), hash);
  }

  /** Returns what all item keys of this path start with while these versions are in force. */
  public KeyPrefix prefix(long[] versions) {
    return new KeyPrefix(this, versions);
  }

  /** Returns whether {@link #text} is shortened, so that the envelope has to carry the full key. */
  boolean isHashed() {
    return canonical.length() > MAX_TEXT;
  }

  /** Returns what stands in a key for an ASCII text: 32 characters of base64url. */
  String hash(String ascii) {
    return hash.apply(ascii);
  }

  private static String sha256(String ascii) {
    try {
      byte[] sum =
          MessageDigest.getInstance(HASH).digest(ascii.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(sum, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new CacheException(
          "Keys of memcached are shortened by "
              + HASH
              + ", which this Java runtime lacks; give it a security provider with this message"
              + " digest",
          e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathKey that && end == that.end && canonical.equals(that.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }

  @Override
  public String toString() {
    return canonical;
  }
}
