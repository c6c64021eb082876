package org.memjcache.testkit;

import java.net.URI;

/** Makes the URIs of cache managers. */
final class MemcachedUri {

  private MemcachedUri() {}

  /**
   * {@return {@code memcached://addresses/path}}
   *
   * @throws IllegalArgumentException if the path can't stand in a URI
   */
  static URI of(String addresses, String path) {
    return URI.create("memcached://" + addresses + (path.startsWith("/") ? "" : "/") + path);
  }
}
