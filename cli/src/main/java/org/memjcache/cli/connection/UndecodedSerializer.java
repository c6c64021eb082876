// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.cache.CacheException;
import org.memjcache.Serializer;

/**
 * Deserializes nothing: in place of what an application's serializer wrote comes what it is, as far
 * as its first bytes say. Neither is any class looked up. Thread-safe.
 */
final class UndecodedSerializer implements Serializer {

  /** What Java serialization begins an object with: magic, version, and a description. */
  private static final String JAVA_OBJECT = "aced0005(73|75|7e)72";

  private static final int PREFIX = 6;
  private static final int LENGTH_OF_NAME = 2;

  @Override
  public byte[] serialize(Object value) {
    throw new CacheException(
        "A key of class " + value.getClass().getName() + " is none that the command line can make");
  }

  @Override
  public Object deserialize(byte[] bytes, int offset, int length) {
    return new Undecoded(className(Arrays.copyOfRange(bytes, offset, offset + length)), length);
  }

  private static String className(byte[] bytes) {
    int start = PREFIX + LENGTH_OF_NAME;
    if (bytes.length < start || !HexFormat.of().formatHex(bytes, 0, PREFIX).matches(JAVA_OBJECT)) {
      return "unknown class";
    }
    int length = (bytes[PREFIX] & 0xff) << 8 | (bytes[PREFIX + 1] & 0xff);
    return new String(bytes, start, Math.min(length, bytes.length - start), StandardCharsets.UTF_8);
  }

  @Override
  public Class<?> findEnum(String name) {
    throw new CacheException("Constants of " + name + " are not looked up");
  }
}
