// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * Limits what few bytes can blow up to when they are read: the depth of nesting, and the length of
 * all arrays together, those inside of collections included.
 *
 * <p>Other limits follow from the length of the item, which is in memory already: an object, a
 * reference or an element takes at least one byte.
 *
 * <p>The JVM-wide filter ({@link java.io.ObjectInputFilter.Config}) is asked too, and either can
 * reject. It has to be asked here because the JVM's default filter factory replaces it by the
 * filter of the stream.
 *
 * <p>For one stream and one thread.
 */
final class DeserializationLimits implements ObjectInputFilter {

  /** The deepest nesting of objects that is read. */
  static final int MAX_DEPTH = 500;

  /**
   * Array elements for each byte of the item. Hash tables allocate more slots than they have
   * elements, but never this many: at most 8 for each mapping, which takes 2 bytes or more.
   */
  private static final int ELEMENTS_PER_BYTE = 16;

  private final long maxElements;
  private final @Nullable ObjectInputFilter jvmWide;
  private long elements;
  private @Nullable String rejection;

  /** Takes the length of the serialized form, in bytes, and the filter that the JVM gave. */
  DeserializationLimits(int length, @Nullable ObjectInputFilter jvmWide) {
    this.maxElements = (long) ELEMENTS_PER_BYTE * length;
    this.jvmWide = jvmWide;
  }

  @Override
  public Status checkInput(FilterInfo info) {
    if (info.depth() > MAX_DEPTH) {
      return reject("objects are nested deeper than " + MAX_DEPTH);
    }
    elements += Math.max(0, info.arrayLength());
    if (elements > maxElements) {
      return reject("arrays of " + elements + " elements are more than so few bytes can hold");
    }
    if (jvmWide != null && jvmWide.checkInput(info) == Status.REJECTED) {
      Class<?> type = info.serialClass();
      return reject(
          "the JVM-wide filter (jdk.serialFilter) rejects "
              + (type == null ? "it" : "class " + type.getName()));
    }
    return Status.ALLOWED;
  }

  private Status reject(String why) {
    rejection = why;
    return Status.REJECTED;
  }

  /** Returns why the last rejection was made, or null if there was none. */
  @Nullable String rejection() {
    return rejection;
  }
}
