package org.memjcache;

import javax.cache.CacheException;

/**
 * A version key holds something that can't be a version: somebody else wrote to it. Nothing of the
 * level is read or stored until that is mended, because a guess could show another clear's entries.
 */
public final class NotAVersionException extends CacheException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the error.
   *
   * @param level the name of the level
   * @param versionKey its version key in memcached
   * @param found what is stored there
   */
  public NotAVersionException(String level, String versionKey, String found) {
    super(
        "The version of '"
            + level
            + "' can't be read: memcached key '"
            + versionKey
            + "' holds "
            + found
            + ", expected a number of 19 digits, at most a hundred years ahead. Something else"
            + " writes to this key; delete it and the level starts empty under a new version.");
  }
}
