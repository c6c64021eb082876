package org.memjcache;

import javax.cache.CacheException;

/**
 * A URI, option or property that can't be used. The text names the part, what came and what is
 * accepted; it never repeats user info of a URI or the value of an unknown option, because either
 * may be a password.
 *
 * <p>It is a {@link CacheException} because that is what JSR-107 lets {@code
 * CachingProvider.getCacheManager} throw when a manager can't be produced: callers need not know
 * this class, and the provider need not translate it.
 */
public final class InvalidConfigurationException extends CacheException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the error.
   *
   * @param message what is wrong, where, and what is accepted
   */
  public InvalidConfigurationException(String message) {
    super(message);
  }

  private InvalidConfigurationException(String message, InvalidConfigurationException cause) {
    super(message, cause);
  }

  /**
   * Returns the same error with the place where it was found in front of its text.
   *
   * @param place where it was found
   * @return an error caused by this one
   */
  public InvalidConfigurationException in(String place) {
    return new InvalidConfigurationException(place + ": " + getMessage(), this);
  }
}
