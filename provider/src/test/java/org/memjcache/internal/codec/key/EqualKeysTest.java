// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.AbstractMap.SimpleEntry;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.cache.CacheException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.support.Samples.Color;
import org.memjcache.support.Samples.Pair;

/**
 * Two keys of which one says that it equals the other have the same text, or one of them is
 * refused; and two with the same text are equal.
 */
class EqualKeysTest {

  private static final EntryKeyCodec CODEC =
      new EntryKeyCodec(
          new JavaSerializer(
              ClassLookup.of(EqualKeysTest.class.getClassLoader()),
              AllowList.parse("org.memjcache.internal.codec.**,org.memjcache.support.*,java.**")));

  private static String text(Object key) {
    return CODEC.encode(key).text();
  }

  /** Returns the text, or why there is none. */
  private static String textOrRefusal(Object key) {
    try {
      return text(key);
    } catch (CacheException e) {
      return "refused: " + e.getMessage();
    }
  }

  private static boolean isRefused(String text) {
    return text.startsWith("refused: ");
  }

  // The JDK's classes, each with whatever may be equal to it

  private static List<Object> values() throws Exception {
    StackTraceElement ofTheJvm = new Throwable().getStackTrace()[0];
    Calendar computed = new GregorianCalendar(2024, Calendar.MARCH, 1);
    computed.getTimeInMillis();
    BitSet large = new BitSet(10_000);
    return List.of(
        new Date(1),
        new Date(1) {},
        new java.sql.Date(1),
        new java.sql.Time(1),
        new java.sql.Timestamp(1),
        timestamp(1_000_001),
        timestamp(1_000_002),
        Instant.ofEpochMilli(1),
        1,
        1L,
        1.0,
        1.0f,
        0.0,
        -0.0,
        Double.NaN,
        Double.longBitsToDouble(0x7ff8_0000_0000_0001L),
        '1',
        "1",
        new StringBuilder("1"),
        new StringBuffer("1"),
        BigInteger.ONE,
        new BigInteger("1") {},
        new BigDecimal("1"),
        new BigDecimal("1.0"),
        new BigDecimal("1.00"),
        new BigDecimal("1") {},
        new AtomicInteger(1),
        Optional.of("1"),
        new GregorianCalendar(2024, Calendar.MARCH, 1),
        computed,
        TimeZone.getTimeZone("UTC"),
        new SimpleTimeZone(0, "UTC"),
        Locale.GERMANY,
        new Locale("DE", "de"),
        Locale.forLanguageTag("de-DE"),
        Currency.getInstance("EUR"),
        new BitSet(),
        large,
        URI.create("http://a/"),
        URI.create("HTTP://A/"),
        URI.create("http://a/").toURL(),
        InetAddress.getByAddress("a", new byte[] {127, 0, 0, 1}),
        InetAddress.getByAddress("b", new byte[] {127, 0, 0, 1}),
        new java.io.File("a"),
        new byte[] {1},
        new Object[] {"1"},
        new String[] {"1"},
        ofTheJvm,
        new StackTraceElement(
            ofTheJvm.getClassLoaderName(),
            ofTheJvm.getModuleName(),
            ofTheJvm.getModuleVersion(),
            ofTheJvm.getClassName(),
            ofTheJvm.getMethodName(),
            ofTheJvm.getFileName(),
            ofTheJvm.getLineNumber()),
        Color.RED,
        TimeUnit.DAYS);
  }

  private static java.sql.Timestamp timestamp(int nanos) {
    var timestamp = new java.sql.Timestamp(1);
    timestamp.setNanos(nanos);
    return timestamp;
  }

  private static List<Object> lists() {
    List<Object> list = new ArrayList<>(List.of("a", "b"));
    Vector<Object> vector = new Vector<>(50);
    vector.addAll(list);
    return List.of(
        list,
        List.of("a", "b"),
        Arrays.asList("a", "b"),
        new LinkedList<>(list),
        vector,
        new CopyOnWriteArrayList<>(list),
        Collections.unmodifiableList(list),
        Collections.synchronizedList(list),
        Collections.checkedList(list, Object.class),
        List.of("x", "a", "b").subList(1, 3),
        List.of("b", "a"),
        List.of(),
        Collections.emptyList(),
        Collections.nCopies(2, "a"),
        List.of("a", "a"),
        Collections.singletonList("a"),
        Collections.unmodifiableCollection(list),
        new java.util.ArrayDeque<>(list),
        new java.util.PriorityQueue<>(list));
  }

