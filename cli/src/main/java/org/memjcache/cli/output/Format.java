// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.output;

import java.util.Locale;

/** How a {@link Table} is printed. */
public enum Format {
  /** For people: aligned, with units. */
  TABLE,
  /** An array of objects, one for each row; plain numbers. */
  JSON,
  /** RFC 4180, with a line of names; plain numbers. */
  CSV;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
