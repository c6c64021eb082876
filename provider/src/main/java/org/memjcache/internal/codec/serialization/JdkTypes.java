// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.util.HashSet;
import java.util.Set;

/**
 * The classes of the JDK that may always be serialized: plain values, collections and maps, and
 * what exceptions are made of ({@code @CacheResult} caches them).
 *
 * <p>None of them runs code of other classes when read, apart from {@code equals}, {@code hashCode}
 * and {@code compareTo} of elements, which are themselves checked. {@code java.net.URL} is left out
 * because its {@code hashCode} asks the network.
 */
final class JdkTypes {

  /** Packages whose exceptions and errors are allowed, with the dot. */
  private static final Set<String> EXCEPTION_PACKAGES =
      Set.of(
          "java.io.",
          "java.lang.",
          "java.net.",
          "java.nio.file.",
          "java.sql.",
          "java.util.",
          "java.util.concurrent.",
          "javax.cache.",
          "javax.cache.integration.",
          "javax.cache.processor.");

  private static final Set<String> NAMES = new HashSet<>();

  static {
    // What other classes are made of
    add("java.lang.", "Object Enum Number Throwable StackTraceElement");
    add("java.lang.reflect.", "Proxy");
    // It has no methods. Hibernate caches the state of an entity as Serializable[]
    add("java.io.", "Serializable");
    // Values
    add(
        "java.lang.",
        """
        Boolean Byte Character Double Float Integer Long Short String StringBuffer
        StringBuilder String$CaseInsensitiveComparator\
        """);
    add("java.net.", "URI");
    add("java.sql.", "Date Time Timestamp");
    add(
        "java.util.",
        """
        BitSet Calendar Currency Date GregorianCalendar Locale SimpleTimeZone TimeZone UUID\
        """);
    add("sun.util.calendar.", "ZoneInfo");
    // Collections and maps
    add(
        "java.util.",
        """
        AbstractMap$SimpleEntry AbstractMap$SimpleImmutableEntry ArrayDeque ArrayList
        Arrays$ArrayList CollSer Comparators$NaturalOrderComparator EnumMap EnumSet
        EnumSet$SerializationProxy HashMap HashSet Hashtable IdentityHashMap LinkedHashMap
        LinkedHashSet LinkedList PriorityQueue Properties Stack TreeMap TreeSet Vector\
        """);
    // Concurrent ones, and what they have inside
    add(
        "java.util.concurrent.",
        """
        ConcurrentHashMap ConcurrentHashMap$CollectionView ConcurrentHashMap$KeySetView
        ConcurrentHashMap$Segment ConcurrentLinkedDeque ConcurrentLinkedQueue
        ConcurrentSkipListMap ConcurrentSkipListSet CopyOnWriteArrayList CopyOnWriteArraySet
        TimeUnit\
        """);
    add("java.util.concurrent.atomic.", "AtomicBoolean AtomicInteger AtomicLong AtomicReference");
    add(
        "java.util.concurrent.locks.",
        """
        AbstractOwnableSynchronizer AbstractQueuedSynchronizer ReentrantLock
        ReentrantLock$NonfairSync ReentrantLock$Sync\
        """);
  }

  private JdkTypes() {}

  private static void add(String start, String names) {
    for (String name : names.split("\\s+")) {
      NAMES.add(start + name);
    }
  }

  /** Tells whether a class is always allowed, by its binary name; arrays and primitives are not. */
  static boolean include(String name) {
    return NAMES.contains(name)
        || name.startsWith("java.time.")
        || name.startsWith("java.math.")
        || name.startsWith("java.util.Collections$")
        || isException(name);
  }

  private static boolean isException(String name) {
    return (name.endsWith("Exception") || name.endsWith("Error"))
        && EXCEPTION_PACKAGES.contains(name.substring(0, name.lastIndexOf('.') + 1));
  }
}
