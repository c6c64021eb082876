// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

/** The languages that memcached speaks. */
public enum Protocol {

  /** Lines of text. What every memcached and proxy understands unless told otherwise. */
  TEXT,

  /**
   * Packets with a header of 24 bytes. Memcached calls it deprecated; only SASL needs it (option
   * {@code -S}). It has no key dumps.
   */
  BINARY
}
