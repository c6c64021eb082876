// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

/** The command line is wrong. The message says what is expected. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the person who typed. */
  public UsageException(String message) {
    super(message);
  }
}
