// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

/** How fresh the versions of namespaces are that an operation relies on. */
public enum Consistency {
  /** Checked in the operation's own round trip. */
  STRICT,
  /** At most {@code staleness} old. */
  BOUNDED
}
