// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

/** How large values are made smaller. Each way needs a library, which applications add. */
public enum Compression {
  NONE,

  /** LZ4: fast. */
  LZ4,

  /** Zstandard: small. */
  ZSTD
}
