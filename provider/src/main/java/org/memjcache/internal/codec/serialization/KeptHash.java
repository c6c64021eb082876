// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Hash codes that keys of frameworks keep in a field that is serialized.
 *
 * <p>A hash code that comes from an enum differs from process to process, and with it the bytes of
 * keys that are equal. So it is left out: set to zero.
 *
 * <p>Stateless.
 */
final class KeptHash {

  /** Where the field is in the bytes of an object; -1 if its class has no such field. */
  private static final ClassValue<Integer> PLACES =
      new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> type) {
          return FrameworkTypes.keepsHash(type) ? place(type) : -1;
        }
      };

  private KeptHash() {}

  /** Sets the hash code of an object to zero in its bytes, if it is one of these keys. */
  static void reset(Class<?> type, byte[] bytes) {
    int place = PLACES.get(type);
    if (place >= 0) {
      Arrays.fill(bytes, place, place + Integer.BYTES, (byte) 0);
    }
  }

  /** An object is a tag, the description of its class, and its fields, primitive ones first. */
  private static int place(Class<?> type) {
    ObjectStreamClass description = ObjectStreamClass.lookup(type);
    ObjectStreamField field = description == null ? null : description.getField("hashCode");
    if (field == null || field.getType() != int.class || type.getSuperclass() != Object.class) {
      return -1;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(description);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.size() + 1 + field.getOffset();
  }
}
