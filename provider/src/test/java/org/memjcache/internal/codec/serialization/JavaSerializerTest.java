// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.Serializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.support.Samples.Color;
import org.memjcache.support.Samples.Pair;
import org.memjcache.support.Samples.Person;

public class JavaSerializerTest {

  private static final ClassLoader LOADER = JavaSerializerTest.class.getClassLoader();

  private final JavaSerializer strict =
      new JavaSerializer(ClassLookup.of(LOADER), AllowList.jdkTypes());
  private final JavaSerializer lenient =
      new JavaSerializer(
          ClassLookup.of(LOADER),
          AllowList.parse("org.memjcache.internal.codec.**,org.memjcache.support.*"));

  @BeforeEach
  void forget() {
    Gadgets.RAN.clear();
  }

  private static Object copy(Serializer serializer, Object value) {
    byte[] bytes = serializer.serialize(value);
    byte[] within = new byte[bytes.length + 7];
    System.arraycopy(bytes, 0, within, 3, bytes.length);
    return serializer.deserialize(within, 3, bytes.length);
  }

  // Round trips

  static List<Object> jdkValues() {
    return List.of(
        new ArrayList<>(List.of(1, 2L, "c", 'd', 1.0, 2f, (short) 1, (byte) 2, true)),
        List.of(List.of(), Map.of(), java.util.Set.of()),
        Arrays.asList("a", null),
        new HashMap<>(Map.of("a", new int[0].length)),
        new java.util.LinkedHashMap<>(Map.of("a", 1)),
        new java.util.TreeMap<>(java.util.Comparator.reverseOrder()),
        new java.util.TreeSet<>(String.CASE_INSENSITIVE_ORDER),
        new java.util.LinkedList<>(List.of(1)),
        new java.util.Vector<>(List.of(1)),
        new java.util.Hashtable<>(Map.of(1, 2)),
        new java.util.IdentityHashMap<>(),
        java.util.EnumSet.noneOf(TimeUnit.class),
        new java.util.EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
        new java.util.concurrent.ConcurrentHashMap<>(Map.of(1, 2)),
        new java.util.concurrent.CopyOnWriteArrayList<>(List.of(1)),
        new java.util.concurrent.ConcurrentSkipListSet<>(List.of(1)),
        java.util.Collections.synchronizedMap(new HashMap<>()),
        java.util.Collections.nCopies(1000, "a"),
        java.util.Collections.emptySet(),
        java.util.Optional.class,
        int.class,
        String[][].class,
        java.util.Locale.GERMANY,
        java.util.Currency.getInstance("EUR"),
        java.util.TimeZone.getTimeZone("Europe/Paris"),
        java.time.chrono.JapaneseDate.of(2024, 1, 1),
        java.time.DayOfWeek.FRIDAY,
        java.math.RoundingMode.UP,
        new java.math.MathContext(3),
        new java.util.AbstractMap.SimpleEntry<>(1, 2));
  }

  @ParameterizedTest
  @MethodSource("jdkValues")
  void deserialize_valuesOfTheJdk_equal(Object value) {
    boolean allowed = value != java.util.Optional.class;
    if (allowed) {
      assertThat(copy(strict, value)).isEqualTo(value).hasSameClassAs(value);
    } else {
      assertThatExceptionOfType(CacheException.class).isThrownBy(() -> copy(strict, value));
    }
  }

