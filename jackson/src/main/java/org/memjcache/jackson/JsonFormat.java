// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import org.jspecify.annotations.Nullable;

/** What one generation of Jackson does for one cache. Thread-safe. */
interface JsonFormat {

  byte[] write(Object value) throws Exception;

  /** Returns the value of some JSON, of the type that the cache declares; null if it is null. */
  @Nullable Object read(byte[] bytes, int offset, int length) throws Exception;

  /** Returns JSON as maps, lists, texts and numbers, whatever it stands for. */
  Object readPlain(byte[] bytes) throws Exception;
}
