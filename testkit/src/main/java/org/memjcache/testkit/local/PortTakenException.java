// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.io.IOException;

/** Another process was faster to bind the port. */
final class PortTakenException extends IOException {

  private static final long serialVersionUID = 1L;

  PortTakenException(String message) {
    super(message);
  }
}
