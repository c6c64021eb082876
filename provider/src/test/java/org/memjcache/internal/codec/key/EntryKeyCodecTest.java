// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Year;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.Vector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.Gadgets;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.support.HostileTexts;
import org.memjcache.support.Samples;
import org.memjcache.support.Samples.Badge;
import org.memjcache.support.Samples.Color;
import org.memjcache.support.Samples.Named;
import org.memjcache.support.Samples.Pair;
import org.memjcache.support.Samples.Person;

class EntryKeyCodecTest {

  private static final EntryKeyCodec CODEC = new EntryKeyCodec(Samples.serializer());

  private static String text(Object key) {
    return CODEC.encode(key).text();
  }

  @Test
  void encode_eachType_exactText() {
    assertThat(text("ORDER 4711")).isEqualTo("SORDER%204711");
    assertThat(text("")).isEqualTo("S");
    assertThat(text(1)).isEqualTo("I1");
    assertThat(text(-1L)).isEqualTo("L-1");
    assertThat(text((short) 1)).isEqualTo("H1");
    assertThat(text((byte) 1)).isEqualTo("B1");
    assertThat(text(':')).isEqualTo("C%3A");
    assertThat(text(true)).isEqualTo("Ztrue");
    assertThat(text(1.5)).isEqualTo("D0x1.8p0");
    assertThat(text(-0.0f)).isEqualTo("F-0x0.0p0");
    assertThat(text(Double.NaN)).isEqualTo("DNaN");
    assertThat(text(new BigInteger("-12"))).isEqualTo("N-12");
    assertThat(text(new BigDecimal("12.50"))).isEqualTo("M1250_2");
    assertThat(text(new UUID(1, 2))).isEqualTo("U00000000-0000-0001-0000-000000000002");
    assertThat(text(new Date(12))).isEqualTo("t12");
    assertThat(text(Instant.EPOCH)).isEqualTo("T1970-01-01T00%3A00%3A00Z");
    assertThat(text(LocalDate.of(2024, 2, 29))).isEqualTo("d2024-02-29");
    assertThat(text(LocalTime.of(10, 15))).isEqualTo("h10%3A15");
    assertThat(text(LocalDateTime.of(2024, 2, 29, 10, 15))).isEqualTo("w2024-02-29T10%3A15");
    assertThat(text(DayOfWeek.MONDAY)).isEqualTo("Ejava.time.DayOfWeek/MONDAY");
    assertThat(text(Color.GREEN)).isEqualTo("Eorg.memjcache.support.Samples%24Color/GREEN");
    assertThat(text(Year.of(2024))).isEqualTo("vJwAAB-g");
    assertThat(text(List.of())).isEqualTo("l()");
    assertThat(text(Arrays.asList("a,b", 1, null, List.of("")))).isEqualTo("l(Sa%2Cb,I1,n,l(S))");
    assertThat(text(new Person("Ada", 36))).matches("x[A-Za-z0-9_-]+");
  }

  static List<Object> keys() {
    List<Object> keys = new ArrayList<>(Samples.keys());
    keys.addAll(Samples.otherKeys());
    return keys;
  }

  @ParameterizedTest
  @MethodSource("keys")
  void decode_encodedKey_equalKey(Object key) {
    Object copy = CODEC.decode(text(key));

    assertThat(copy).isEqualTo(key);
    if (!(key instanceof List)) {
      assertThat(copy).hasSameClassAs(key);
    }
    assertThat(text(copy)).isEqualTo(text(key));
  }

