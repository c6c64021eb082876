// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

/** Fails the build. The message says what was expected, what came instead, and of which run. */
final class GateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  GateException(String message) {
    super(message);
  }
}
