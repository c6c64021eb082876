// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import javax.cache.CacheException;

/**
 * A version key in memcached holds something that can't be a version: another program wrote to it.
 * Nothing of the level is read or stored until that is mended, because a guess could show entries
 * that were cleared. The message names the key, and what to do.
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
        String.format(
            "The version of '%s' can't be read: memcached key '%s' holds %s, expected a number of"
                + " 19 digits, made before 2126. Another program writes to this key; delete it, and"
                + " the level starts empty under a new version.",
            level, versionKey, found));
  }
}
