// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

/**
 * Which values are compressed, and how. Immutable.
 *
 * @param threshold how many bytes an encoded value must have at least to be compressed
 * @param limit how many bytes a value may have at most, uncompressed: larger ones are stored as
 *     they are, and compressed ones that claim more are not read. That bounds what a few hostile
 *     bytes can blow up to
 */
public record CompressionRule(Compression compression, int threshold, int limit) {

  public static final int DEFAULT_LIMIT = 16 << 20;
  public static final int DEFAULT_THRESHOLD = 1024;

  /** Nothing is compressed, and the rest is as it is by default. */
  public static final CompressionRule NOTHING =
      new CompressionRule(Compression.NONE, DEFAULT_THRESHOLD, DEFAULT_LIMIT);
}