  private static List<Object> sets() {
    Set<String> roomy = new HashSet<>(1_000, 0.1f);
    Collections.addAll(roomy, "b", "a");
    Set<String> ignoringCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Collections.addAll(ignoringCase, "A", "B");
    Set<String> byIdentity = Collections.newSetFromMap(new IdentityHashMap<>());
    Collections.addAll(byIdentity, new String("a"), "b");
    List<Object> sets = new ArrayList<>();
    for (Set<String> set :
        List.<Set<String>>of(
            Set.of("a", "b"),
            new HashSet<>(List.of("a", "b")),
            roomy,
            new LinkedHashSet<>(List.of("a", "b")),
            new LinkedHashSet<>(List.of("b", "a")),
            new TreeSet<>(Set.of("a", "b")),
            new TreeSet<>(Set.of("a", "b")).descendingSet(),
            new TreeSet<>(Set.of("a", "b", "c")).headSet("c"),
            new ConcurrentSkipListSet<>(Set.of("a", "b")),
            new CopyOnWriteArraySet<>(List.of("b", "a")),
            concurrentSet("b", "a"),
            fromMap("a", "b"),
            new HashMap<>(Map.of("a", 1, "b", 2)).keySet(),
            ignoringCase,
            byIdentity,
            new TreeMap<String, Object>(String.CASE_INSENSITIVE_ORDER).keySet(),
            new HashSet<>() {
              @Override
              public boolean equals(Object other) {
                return true;
              }
            })) {
      sets.add(set);
      sets.add(Collections.unmodifiableSet(set));
      sets.add(Collections.unmodifiableSet(Collections.synchronizedSet(set)));
      sets.add(Collections.checkedSet(set, String.class));
    }
    Set<BigDecimal> numbers = new TreeSet<>(Set.of(new BigDecimal("1.0")));
    sets.add(numbers);
    sets.add(Collections.unmodifiableSet(numbers));
    sets.add(Set.of(new BigDecimal("1.0")));
    sets.add(Set.of(new BigDecimal("1.00")));
    sets.add(EnumSet.of(Color.RED));
    sets.add(Set.of(Color.RED));
    sets.add(Collections.unmodifiableSet(EnumSet.of(Color.RED)));
    sets.add(new TreeSet<>(Comparator.reverseOrder()));
    sets.add(EnumSet.noneOf(Color.class));
    sets.add(EnumSet.noneOf(TimeUnit.class));
    sets.add(Set.of());
    sets.add(Collections.emptySet());
    sets.add(Collections.singleton(null));
    sets.add(new HashSet<>(Arrays.asList((Object) null)));
    sets.add(Set.of(Set.of("a", "b"), "c"));
    sets.add(Set.of(new HashSet<>(Set.of("b", "a")), "c"));
    sets.add(Set.of(new Date(1)));
    sets.add(Set.of(timestamp(1_000_001)));
    return sets;
  }

  private static Set<String> fromMap(String... elements) {
    Set<String> set = Collections.newSetFromMap(new HashMap<>());
    Collections.addAll(set, elements);
    return set;
  }

  private static Set<String> concurrentSet(String... elements) {
    Set<String> set = ConcurrentHashMap.newKeySet();
    Collections.addAll(set, elements);
    return set;
  }

