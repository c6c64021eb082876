// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import org.memjcache.Serializer;

/** A serializer that has to be given to a cache first, which tells it the types. */
abstract class UnboundSerializer implements Serializer {

  @Override
  public final byte[] serialize(Object value) {
    throw unbound();
  }

  @Override
  public final Object deserialize(byte[] bytes, int offset, int length) {
    throw unbound();
  }

  private IllegalStateException unbound() {
    return new IllegalStateException(
        getClass().getName() + " serializes for a cache: call forCache, and use what it returns");
  }
}
