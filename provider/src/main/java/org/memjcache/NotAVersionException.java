package org.memjcache;

import javax.cache.CacheException;
import org.memjcache.internal.namespace.Level;

/**
 * A version key holds something that can't be a version: somebody else wrote to it. Nothing of the
 * level is read or stored until that is mended, because a guess could show another clear's entries.
 */
public final class NotAVersionException extends CacheException {

  private static final long serialVersionUID = 1L;

  public NotAVersionException(Level level, String found) {
    super(
        "The version of '"
            + level.name()
            + "' can't be read: memcached key '"
            + level.versionKey()
            + "' holds "
            + found
            + ", expected a number of 19 digits, at most a hundred years ahead. Something else"
            + " writes to this key; delete it and the level starts empty under a new version.");
  }
}
