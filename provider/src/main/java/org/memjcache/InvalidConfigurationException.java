// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import javax.cache.CacheException;

/**
 * Thrown for a URI, option or property that can't be used. The message names the part, its value
 * and what was expected. It never repeats user info of a URI or the value of an unknown option,
 * because either may be a password.
 *
 * <p>This is a {@link CacheException} because JSR-107 lets {@code CachingProvider.getCacheManager}
 * throw that when a manager can't be created, so callers don't need to know this class.
 */
public final class InvalidConfigurationException extends CacheException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is wrong, where, and what was expected
   */
  public InvalidConfigurationException(String message) {
    super(message);
  }

  private InvalidConfigurationException(String message, InvalidConfigurationException cause) {
    super(message, cause);
  }

  /**
   * Returns the same error with the place where it was found in front of its message.
   *
   * @param place where it was found
   * @return an exception caused by this one
   */
  public InvalidConfigurationException withPlace(String place) {
    return new InvalidConfigurationException(place + ": " + getMessage(), this);
  }
}
