// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import javax.cache.CacheException;

/**
 * Writes objects of allowed classes only, so that a class that could not be read back is refused
 * when it is put and not when it is got.
 *
 * <p>Refuses by {@link CacheException} and not by {@link IOException}: the latter would make the
 * stream try to write the exception itself.
 */
class CheckedObjectOutput extends ObjectOutputStream {

  final AllowList allowList;

  CheckedObjectOutput(OutputStream out, AllowList allowList) throws IOException {
    super(out);
    this.allowList = allowList;
    enableReplaceObject(true);
  }

  @Override
  protected void annotateClass(Class<?> type) {
    allowList.require(type.getName());
  }

  @Override
  protected void annotateProxyClass(Class<?> type) {
    for (Class<?> face : type.getInterfaces()) {
      allowList.require(face.getName());
    }
  }

  /** Sees every object before it is written; here only to name the class that is at fault. */
  @Override
  protected Object replaceObject(Object object) throws IOException {
    if (!(object instanceof Serializable)) {
      throw new CacheException(
          "Class "
              + object.getClass().getName()
              + " doesn't implement java.io.Serializable; have it do so, or give the cache another"
              + " serializer, such as the one of memjcache-jackson");
    }
    return object;
  }
}
