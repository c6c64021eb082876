// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.memjcache.testkit.server.ServerTls;

/** Makes the URIs of cache managers. */
final class MemcachedUri {

  private MemcachedUri() {}

  /**
   * {@return {@code memcached://addresses/path}, or {@code memcacheds://} with what a client has to
   * know for TLS}
   *
   * @throws IllegalArgumentException if the path can't stand in a URI
   */
  static URI of(String addresses, String path, Optional<ServerTls> tls) {
    String rest = addresses + (path.startsWith("/") ? "" : "/") + path;
    return URI.create(
        tls.isEmpty() ? "memcached://" + rest : "memcacheds://" + withOptions(rest, tls.get()));
  }

  private static String withOptions(String uri, ServerTls tls) {
    String more = with(uri, "tls.trust", tls.authority());
    if (tls.clients().isPresent()) {
      more = with(more, "tls.certificate", tls.clients().get().certificate());
      more = with(more, "tls.key", tls.clients().get().key());
    }
    return more;
  }

  private static String with(String uri, String option, Path file) {
    if (uri.contains(option + "=")) {
      return uri;
    }
    String value = URLEncoder.encode(file.toString(), StandardCharsets.UTF_8);
    return uri + (uri.contains("?") ? "&" : "?") + option + "=" + value.replace("+", "%20");
  }
}
