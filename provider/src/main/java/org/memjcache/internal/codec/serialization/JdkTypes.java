package org.memjcache.internal.codec.serialization;

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

  private static final Set<String> NAMES =
      Set.of(
          // What other classes are made of
          "java.lang.Object",
          "java.lang.Enum",
          "java.lang.Number",
          "java.lang.Throwable",
          "java.lang.StackTraceElement",
          "java.lang.reflect.Proxy",
          // It has no methods. Hibernate caches the state of an entity as Serializable[]
          "java.io.Serializable",
          // Values
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Character",
          "java.lang.Double",
          "java.lang.Float",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Short",
          "java.lang.String",
          "java.lang.StringBuffer",
          "java.lang.StringBuilder",
          "java.lang.String$CaseInsensitiveComparator",
          "java.net.URI",
          "java.sql.Date",
          "java.sql.Time",
          "java.sql.Timestamp",
          "java.util.BitSet",
          "java.util.Calendar",
          "java.util.Currency",
          "java.util.Date",
          "java.util.GregorianCalendar",
          "java.util.Locale",
          "java.util.SimpleTimeZone",
          "java.util.TimeZone",
          "java.util.UUID",
          "sun.util.calendar.ZoneInfo",
          // Collections and maps
          "java.util.AbstractMap$SimpleEntry",
          "java.util.AbstractMap$SimpleImmutableEntry",
          "java.util.ArrayDeque",
          "java.util.ArrayList",
          "java.util.Arrays$ArrayList",
          "java.util.CollSer",
          "java.util.Comparators$NaturalOrderComparator",
          "java.util.EnumMap",
          "java.util.EnumSet",
          "java.util.EnumSet$SerializationProxy",
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.Hashtable",
          "java.util.IdentityHashMap",
          "java.util.LinkedHashMap",
          "java.util.LinkedHashSet",
          "java.util.LinkedList",
          "java.util.PriorityQueue",
          "java.util.Properties",
          "java.util.Stack",
          "java.util.TreeMap",
          "java.util.TreeSet",
          "java.util.Vector",
          // Concurrent ones, and what they have inside
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentHashMap$CollectionView",
          "java.util.concurrent.ConcurrentHashMap$KeySetView",
          "java.util.concurrent.ConcurrentHashMap$Segment",
          "java.util.concurrent.ConcurrentLinkedDeque",
          "java.util.concurrent.ConcurrentLinkedQueue",
          "java.util.concurrent.ConcurrentSkipListMap",
          "java.util.concurrent.ConcurrentSkipListSet",
          "java.util.concurrent.CopyOnWriteArrayList",
          "java.util.concurrent.CopyOnWriteArraySet",
          "java.util.concurrent.TimeUnit",
          "java.util.concurrent.atomic.AtomicBoolean",
          "java.util.concurrent.atomic.AtomicInteger",
          "java.util.concurrent.atomic.AtomicLong",
          "java.util.concurrent.atomic.AtomicReference",
          "java.util.concurrent.locks.AbstractOwnableSynchronizer",
          "java.util.concurrent.locks.AbstractQueuedSynchronizer",
          "java.util.concurrent.locks.ReentrantLock",
          "java.util.concurrent.locks.ReentrantLock$NonfairSync",
          "java.util.concurrent.locks.ReentrantLock$Sync");

  private JdkTypes() {}

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