  private static List<Object> maps() {
    Map<String, Integer> backwards = new LinkedHashMap<>();
    backwards.put("b", 2);
    backwards.put("a", 1);
    Map<String, Integer> ignoringCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    ignoringCase.putAll(Map.of("A", 1, "B", 2));
    Map<String, Integer> byIdentity = new IdentityHashMap<>();
    byIdentity.putAll(Map.of(new String("a"), 1, "b", 2));
    Properties properties = new Properties();
    properties.putAll(Map.of("a", 1, "b", 2));
    List<Object> maps = new ArrayList<>();
    for (Map<String, Integer> map :
        List.<Map<String, Integer>>of(
            Map.of("a", 1, "b", 2),
            new HashMap<>(Map.of("a", 1, "b", 2)),
            backwards,
            new TreeMap<>(Map.of("a", 1, "b", 2)),
            new TreeMap<>(Map.of("a", 1, "b", 2)).descendingMap(),
            new Hashtable<>(Map.of("a", 1, "b", 2)),
            new ConcurrentHashMap<>(Map.of("a", 1, "b", 2)),
            new ConcurrentSkipListMap<>(Map.of("a", 1, "b", 2)),
            new WeakHashMap<>(Map.of("a", 1, "b", 2)),
            ignoringCase,
            byIdentity,
            new HashMap<>() {
              @Override
              public boolean equals(Object other) {
                return true;
              }
            })) {
      maps.add(map);
      maps.add(Collections.unmodifiableMap(map));
      maps.add(Collections.synchronizedMap(map));
      maps.add(Collections.checkedMap(map, String.class, Integer.class));
      maps.add(map.entrySet());
      maps.add(Collections.unmodifiableMap(map).entrySet());
    }
    maps.add(properties);
    maps.add(Map.of("a", 2, "b", 1));
    maps.add(Map.of("a", 1L, "b", 2L));
    maps.add(new EnumMap<>(Map.of(Color.RED, 1)));
    maps.add(Map.of(Color.RED, 1));
    maps.add(Collections.singletonMap("a", 1));
    maps.add(new HashMap<>(Map.of("a", 1)));
    maps.add(Map.of());
    maps.add(Collections.emptyMap());
    maps.add(new SimpleEntry<>("a", 1));
    maps.add(new SimpleImmutableEntry<>("a", 1));
    maps.add(Map.entry("a", 1));
    maps.add(new HashMap<>(Map.of("a", 1)).entrySet().iterator().next());
    maps.add(new TreeMap<>(Map.of("a", 1)).firstEntry());
    maps.add(List.of("a", 1));
    return maps;
  }

  /** By itself, and inside of what applications make keys of. */
  static List<UnaryOperator<Object>> places() {
    return List.of(
        key -> key,
        key -> List.of(key),
        key -> Collections.singleton(key),
        key -> Map.of("k", key),
        key -> Map.entry(key, "v"),
        key -> new Pair(key, 1),
        key -> new Pair(new Pair(1, key), Set.of("x", "y")),
        key -> new Pair(Set.of(new Pair(key, 1), "z"), 1));
  }

  @ParameterizedTest
  @MethodSource("places")
  void encode_anyTwoObjectsOfTheJdk_sameTextIfOneEqualsTheOther(UnaryOperator<Object> place)
      throws Exception {
    List<Object> parts = new ArrayList<>(values());
    parts.addAll(lists());
    parts.addAll(sets());
    parts.addAll(maps());
    List<Object> keys = parts.stream().map(place).toList();
    List<String> texts = keys.stream().map(EqualKeysTest::textOrRefusal).toList();
    int equal = 0;
    for (int i = 0; i < keys.size(); i++) {
      for (int j = 0; j < keys.size(); j++) {
        if (isRefused(texts.get(i)) || isRefused(texts.get(j))) {
          continue;
        }
        boolean lopsided = keys.get(i).equals(keys.get(j)) != keys.get(j).equals(keys.get(i));
        assertThat(lopsided).as("%s and %s", describe(parts, i), describe(parts, j)).isFalse();
        assertThat(texts.get(i).equals(texts.get(j)))
            .as("%s and %s have the same text", describe(parts, i), describe(parts, j))
            .isEqualTo(keys.get(i).equals(keys.get(j)));
        equal += i != j && keys.get(i).equals(keys.get(j)) ? 1 : 0;
      }
    }
    assertThat(equal).isGreaterThan(500); // so many are taken
  }

  private static String describe(List<Object> parts, int index) {
    Object part = parts.get(index);
    return part.getClass().getName() + " " + part;
  }

