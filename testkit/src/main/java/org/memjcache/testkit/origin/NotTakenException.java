// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

/** Says why one way to get a memcached is not open. */
final class NotTakenException extends Exception {

  private static final long serialVersionUID = 1L;

  NotTakenException(String reason) {
    super(reason);
  }

  NotTakenException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** {@return the reason, to be read by the user} */
  String reason() {
    return String.valueOf(getMessage());
  }
}
