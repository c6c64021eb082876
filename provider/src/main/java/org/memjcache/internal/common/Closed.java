// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

/** The errors for calls of what is closed: they say who may have closed it. */
public final class Closed {

  private static final String SHARED =
      " all who ask the provider for the same URI and class loader share one manager with its"
          + " caches, and whoever closes it, or the provider, closes it for all. Ask the provider"
          + " for another one; who must have one that nobody else closes asks with a URI of its"
          + " own, with another namespace or option";

  private Closed() {}

  /**
   * Returns the error for a cache manager.
   *
   * @param uri the manager's
   */
  public static IllegalStateException manager(String uri) {
    return new IllegalStateException("The cache manager " + uri + " is closed:" + SHARED);
  }

  /**
   * Returns the error for a cache.
   *
   * @param name its path
   */
  public static IllegalStateException cache(String name) {
    return new IllegalStateException(
        "The cache '" + name + "' is closed, by itself or with its cache manager:" + SHARED);
  }
}
