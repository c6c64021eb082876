// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.authentication;

import java.io.IOException;

/**
 * A memcached wants to know who is asking, and nobody was named, or one that it doesn't let in. To
 * try again at once would not help. The message says which user and what to do, and never contains
 * a password.
 */
public final class RefusedAccessException extends IOException {

  private static final long serialVersionUID = 1L;

  RefusedAccessException(String message) {
    super(message);
  }
}
