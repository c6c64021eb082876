// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;

/**
 * What a key in memcached is by its looks, for those who look at all keys of a server: the reverse
 * of {@link PathKey#versionKey} and {@link KeyPrefix}, as far as a key says it alone.
 *
 * <p>Another program's key may look the same. Whether an entry can still be read, its prefix says
 * under the versions in force.
 *
 * @param kind what it is
 * @param path the {@linkplain PathKey#text text of a path}; the whole key if it is none of ours
 */
public record StoredKey(Kind kind, String path) {

  /** What is stored under a key. */
  public enum Kind {
    /** An entry, of the versions in force or of former ones. */
    ENTRY,
    /** The version of a namespace: of an application, a tenant or whatever else holds caches. */
    VERSION,
    /** The version of a cache, or of the caches of one name in all tenants of an application. */
    CACHE_VERSION,
    /** What may still be served of a level that was cleared softly. */
    GRACE,
    /** A lease, on an entry or on the load of one. */
    LEASE,
    /** None of these. */
    OTHER
  }

  /** Stands in the key of a lease on an entry where the item key has its last {@code :}. */
  public static final char LEASE_MARK = '!';

  /** The same for a lease on the load of an entry. */
  public static final char LOAD_LEASE_MARK = '?';

  static final char DELIMITER = ':';
  static final String END_OF_VERSION_KEY = ":version";
  static final String END_OF_CACHE_VERSION_KEY = ":cache";

  /** Stands in the key of a grace after the version key that it belongs to. */
  public static final String GRACE_MARK = ".grace.";

  /** Returns what a key is. */
  public static StoredKey of(String key) {
    int end = key.indexOf(DELIMITER);
    if (end <= 0) {
      return new StoredKey(Kind.OTHER, key);
    }
    Kind kind = kindOfLevel(key.substring(end));
    kind = kind == Kind.OTHER ? kindOfEntry(key, end + 1 + KeyPrefix.TOKEN_LENGTH) : kind;
    return new StoredKey(kind, kind == Kind.OTHER ? key : key.substring(0, end));
  }

  private static Kind kindOfLevel(String end) {
    if (end.equals(END_OF_VERSION_KEY)) {
      return Kind.VERSION;
    }
    if (end.equals(END_OF_CACHE_VERSION_KEY)) {
      return Kind.CACHE_VERSION;
    }
    boolean isGrace =
        end.startsWith(END_OF_VERSION_KEY + GRACE_MARK)
            || end.startsWith(END_OF_CACHE_VERSION_KEY + GRACE_MARK);
    return isGrace ? Kind.GRACE : Kind.OTHER;
  }

  private static Kind kindOfEntry(String key, int afterToken) {
    if (key.length() <= afterToken + 1) {
      return Kind.OTHER;
    }
    return switch (key.charAt(afterToken)) {
      case DELIMITER -> key.indexOf(DELIMITER, afterToken + 1) < 0 ? Kind.ENTRY : Kind.OTHER;
      case LEASE_MARK, LOAD_LEASE_MARK -> Kind.LEASE;
      default -> Kind.OTHER;
    };
  }

  /** Returns what the version key of the cache is that an entry belongs to. */
  public StoredKey cache() {
    return new StoredKey(Kind.CACHE_VERSION, path);
  }

  /**
   * Returns what the key of an entry begins with, as {@link KeyPrefix#text} has it: path and token.
   *
   * @param key the one that this was made of
   */
  public String prefix(String key) {
    return key.substring(0, path.length() + KeyPrefix.TOKEN_LENGTH + 2);
  }

  /**
   * Returns the path, if the key says it; of an entry, that of its cache.
   *
   * @return null if the key has a hash of it, or is none of ours
   */
  public @Nullable PathKey pathKey() {
    PathKey whole = kind == Kind.OTHER || kind == Kind.GRACE ? null : PathKey.ofCanonical(path);
    if (whole == null || !whole.text().equals(path)) {
      return null;
    }
    if (whole.isAcrossTenants()) { // which has no entries
      return kind == Kind.CACHE_VERSION ? whole : null;
    }
    return kind == Kind.VERSION ? whole : whole.asCache(false);
  }

  /**
   * Returns the cache whose path the key of this entry has a hash of.
   *
   * @param fullKey what the envelope carries, not to be trusted
   * @return null if it isn't that of this key
   */
  public @Nullable PathKey pathKey(String fullKey) {
    int end = fullKey.indexOf(DELIMITER);
    PathKey whole = end < 0 ? null : PathKey.ofCanonical(fullKey.substring(0, end));
    return whole != null && whole.text().equals(path) && !whole.isAcrossTenants()
        ? whole.asCache(false)
        : null;
  }
}
