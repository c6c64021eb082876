// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

/** JCache's {@code unwrap}, for objects that are of their own class and no other. */
public final class Unwrapping {

  private Unwrapping() {}

  /**
   * Returns an object as the type that is asked for.
   *
   * @param what what the object is, for the error
   * @throws IllegalArgumentException if it isn't of this type
   */
  public static <T> T unwrap(Object object, Class<T> type, String what) {
    if (type.isInstance(object)) {
      return type.cast(object);
    }
    throw new IllegalArgumentException(
        String.format(
            "%s can't be unwrapped to %s, only to %s",
            what, type.getName(), object.getClass().getName()));
  }
}