  @Test
  void encode_refused_namesClassAndRemedy() throws Exception {
    List<Object> parts = new ArrayList<>(values());
    parts.addAll(lists());
    parts.addAll(sets());
    parts.addAll(maps());
    int refused = 0;
    for (Object part : parts) {
      for (Object key : List.of(part, Collections.singletonList(part), new Pair(part, 1))) {
        String refusal = textOrRefusal(key);
        if (isRefused(refusal) && !refusal.contains("doesn't implement java.io.Serializable")) {
          assertThat(refusal)
              .containsPattern("Class \\S+ can't be (a cache key|part of a key): ")
              .containsPattern("; (use|copy it into|compare only) ");
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  /** An order that takes unequal objects for equal ones, or an equals that is hidden by another. */
  @Test
  void encode_refusedObjectBehindOneThatIsTaken_refused() {
    Object date = new Pair(Set.of(new Date(1)), 1);
    Object timestamp = new Pair(Set.of(timestamp(1_000_001)), 1);
    assertThat(timestamp).isEqualTo(date);

    assertThat(textOrRefusal(new Pair(date, timestamp))).contains("java.sql.Timestamp can't be");
    assertThat(textOrRefusal(new Pair(Set.of(date), Set.of(timestamp))))
        .contains("java.sql.Timestamp can't be");
  }

  @Test
  void encode_arrayThatEqualsComparesByIdentity_refused() {
    for (Object part :
        List.of(new byte[] {1}, List.of(new byte[] {1}), Set.of((Object) new String[] {"a"}))) {
      assertThat(textOrRefusal(new Pair(part, 1)))
          .contains("Pair can't be a cache key", "array by identity");
    }
  }

  record WithHashMap(HashMap<String, Integer> map, LinkedHashSet<String> set)
      implements Serializable {}

  record WithTreeMap(TreeMap<String, Integer> map) implements Serializable {}

  record WithSortedSet(java.util.SortedSet<String> set) implements Serializable {}

  @Test
  void encode_fieldOfAClassThatIsReadBack_taken() {
    Object key =
        new WithHashMap(new LinkedHashMap<>(Map.of("a", 1)), new LinkedHashSet<>(List.of("b")));

    assertThat(text(key))
        .isEqualTo(
            text(new WithHashMap(new HashMap<>(Map.of("a", 1)), new LinkedHashSet<>(Set.of("b")))));
    assertThat(CODEC.decode(text(key))).isEqualTo(key);
  }

  @Test
  void encode_fieldOfAClassThatIsNotReadBack_refused() {
    assertThat(textOrRefusal(new WithTreeMap(new TreeMap<>())))
        .contains("field 'map' is a java.util.TreeMap", "as List, Set or Map");
    assertThat(textOrRefusal(new WithSortedSet(new TreeSet<>()))).contains("field 'set'");
  }

  @Test
  void encode_setsInSets_boundedInDepthAndSize() {
    Object nested = "end";
    for (int i = 0; i < 9; i++) {
      nested = Set.of(nested, i);
    }
    assertThat(CODEC.decode(text(new Pair(nested, 1)))).isEqualTo(new Pair(nested, 1));
    for (int i = 0; i < 45; i++) {
      nested = Set.of(nested, i);
    }
    assertThat(textOrRefusal(new Pair(nested, 1))).contains("nested deeper than 10");
    assertThat(textOrRefusal(nested)).contains("nested deeper than 50");
    Set<Integer> large = new HashSet<>();
    for (int i = 0; i <= 10_000; i++) {
      large.add(i);
    }
    assertThat(textOrRefusal(large)).contains("more than 10000 elements");
    large.remove(0);
    assertThat(CODEC.decode(text(large))).isEqualTo(large);
  }

  @Test
  void encode_collectionsOfTheJdk_exactText() {
    assertThat(text(new LinkedHashSet<>(List.of("b", "a", 1)))).isEqualTo("s(I1,Sa,Sb)");
    assertThat(text(new TreeMap<>(Map.of("b", 1, "a", Set.of())))).isEqualTo("m(Sa,s(),Sb,I1)");
    assertThat(text(Map.entry("a", 1))).isEqualTo("e(Sa,I1)");
    assertThat(CODEC.decode("s(I1,Sa)")).isEqualTo(Set.of(1, "a"));
    assertThat(CODEC.decode("m(Sa,n)")).isEqualTo(Collections.singletonMap("a", null));
    assertThat(CODEC.decode("e(Sa,I1)")).isEqualTo(Map.entry("a", 1));
  }

  /** These bytes are in memcached, so no version of Java or of this class may change them. */
  @Test
  void encode_setAndMapInARecord_exactText() {
    assertThat(text(new Pair(Set.of("b", "a"), Map.of("y", 1, "x", 2))))
        .isEqualTo(
            "xrO0ABXNyACJvcmcubWVtamNhY2hlLnN1cHBvcnQuU2FtcGxlcyRQYWlyAAAAAAAAAAACAAJMAARsZ"
                + "WZ0dAASTGphdmEvbGFuZy9PYmplY3Q7TAAFcmlnaHRxAH4AAXhwc3IAF2phdmEudXRpbC5MaW5rZWR"
                + "IYXNoU2V02GzXWpXdKh4CAAB4cgARamF2YS51dGlsLkhhc2hTZXS6RIWVlri3NAMAAHhwdwwAAAAQP"
                + "0AAAAAAAAJ0AAFhdAABYnhzcgAXamF2YS51dGlsLkxpbmtlZEhhc2hNYXA0wE5cEGzA-wIAAVoAC2F"
                + "jY2Vzc09yZGVyeHIAEWphdmEudXRpbC5IYXNoTWFwBQfawcMWYNEDAAJGAApsb2FkRmFjdG9ySQAJd"
                + "GhyZXNob2xkeHA_QAAAAAAADHcIAAAAEAAAAAJ0AAF4c3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPe"
                + "BhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAJ0AAF5c3EAf"
                + "gAMAAAAAXgA");
  }

  // Any two keys

  @Tag("slow")
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void encode_anyTwoKeys_sameTextOnlyIfEqual(
      @ForAll("keys") Object one, @ForAll("keys") Object two) {
    assertThat(text(one).equals(text(two))).isEqualTo(one.equals(two));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void encode_equalKeyOfOtherClassesInAnotherOrder_sameText(
      @ForAll("keys") Object key, @ForAll long seed) {
    Object other = rebuilt(key, new Random(seed));

    assertThat(other).isEqualTo(key);
    assertThat(text(other)).isEqualTo(text(key));
    assertThat(CODEC.decode(text(other))).isEqualTo(key);
  }

  @Provide
  Arbitrary<Object> keys() {
    return keys(3);
  }

  private static Arbitrary<Object> keys(int depth) {
    Arbitrary<Object> simple =
        Arbitraries.of(
            "",
            "a",
            "(",
            ",",
            "Ljava/lang/Object;",
            1,
            1L,
            1.0,
            BigInteger.ONE,
            new BigDecimal("1.0"),
            Color.RED,
            new Date(1),
            LocalDate.EPOCH,
            List.of(),
            Set.of(),
            Map.of());
    if (depth == 0) {
      return simple;
    }
    Arbitrary<Object> parts = keys(depth - 1);
    return Arbitraries.oneOf(
        simple,
        parts.list().ofMaxSize(3).asGeneric(),
        parts.set().ofMaxSize(3).asGeneric(),
        Arbitraries.maps(parts, parts).ofMaxSize(2).asGeneric(),
        Combinators.combine(parts, parts).as(Pair::new).asGeneric(),
        Combinators.combine(parts, parts).as(Map::entry).asGeneric());
  }

  /** Returns an equal object, made of other classes and in another order where equals allows. */
  private static Object rebuilt(Object key, Random random) {
    if (key instanceof Pair pair) {
      return new Pair(rebuilt(pair.left(), random), rebuilt(pair.right(), random));
    }
    if (key instanceof Map.Entry<?, ?> entry) {
      return new SimpleEntry<>(rebuilt(entry.getKey(), random), rebuilt(entry.getValue(), random));
    }
    if (key instanceof String text) {
      return new String(text);
    }
    if (key instanceof List<?> list) {
      List<Object> copy = new LinkedList<>();
      list.forEach(element -> copy.add(rebuilt(element, random)));
      return random.nextBoolean() ? copy : List.copyOf(copy);
    }
    if (key instanceof Set<?> set) {
      List<Object> copy = new ArrayList<>();
      set.forEach(element -> copy.add(rebuilt(element, random)));
      Collections.shuffle(copy, random);
      return switch (random.nextInt(4)) {
        case 0 -> Set.copyOf(copy);
        case 1 -> new LinkedHashSet<>(copy);
        case 2 -> Collections.unmodifiableSet(new CopyOnWriteArraySet<>(copy));
        default -> new HashSet<>(copy);
      };
    }
    if (key instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      List<Object> order = new ArrayList<>(map.keySet());
      Collections.shuffle(order, random);
      order.forEach(k -> copy.put(rebuilt(k, random), rebuilt(map.get(k), random)));
      return random.nextBoolean() ? copy : Map.copyOf(copy);
    }
    return key;
  }
}
