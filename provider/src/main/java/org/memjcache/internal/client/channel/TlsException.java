// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** TLS found something wrong; the message says what, and which option is about it. */
public final class TlsException extends IOException {

  private static final long serialVersionUID = 1L;

  TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