  @Test
  void encode_allSamples_sameOnlyIfEqual() {
    List<Object> keys = keys();
    List<String> texts = keys.stream().map(EntryKeyCodecTest::text).toList();
    for (int i = 0; i < keys.size(); i++) {
      for (int j = 0; j < keys.size(); j++) {
        assertThat(texts.get(i).equals(texts.get(j)))
            .as("%s and %s", keys.get(i), keys.get(j))
            .isEqualTo(keys.get(i).equals(keys.get(j)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void encode_anyKey_safeAscii(Object key) {
    assertThat(text(key)).matches("[A-Za-z]([A-Za-z0-9._%(),/-]*)");
  }

  @Property(tries = 1_000)
  @Tag("slow")
  void encode_twoKeys_sameOnlyIfEqual(
      @ForAll("anyKeys") Object one, @ForAll("anyKeys") Object two) {
    assertThat(text(one).equals(text(two))).isEqualTo(one.equals(two));
  }

  @Tag("slow")
  @Property(tries = 1_000)
  void decode_anyKey_equalKey(@ForAll("anyKeys") Object key) {
    assertThat(CODEC.decode(text(key))).isEqualTo(key);
  }

  @Provide
  Arbitrary<Object> anyKeys() {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            HostileTexts.any().asGeneric(),
            Arbitraries.of(HostileTexts.PIECES).asGeneric(),
            Arbitraries.chars().all().asGeneric(),
            Arbitraries.integers().asGeneric(),
            Arbitraries.longs().asGeneric(),
            Arbitraries.longs().map(Double::longBitsToDouble).asGeneric(),
            Arbitraries.integers().map(Float::intBitsToFloat).asGeneric(),
            Arbitraries.bigDecimals().asGeneric(),
            Arbitraries.bigIntegers().asGeneric(),
            Arbitraries.longs().map(Instant::ofEpochMilli).asGeneric(),
            Arbitraries.longs()
                .map(n -> LocalTime.ofNanoOfDay(Math.floorMod(n, 86_400_000_000_000L)))
                .asGeneric(),
            Arbitraries.of(Color.class).asGeneric());
    return Arbitraries.lazyOf(
        () -> scalars, () -> scalars, () -> anyKeys().list().ofMaxSize(3).asGeneric());
  }

  // Equal keys encode equally

  static List<List<Object>> equalKeys() {
    List<Object> linked = new LinkedList<>(List.of("a", 1));
    String a = "a";
    String other = new String("a");
    Person person = new Person("p", 1);
    Person samePerson = new Person(new String("p"), 1);
    Long big = 1_000_000L;
    // Java serialization writes type names as strings too, and refers back to them
    String typeName = "Ljava/lang/Object;".intern();
    List<Object> list = new ArrayList<>(List.of("x"));
    list.add("y");
    return List.of(
        List.of(List.of("a", 1), Arrays.asList("a", 1), linked, new Vector<>(linked)),
        List.of(new Pair(a, a), new Pair(a, other), new Pair(other, new String("a"))),
        List.of(new Pair(big, big), new Pair(big, Long.valueOf("1000000"))),
        List.of(new Pair(person, person), new Pair(person, samePerson)),
        List.of(new Pair(typeName, 1), new Pair(new String(typeName), 1)),
        List.of(
            new Pair(new UUID(1, 2), new BigDecimal("1.0")),
            new Pair(new UUID(1, 2), new BigDecimal("1.0"))),
        List.of(
            sameTwice(LocalDate.of(2024, 1, 1)),
            new Pair(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 1, 1))),
        List.of(
            sameTwice(java.time.chrono.JapaneseDate.of(2024, 1, 1)),
            new Pair(
                java.time.chrono.JapaneseDate.of(2024, 1, 1),
                java.time.chrono.JapaneseDate.of(2024, 1, 1))),
        List.of(sameTwice(new Date(1)), new Pair(new Date(1), new Date(1))),
        List.of(
            new Named("n", List.of("x", "y")),
            new Named("n", list),
            new Named("n", Arrays.asList("x", "y")),
            new Named("n", new LinkedList<>(list)),
            new Named("n", Collections.unmodifiableList(list)),
            new Named("n", new java.util.concurrent.CopyOnWriteArrayList<>(list))),
        List.of(new Named("n", List.of()), new Named("n", Collections.emptyList())),
        List.of(
            new Named("n", List.of(List.of("x"), list)),
            new Named("n", new ArrayList<>(List.of(Arrays.asList("x"), List.of("x", "y"))))),
        List.of(new Badge((byte) 1), new Badge((byte) 1)),
        List.of(
            new Pair(new Badge((byte) 1), new Badge((byte) 1)), sameTwice(new Badge((byte) 1))));
  }

  private static Pair sameTwice(Object part) {
    return new Pair(part, part);
  }

  @ParameterizedTest
  @MethodSource("equalKeys")
  void encode_equalKeysInOtherInstances_sameText(List<Object> equal) {
    for (Object key : equal) {
      assertThat(key).isEqualTo(equal.get(0));
      assertThat(text(key)).isEqualTo(text(equal.get(0)));
      assertThat(CODEC.decode(text(key))).isEqualTo(key);
    }
  }

  /** Forgets the age, as JSON of a class with a field that isn't mapped would. */
  private static final Serializer FORGETFUL =
      new Serializer() {
        @Override
        public byte[] serialize(Object value) {
          return ((Person) value).name().getBytes(UTF_8);
        }

        @Override
        public Object deserialize(byte[] bytes, int offset, int length) {
          return new Person(new String(bytes, offset, length, UTF_8), 0);
        }
      };

  @Test
  void encode_serializerThatForgetsAField_refusedHoweverManyKeysWereGoodBefore() {
    EntryKeyCodec codec = new EntryKeyCodec(FORGETFUL);
    for (int i = 0; i < 100; i++) {
      assertThat(text(new Person("Ada", i))).startsWith("x"); // with another serializer
      codec.encode(new Person("Ada" + i, 0));
    }

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> codec.encode(new Person("Ada", 36)))
        .withMessageContainingAll("Person", "copy isn't equal", "leaves out a field");
  }

  @Test
  void encode_serializerThatCanNotReadTheKey_refused() {
    Serializer unreadable =
        new Serializer() {
          @Override
          public byte[] serialize(Object value) {
            return new byte[1];
          }

          @Override
          public Object deserialize(byte[] bytes, int offset, int length) {
            throw new CacheException("Not the JSON of a person");
          }
        };

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> new EntryKeyCodec(unreadable).encode(new Person("Ada", 36)))
        .withMessageContainingAll("Person", "can't be read back", "Not the JSON");
  }

  // Refused keys

  private static void assertRefused(Object key, String... parts) {
    for (int i = 0; i < 2; i++) { // what is remembered is the same
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> CODEC.encode(key))
          .withMessageContainingAll(parts);
    }
  }

