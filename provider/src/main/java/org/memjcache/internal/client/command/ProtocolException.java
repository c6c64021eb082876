// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

/**
 * The bytes a server sent are not an answer to what it was asked. Nothing after them can be
 * trusted, so the connection has to be closed. The message says what came, to be read after
 * "unexpected response:".
 */
public final class ProtocolException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }
}
