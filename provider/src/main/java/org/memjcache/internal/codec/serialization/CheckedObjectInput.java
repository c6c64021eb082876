// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects of allowed classes only.
 *
 * <p>A class is checked by its name when its description is read: before it is loaded, so before
 * any code of it can run. A filter that the JVM sets in place of this stream's own can't turn that
 * off. The {@link DeserializationLimits} adds the limits and what the JVM-wide filter says.
 */
final class CheckedObjectInput extends ObjectInputStream {

  private final AllowList allowList;
  private final ClassResolver finder;
  private final DeserializationLimits filter;

  CheckedObjectInput(
      byte[] bytes, int offset, int length, AllowList allowList, ClassResolver finder)
      throws IOException {
    super(new ByteArrayInputStream(bytes, offset, length));
    this.allowList = allowList;
    this.finder = finder;
    this.filter = new DeserializationLimits(length, getObjectInputFilter());
    setObjectInputFilter(filter);
  }

  /** Returns why the filter stopped the reading, or null if it didn't. */
  @Nullable String rejection() {
    return filter.rejection();
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description) {
    allowList.require(description.getName());
    return finder.find(description.getName());
  }

  @Override
  protected Class<?> resolveProxyClass(String[] interfaceNames) {
    Class<?>[] faces = new Class<?>[interfaceNames.length];
    ClassLoader loader = null;
    for (int i = 0; i < faces.length; i++) {
      allowList.require(interfaceNames[i]);
      faces[i] = finder.find(interfaceNames[i]);
      if (loader == null || !Modifier.isPublic(faces[i].getModifiers())) {
        loader = faces[i].getClassLoader();
      }
    }
    return Proxy.newProxyInstance(loader, faces, (proxy, method, arguments) -> null).getClass();
  }
}