  @Test
  @Tag("slow")
  void deserialize_bigCollections_withinTheArrayLimit() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      numbers.add(i);
    }
    assertThat(copy(strict, new HashSet<>(numbers))).isEqualTo(new HashSet<>(numbers));
    assertThat(copy(strict, new HashMap<>(1 << 16))).isEqualTo(Map.of());
    HashSet<Integer> sparse = new HashSet<>(16, 0.25f);
    sparse.addAll(numbers);
    assertThat(copy(strict, sparse)).isEqualTo(sparse);
    assertThat(copy(strict, new java.util.Hashtable<>(1000))).isEqualTo(Map.of());
    assertThat((boolean[]) copy(strict, new boolean[1 << 20])).hasSize(1 << 20);
  }

  @Test
  void deserialize_exceptions_withCauseAndStack() {
    RuntimeException value =
        new IllegalStateException("outer", new IOException("inner", new StackOverflowError()));
    value.addSuppressed(new java.util.NoSuchElementException("suppressed"));

    RuntimeException copy = (RuntimeException) copy(strict, value);

    assertThat(copy).hasMessage("outer").hasRootCauseInstanceOf(StackOverflowError.class);
    assertThat(copy.getSuppressed()).hasSize(1);
    assertThat(copy.getStackTrace()).isEqualTo(value.getStackTrace());
  }

  /** The JDK's messages quote the bytes as they are, and a stack trace has those of all causes. */
  @Test
  void deserialize_failureWhoseCauseQuotesControlCharacters_withoutTheCause() {
    byte[] bytes = strict.serialize(TimeUnit.DAYS);
    byte[] unknown = renamed(bytes, "DAYS", "DAYX");
    byte[] hostile = renamed(bytes, "DAYS", "DA\nS");

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.deserialize(unknown, 0, unknown.length))
        .havingCause()
        .withMessageContaining("DAYX");
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.deserialize(hostile, 0, hostile.length))
        .withMessageContaining("DA\\")
        .withNoCause();
  }

  @Test
  void deserialize_allowedClasses_equal() {
    for (Object value :
        List.of(
            new Person("Ada", 36),
            Color.GREEN,
            new Person[] {new Person("Ada", 36)},
            new HashMap<>(Map.of(Color.GREEN, new Pair(new Person("Ada", 36), null))))) {
      assertThat(copy(lenient, value)).isEqualTo(value).hasSameClassAs(value);
    }
  }

  @Test
  void deserialize_sameInstanceTwice_staysSame() {
    Person person = new Person("Ada", 36);

    Pair copy = (Pair) copy(lenient, new Pair(person, person));

    assertThat(copy.left()).isSameAs(copy.right());
  }

  // The allow-list

  interface Greeter {
    String greet();
  }

  private static Object proxy(Class<?>... faces) {
    return Proxy.newProxyInstance(LOADER, faces, new Gadgets.Handler());
  }

  static List<Object> gadgets() {
    return List.of(
        new Gadgets.Reading(),
        new Gadgets.Resolving(),
        new Gadgets.External(),
        new Gadgets.Derived(),
        new Gadgets.Hashing(),
        new Gadgets.Constructed(1),
        Gadgets.Initialized.ONE,
        proxy(Map.class),
        proxy(Comparable.class),
        proxy(Greeter.class),
        proxy());
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void deserialize_notAllowed_refusedBeforeAnyOfItRuns(Object gadget) {
    List<Object> wrapped =
        List.of(
            gadget,
            new ArrayList<>(Arrays.asList(gadget)),
            new Object[] {"a", new Object[] {gadget}},
            new java.util.IdentityHashMap<>(Map.of("k", gadget)),
            new HashMap<>(Map.of("k", gadget)),
            java.util.Collections.singletonMap("k", gadget),
            new java.util.concurrent.atomic.AtomicReference<>(gadget));
    for (Object value : wrapped) {
      byte[] bytes = Gadgets.bytes(value);
      Gadgets.RAN.clear();

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
          .withMessageContaining("serialization.allow");

      assertThat(Gadgets.RAN).isEmpty();
    }
  }

  @Test
  void deserialize_notAllowedInsideAllowed_refusedBeforeAnyOfItRuns() {
    JavaSerializer pairs =
        new JavaSerializer(ClassLookup.of(LOADER), AllowList.jdkTypes().and(Pair.class));
    byte[] bytes = Gadgets.bytes(new Pair("a", new Gadgets.Reading()));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> pairs.deserialize(bytes, 0, bytes.length))
        .withMessageContaining("org.memjcache.internal.codec.serialization.Gadgets$Reading");

    assertThat(Gadgets.RAN).isEmpty();
  }

  @Test
  void deserialize_classThatIsNotThere_refusedByNameWhenNotAllowed() {
    byte[] bytes =
        renamed(Gadgets.bytes(new Person("Ada", 36)), "Samples$Person", "Sample$Unknown");

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
        .withMessageContainingAll("org.memjcache.support.Sample$Unknown", "serialization.allow");
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> lenient.deserialize(bytes, 0, bytes.length))
        .withMessageContainingAll(
            "org.memjcache.support.Sample$Unknown", "not found", "class loader");
  }

  private static byte[] renamed(byte[] bytes, String from, String to) {
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Test
  void gadgets_allowed_run() {
    for (Object gadget : gadgets().subList(0, 6)) {
      Gadgets.RAN.clear();
      byte[] bytes = Gadgets.bytes(new HashSet<>(List.of(gadget)));

      lenient.deserialize(bytes, 0, bytes.length);

      assertThat(Gadgets.RAN).isNotEmpty(); // or the tests above would prove nothing
    }
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void serialize_notAllowed_refusedAtOnce(Object gadget) {
    for (Object value : List.of(gadget, new Object[] {gadget}, new ArrayList<>(List.of(gadget)))) {
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> strict.serialize(value))
          .withMessageContainingAll("serialization.allow", value.getClass().getName());
    }
  }

  @Test
  void serialize_lambda_refused() {
    Runnable lambda = (Runnable & Serializable) () -> {};

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> lenient.serialize(lambda))
        .withMessageContaining("java.lang.invoke.SerializedLambda");
  }

  @Test
  void proxy_interfaceAndHandlerAllowed_works() {
    assertThat(copy(lenient, proxy(Greeter.class))).isInstanceOf(Greeter.class);
  }

  @Test
  void proxy_handlerNotAllowed_refused() {
    JavaSerializer faceOnly =
        new JavaSerializer(ClassLookup.of(LOADER), AllowList.jdkTypes().and(Greeter.class));
    byte[] bytes = Gadgets.bytes(proxy(Greeter.class));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> faceOnly.deserialize(bytes, 0, bytes.length))
        .withMessageContaining("Gadgets$Handler");
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> faceOnly.serialize(proxy(Greeter.class)))
        .withMessageContaining("Gadgets$Handler");
  }

  @Test
  void proxy_interfaceNotAllowed_refused() {
    JavaSerializer handlerOnly =
        new JavaSerializer(ClassLookup.of(LOADER), AllowList.jdkTypes().and(Gadgets.Handler.class));
    Object proxy = proxy(Comparable.class, Greeter.class);
    byte[] bytes = Gadgets.bytes(proxy);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> handlerOnly.deserialize(bytes, 0, bytes.length))
        .withMessageContaining("java.lang.Comparable");
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> handlerOnly.serialize(proxy))
        .withMessageContaining("java.lang.Comparable");
  }

  @Test
  void enums_notAllowed_refused() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.checkEnum(Color.class))
        .withMessageContaining("serialization.allow");
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.findEnum(Color.class.getName()));
    assertThat(lenient.findEnum(Color.class.getName())).isEqualTo(Color.class);
  }

  // What can't be written

  static final class Holder implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // the fault that is to be found
    final List<Object> list = new ArrayList<>();
  }

  static final class Throwing implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Serial
    private void writeObject(java.io.ObjectOutputStream out) {
      throw new UnsupportedOperationException("not me");
    }
  }

  @Test
  void serialize_notSerializableInside_namesBothClasses() {
    Holder holder = new Holder();
    holder.list.add(Map.of("k", new Thread()));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> lenient.serialize(holder))
        .withMessageContainingAll(
            Holder.class.getName(), "Class java.lang.Thread doesn't implement");
  }

  @Test
  void serialize_writeObjectThrows_cacheException() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> lenient.serialize(new Throwing()))
        .withMessageContainingAll(Throwing.class.getName(), "not me");
  }

  static final class Link implements Serializable {
    @Serial private static final long serialVersionUID = 1;
    Link next;
  }

  private static Link chain(int length) {
    Link first = new Link();
    for (int i = 1; i < length; i++) {
      Link link = new Link();
      link.next = first;
      first = link;
    }
    return first;
  }

  @Test
  void serialize_endlesslyDeep_cacheException() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> lenient.serialize(chain(1_000_000)))
        .withMessageContaining("nested too deeply");
  }

  // Limits when reading

  @Test
  void deserialize_tooDeep_refused() {
    assertThat(copy(lenient, chain(500))).isInstanceOf(Link.class);
    byte[] bytes = lenient.serialize(chain(501));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> lenient.deserialize(bytes, 0, bytes.length))
        .withMessageContaining("deeper than 500");
  }

  @Test
  void deserialize_arrayLongerThanTheBytes_refused() {
    for (Object array : List.of(new byte[1], new long[1], new Object[] {null})) {
      byte[] bytes = Gadgets.bytes(array);
      int elementSize = array instanceof long[] ? 8 : 1;
      ByteBuffer.wrap(bytes).putInt(bytes.length - elementSize - 4, Integer.MAX_VALUE);

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
          .withMessageContaining("arrays of 2147483647");
    }
  }

  @Test
  void deserialize_listThatClaimsToBeLong_refused() {
    byte[] bytes = Gadgets.bytes(new ArrayList<>(List.of(7)));
    byte[] claim = ByteBuffer.allocate(4).putInt(1_000_000_000).array();
    for (int at = 0; at < bytes.length - 4; at++) {
      if (ByteBuffer.wrap(bytes).getInt(at) == 1) { // size and capacity
        System.arraycopy(claim, 0, bytes, at, 4);
      }
    }
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
        .withMessageContaining("arrays of 1000000000");
  }

  @Test
  void deserialize_mapsInMapsThatEachClaimMuch_refused() {
    Object nested = "the end";
    for (int i = 0; i < 100; i++) {
      nested = new HashMap<>(Map.of(i, nested));
    }
    assertThat(copy(strict, nested)).isEqualTo(nested);
    byte[] bytes = strict.serialize(nested);
    byte[] claim = ByteBuffer.allocate(4).putInt(bytes.length).array();
    int claims = 0;
    for (int at = 0; at < bytes.length - 8; at++) {
      ByteBuffer capacityAndSize = ByteBuffer.wrap(bytes, at, 8);
      if (capacityAndSize.getInt() == 2 && capacityAndSize.getInt() == 1) {
        System.arraycopy(claim, 0, bytes, at + 4, 4);
        claims++;
      }
    }
    assertThat(claims).isEqualTo(100);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
        .withMessageContaining("more than so few bytes can hold");
  }

  @Test
  void deserialize_anyBitFlipped_valueOrCacheException() {
    byte[] bytes = lenient.serialize(new Pair(List.of("a", Color.RED), new Person("Ada", 36)));
    int refused = 0;
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(lenient.deserialize(bytes, 0, bytes.length)).isNotNull();
      } catch (CacheException e) {
        refused++;
      }
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(refused).isGreaterThan(bytes.length);
  }

  // Class loaders

  /** Knows one more class, defined anew from the bytes of one in the tests. */
  public static final class OwnLoader extends ClassLoader {
    private final String name;

    public OwnLoader(String name) {
      super(LOADER);
      this.name = name;
    }

    @Override
    protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
      if (!wanted.equals(name)) {
        return super.loadClass(wanted, resolve);
      }
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = LOADER.getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void deserialize_givenLoaderFirst_thenTheThreads_thenOurOwn() {
    byte[] bytes = lenient.serialize(new Person("Ada", 36));
    AllowList allowed = AllowList.parse("org.memjcache.internal.codec.**,org.memjcache.support.*");
    OwnLoader own = new OwnLoader(Person.class.getName());
    ClassLoader platform = ClassLoader.getPlatformClassLoader();

    Object fromGiven =
        new JavaSerializer(ClassLookup.of(own), allowed).deserialize(bytes, 0, bytes.length);
    assertThat(fromGiven.getClass().getClassLoader()).isSameAs(own);

    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    JavaSerializer blind = new JavaSerializer(ClassLookup.of(platform), allowed);
    try {
      thread.setContextClassLoader(own);
      Object fromThread = blind.deserialize(bytes, 0, bytes.length);
      assertThat(fromThread.getClass().getClassLoader()).isSameAs(own);

      thread.setContextClassLoader(platform);
      Object ofOurs = blind.deserialize(bytes, 0, bytes.length);
      assertThat(ofOurs.getClass()).isSameAs(Person.class);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void deserialize_classThatNobodyKnows_isAnErrorThatNamesTheLoaders() {
    byte[] bytes = lenient.serialize(new Person("Ada", 36));
    String name = Person.class.getName();
    String unknown = name.replace("Person", "Nosrep");
    byte[] renamed = new String(bytes, ISO_8859_1).replace(name, unknown).getBytes(ISO_8859_1);
    JavaSerializer serializer =
        new JavaSerializer(
            ClassLookup.of(ClassLoader.getPlatformClassLoader()).withTypes(Person.class),
            AllowList.parse(unknown));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> serializer.deserialize(renamed, 0, renamed.length))
        .withMessageContainingAll(
            unknown,
            "the class loaders of the declared types [" + LOADER,
            "the cache manager's class loader " + ClassLoader.getPlatformClassLoader(),
            "the thread's context class loader",
            "the class loader of MemJCache");
  }

  // The filters of the JVM, which can be set only once: each in a JVM of its own

  private static List<String> inJvm(String option) throws Exception {
    Process process =
        new ProcessBuilder(
                new File(System.getProperty("java.home"), "bin/java").getPath(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                FilterProbe.class.getName())
            .redirectErrorStream(true)
            .start();
    try (InputStream in = process.getInputStream()) {
      List<String> lines = new String(in.readAllBytes()).lines().toList();
      assertThat(process.waitFor()).as("%s", lines).isZero();
      return lines;
    }
  }

  @Test
  void deserialize_jvmWideFilterRejects_refused() throws Exception {
    assertThat(inJvm("-Djdk.serialFilter=!org.memjcache.support.Samples$Person"))
        .anyMatch(l -> l.contains("person: refused") && l.contains("jdk.serialFilter"))
        .contains("pair: read")
        .anyMatch(l -> l.startsWith("gadget: refused") && l.contains("serialization.allow"))
        .contains("ran: []");
  }

  @Test
  void deserialize_jvmWideFilterAllowsAll_allowListStillHolds() throws Exception {
    assertThat(inJvm("-Djdk.serialFilter=*"))
        .contains("person: read", "pair: read", "ran: []")
        .anyMatch(l -> l.startsWith("gadget: refused") && l.contains("serialization.allow"));
  }

  @Test
  void deserialize_filterFactoryThatDropsOurs_allowListStillHolds() throws Exception {
    assertThat(inJvm("-Djdk.serialFilterFactory=" + FilterProbe.AllowAll.class.getName()))
        .contains("person: read", "pair: read", "ran: []")
        .anyMatch(l -> l.startsWith("gadget: refused") && l.contains("serialization.allow"));
  }
}