  @Test
  void encode_array_refused() {
    assertRefused(new byte[] {1}, "[B", "array", "List");
    assertRefused(new String[] {"a"}, "array", "List");
  }

  static final class Plain implements java.io.Serializable {
    private static final long serialVersionUID = 1;
  }

  record WithArray(byte[] bytes) implements java.io.Serializable {}

  record WithLinkedList(LinkedList<String> list) implements java.io.Serializable {}

  @SuppressWarnings({"overrides", "EqualsHashCode"}) // the fault that is to be found
  static final class EqualsWithoutHashCode implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public boolean equals(Object other) {
      return other instanceof EqualsWithoutHashCode;
    }
  }

  record ComparesArray(byte[] bytes) implements java.io.Serializable {
    @Override
    public boolean equals(Object other) {
      return other instanceof ComparesArray that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /** A hash code that is kept, as in Spring's SimpleKey, is no state. */
  static final class TransientHash implements java.io.Serializable {
    private static final long serialVersionUID = 1;
    private final String name;
    private transient int hash;
    private final transient String shown;

    TransientHash(String name, String shown) {
      this.name = name;
      this.shown = shown;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof TransientHash that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
      if (hash == 0) {
        hash = name.hashCode();
      }
      return hash;
    }

    @Override
    public String toString() {
      return shown;
    }
  }

  static final class TransientField implements java.io.Serializable {
    private static final long serialVersionUID = 1;
    private final transient String name;

    TransientField(String name) {
      this.name = name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof TransientField that && java.util.Objects.equals(name, that.name);
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  record NotSerializable(String name) {}

  private static final EntryKeyCodec LENIENT =
      new EntryKeyCodec(
          new JavaSerializer(
              ClassLookup.of(EntryKeyCodecTest.class.getClassLoader()),
              AllowList.parse("org.memjcache.internal.codec.**,org.memjcache.support.*,java.**")));

  private static void assertRefusedThoughAllowed(Object key, String... parts) {
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> LENIENT.encode(key))
          .withMessageContaining(key.getClass().getName())
          .withMessageContainingAll(parts);
    }
  }

  @Test
  void encode_classThatBreaksThePromise_refused() throws Exception {
    assertRefusedThoughAllowed(new Plain(), "doesn't override equals", "record");
    assertRefusedThoughAllowed(new Pair("a", new Plain()), "Plain", "doesn't override equals");
    assertRefusedThoughAllowed(new Object(), "doesn't override equals");
    assertRefusedThoughAllowed(Object.class, "doesn't override equals");
    assertRefusedThoughAllowed(new StringBuilder("a"), "doesn't override equals");
    assertRefusedThoughAllowed(new EqualsWithoutHashCode(), "hashCode");
    assertRefusedThoughAllowed(new WithArray(new byte[] {1}), "array 'bytes'", "List");
    assertRefusedThoughAllowed(new Pair(1, new WithArray(new byte[0])), "WithArray", "List");
    assertRefusedThoughAllowed(
        new WithLinkedList(new LinkedList<>()), "declare such fields as List");
    assertRefusedThoughAllowed(
        new Pair(1, new WithLinkedList(new LinkedList<>())), "declare such fields as List");
    assertRefusedThoughAllowed(new TransientField("a"), "transient");
    assertRefusedThoughAllowed(new Pair(1, new TransientField("a")), "TransientField");
    assertRefusedThoughAllowed(new NotSerializable("a"), "java.io.Serializable");
    assertRefusedThoughAllowed(new Pair(1, new NotSerializable("a")), "NotSerializable");
    assertRefusedThoughAllowed(java.net.URI.create("http://a"), "toString");
    assertRefusedThoughAllowed(java.net.URI.create("http://a").toURL(), "toString");
    assertRefusedThoughAllowed(java.net.InetAddress.getLoopbackAddress(), "getHostAddress");
    assertRefusedThoughAllowed(new java.net.InetSocketAddress(1), "host name");
    assertRefusedThoughAllowed(new java.io.File("a"), "getPath");
    assertRefusedThoughAllowed(new java.util.BitSet(), "toLongArray");
    assertRefusedThoughAllowed(java.util.Calendar.getInstance(), "java.time");
    assertRefusedThoughAllowed(java.util.TimeZone.getDefault(), "ZoneId");
    assertRefusedThoughAllowed(new java.sql.Date(1), "LocalDate");
    assertRefusedThoughAllowed(new java.sql.Timestamp(1), "Instant");
    assertRefusedThoughAllowed(new Pair(1, new java.sql.Timestamp(1)), "Timestamp", "Instant");
    assertRefusedThoughAllowed(new Pair(1, new java.sql.Time(1)), "LocalTime");
    assertRefusedThoughAllowed(new BigInteger("1") {}, "BigInteger itself");
    assertRefusedThoughAllowed(new BigDecimal("1") {}, "BigDecimal itself");
  }

  @Test
  void encode_classThatKeepsThePromiseInItsOwnWay_taken() {
    for (Object key :
        List.of(
            new ComparesArray(new byte[] {1}),
            new TransientHash("a", "b"),
            new Pair(1, new TransientHash("a", "b")))) {
      assertThat(LENIENT.decode(LENIENT.encode(key).text())).isEqualTo(key);
    }
    TransientHash hashed = new TransientHash("a", "b");
    assertThat(hashed.hashCode()).isEqualTo("a".hashCode());
    assertThat(LENIENT.encode(hashed)).isEqualTo(LENIENT.encode(new TransientHash("a", "c")));
  }

  @Test
  void encode_classNotAllowed_refused() {
    EntryKeyCodec strict =
        new EntryKeyCodec(new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes()));
    for (Object key : List.of(Color.RED, new Person("a", 1), List.of(Color.RED))) {
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> strict.encode(key))
          .withMessageContainingAll("org.memjcache.support.Samples$", "serialization.allow");
    }
  }

  @Test
  void encode_listInItself_refused() {
    List<Object> list = new ArrayList<>();
    list.add(list);

    assertRefused(list, "nested deeper");
  }

  /** What is written has to be read, or else an iteration leaves the entry out. */
  @Test
  void decode_largestKeysThatAreTaken_equalKey() {
    BigInteger number = BigInteger.ONE.shiftLeft(33_000).negate();
    Set<Integer> set = IntStream.range(0, 10_000).boxed().collect(Collectors.toSet());
    Map<Integer, Integer> map = set.stream().collect(Collectors.toMap(one -> one, one -> -one));
    Object deepest = "innermost";
    for (int i = 0; i < 50; i++) {
      deepest = List.of(deepest);
    }

    for (Object key : List.of(number, set, map, deepest)) {
      assertThat(CODEC.decode(text(key))).isEqualTo(key);
    }
    assertRefused(number.subtract(BigInteger.ONE), "more than 33000 bits");
    assertRefused(List.of(deepest), "nested deeper than 50");
  }

  @Test
  void encode_recordInListInItself_refused() {
    List<Object> list = new ArrayList<>();
    list.add(new Pair(1, list));

    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> CODEC.encode(list));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "S%",
        "S:",
        "Q",
        "é",
        "I",
        "Ix",
        "I1x",
        "I99999999999",
        "Zyes",
        "Z",
        "Cab",
        "C",
        "M12",
        "M_",
        "n",
        "nn",
        "l",
        "l(",
        "l)",
        "l(S",
        "l(Sa,)",
        "l(,)",
        "l()S",
        "l(())",
        "S(",
        "Sa,Sb",
        "e()",
        "e(Sa)",
        "e(Sa,Sb,Sc,Sd)",
        "m(Sa)",
        "m(Sa,Sb,Sc)",
        "E",
        "Ejava.time.DayOfWeek",
        "Ejava.time.DayOfWeek/NODAY",
        "Ejava.lang.String/x",
        "Ecom.acme.Unknown/X",
        "Ejava.time.NoSuch/X",
        "v",
        "v!",
        "vAA",
        "vAQ",
        "v__8",
        "vJwAAB-",
        "vJwAAB-gA",
        "x",
        "x!",
        "xAAAA",
        "Tnow",
        "d2024-13-01",
        "U1"
      })
  void decode_otherText_refused(String text) {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> CODEC.decode(text))
        .withMessageContaining(text);
  }

  @Test
  void decode_enumThatIsNone_notEvenInitialized() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(
            () ->
                LENIENT.decode(
                    "Eorg.memjcache.internal.codec.serialization.Gadgets%24Initializing/ONE"))
        .withMessageContaining("Gadgets$Initializing is not an enum");

    assertThat(Gadgets.RAN).doesNotContain("static initializer");
  }

  @Test
  void decode_listsInListsWithoutEnd_refused() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> CODEC.decode("l(".repeat(100_000)));
  }

  @Test
  void mayBe_firstLetterOfAFinalClass_decides() {
    assertThat(EntryKeyCodec.mayBe(text("a"), String.class)).isTrue();
    assertThat(EntryKeyCodec.mayBe(text(1), String.class)).isFalse();
    assertThat(EntryKeyCodec.mayBe("", String.class)).isFalse();
    // Not final: the text of a subclass's key may begin with any letter.
    assertThat(EntryKeyCodec.mayBe(text(Year.of(2024)), Date.class)).isTrue();
    assertThat(EntryKeyCodec.mayBe(text("a"), Object.class)).isTrue();
  }

  @Test
  void decode_list_canNotBeChanged() {
    assertThat((List<?>) CODEC.decode("l(Sa)")).isUnmodifiable();
  }
}
