// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import org.memjcache.Serializer;
import org.memjcache.SerializerContext;

/**
 * What a cache declares and allows, for serializers of the application. Immutable and thread-safe.
 *
 * @param standard the serializer that the cache has without another one
 */
public record DeclaredTypes(Class<?> keyType, Class<?> valueType, JavaSerializer standard)
    implements SerializerContext {

  @Override
  public Class<?> findClass(String name) {
    return standard.findClass(name);
  }

  @Override
  public Serializer javaSerializer() {
    return standard;
  }
}
