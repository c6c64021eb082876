// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.InvalidObjectException;
import java.io.NotActiveException;
import java.io.ObjectInputStream;
import java.io.ObjectInputValidation;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.common.ClassLookup;

/**
 * The ways by which known gadget chains get their code to run, each at every place where an object
 * can be in another one. None runs while its class is not allowed, all do when it is.
 */
class GadgetTest {

  private static final ClassLoader LOADER = GadgetTest.class.getClassLoader();

  private final JavaSerializer strict =
      new JavaSerializer(ClassLookup.of(LOADER), AllowList.jdkTypes());

  static final class Comparing implements Comparable<Comparing>, Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public int compareTo(Comparing other) {
      Gadgets.RAN.add("compareTo");
      return -1; // or a set would take two for one
    }
  }

  static final class Ordering implements Comparator<Object>, Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public int compare(Object one, Object other) {
      Gadgets.RAN.add("compare");
      return 0;
    }
  }

  static final class Validating implements ObjectInputValidation, Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Serial
    private void readObject(ObjectInputStream in)
        throws InvalidObjectException, NotActiveException {
      in.registerValidation(this, 0);
    }

    @Override
    public void validateObject() {
      Gadgets.RAN.add("validateObject");
    }
  }

  static class Parent implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Serial
    private void readObject(ObjectInputStream in) {
      Gadgets.RAN.add("readObject of a superclass");
    }
  }

  static class Child extends Parent {
    @Serial private static final long serialVersionUID = 1;
  }

  private static final Parent ANONYMOUS =
      new Parent() {
        @Serial private static final long serialVersionUID = 1;
      };

  static final class Failure extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    @Serial
    private void readObject(ObjectInputStream in) {
      Gadgets.RAN.add("readObject of an exception");
    }
  }

  private static Object proxy() {
    InvocationHandler handler = new Gadgets.Handler();
    return Proxy.newProxyInstance(LOADER, new Class<?>[] {Runnable.class}, handler);
  }

  private static Map<String, Object> gadgets() {
    Map<String, Object> gadgets = new LinkedHashMap<>();
    gadgets.put("readObject", new Gadgets.Reading());
    gadgets.put("readResolve", new Gadgets.Resolving());
    gadgets.put("Externalizable", new Gadgets.External());
    gadgets.put("constructor of a superclass", new Gadgets.Derived());
    gadgets.put("superclass", new Child());
    gadgets.put("record", new Gadgets.Constructed(1));
    gadgets.put("validation", new Validating());
    gadgets.put("exception", new Failure());
    gadgets.put("comparator in a map", one(new TreeMap<>(new Ordering())));
    gadgets.put("comparator in a set", new TreeSet<>(new Ordering()));
    gadgets.put("comparator in a queue", new PriorityQueue<>(new Ordering()));
    gadgets.put("compareTo in a set", new TreeSet<>(List.of(new Comparing())));
    gadgets.put(
        "compareTo in a concurrent set",
        new ConcurrentSkipListSet<>(List.of(new Comparing(), new Comparing())));
    gadgets.put(
        "compareTo in a queue",
        new PriorityQueue<>(List.of(new Comparing(), new Comparing(), new Comparing())));
    gadgets.put("hashCode in a set", new HashSet<>(List.of(new Gadgets.Hashing())));
    gadgets.put("hashCode in a linked set", new LinkedHashSet<>(List.of(new Gadgets.Hashing())));
    gadgets.put("hashCode in a map", new HashMap<>(Map.of(new Gadgets.Hashing(), 1)));
    gadgets.put("hashCode in an old map", new Hashtable<>(Map.of(new Gadgets.Hashing(), 1)));
    gadgets.put(
        "hashCode in a concurrent map", new ConcurrentHashMap<>(Map.of(new Gadgets.Hashing(), 1)));
    gadgets.put("hashCode in an immutable set", java.util.Set.of(new Gadgets.Hashing(), 1, 2));
    gadgets.put("hashCode through a list", new HashSet<>(List.of(List.of(new Gadgets.Hashing()))));
    return gadgets;
  }

  private static Map<Object, Object> one(Map<Object, Object> map) {
    map.put("k", "v");
    return map;
  }

  private static Map<String, Function<Object, Object>> places() {
    Map<String, Function<Object, Object>> places = new LinkedHashMap<>();
    places.put("alone", gadget -> gadget);
    places.put("array", gadget -> new Object[] {1, new Object[] {gadget}});
    places.put("list", gadget -> new ArrayList<>(List.of(gadget)));
    places.put("linked list", gadget -> new LinkedList<>(List.of(gadget)));
    places.put("vector", gadget -> new Vector<>(List.of(gadget)));
    places.put("fixed list", gadget -> Arrays.asList(1, gadget));
    places.put("immutable list", gadget -> List.of(gadget));
    places.put("copying list", gadget -> new CopyOnWriteArrayList<>(List.of(gadget)));
    places.put("map value", gadget -> new HashMap<>(Map.of("k", gadget)));
    places.put("immutable map value", gadget -> Map.of("k", gadget));
    places.put("sorted map value", gadget -> new TreeMap<>(Map.of("k", gadget)));
    places.put("identity key", gadget -> new IdentityHashMap<>(Map.of(gadget, 1)));
    places.put("wrapper", gadget -> Collections.synchronizedList(new ArrayList<>(List.of(gadget))));
    places.put("copies", gadget -> Collections.nCopies(3, gadget));
    places.put("entry", gadget -> new java.util.AbstractMap.SimpleEntry<>("k", gadget));
    places.put("reference", java.util.concurrent.atomic.AtomicReference::new);
    places.put("enum map", gadget -> new EnumMap<>(Map.of(Thread.State.NEW, gadget)));
    return places;
  }

  static Stream<Arguments> everywhere() {
    return gadgets().keySet().stream()
        .flatMap(gadget -> places().keySet().stream().map(place -> Arguments.of(gadget, place)));
  }

  @ParameterizedTest(name = "{0} in {1}")
  @MethodSource("everywhere")
  void notAllowed_neverRuns(String gadget, String place) {
    byte[] bytes = Gadgets.bytes(places().get(place).apply(gadgets().get(gadget)));
    Gadgets.RAN.clear();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
        .withMessageContaining("serialization.allow");

    assertThat(Gadgets.RAN).isEmpty();
  }

  static Stream<String> alone() {
    // The JDK builds sorted sets and maps in the order that it finds, and asks nobody.
    return gadgets().keySet().stream()
        .filter(name -> !name.startsWith("comparator in") && !name.equals("compareTo in a set"));
  }

  @ParameterizedTest
  @MethodSource("alone")
  void allowed_runs(String gadget) {
    JavaSerializer lenient =
        new JavaSerializer(
            ClassLookup.of(LOADER),
            AllowList.parse(
                "org.memjcache.internal.codec.**,org.memjcache.support.*,java.lang.Runnable"));
    byte[] bytes = Gadgets.bytes(gadgets().get(gadget));
    Gadgets.RAN.clear();

    Object read = lenient.deserialize(bytes, 0, bytes.length);

    assertThat(read).isNotNull();
    assertThat(Gadgets.RAN).isNotEmpty(); // or the other tests would prove nothing
  }

  /** A class is what its superclasses are, too. */
  @Test
  void allowedClassOfASuperclassThatIsNot_neverRuns() {
    JavaSerializer childOnly =
        new JavaSerializer(ClassLookup.of(LOADER), AllowList.parse(Child.class.getName()));
    byte[] bytes = Gadgets.bytes(new Child());
    Gadgets.RAN.clear();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> childOnly.deserialize(bytes, 0, bytes.length))
        .withMessageContaining(Parent.class.getName());
    assertThat(Gadgets.RAN).isEmpty();
  }

  @Test
  void allowedClass_neitherSubclassesNorNestedNorAnonymousOnes() {
    AllowList parentOnly = AllowList.jdkTypes().and(Parent.class);
    JavaSerializer serializer = new JavaSerializer(ClassLookup.of(LOADER), parentOnly);
    Parent anonymous = ANONYMOUS;
    for (Object object : List.of(new Child(), anonymous, new Child[1], new Object[] {anonymous})) {
      byte[] bytes = Gadgets.bytes(object);
      Gadgets.RAN.clear();

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> serializer.deserialize(bytes, 0, bytes.length))
          .withMessageContaining("serialization.allow");
      assertThat(Gadgets.RAN).isEmpty();
    }
    byte[] array = Gadgets.bytes(new Parent[][] {{new Parent()}});
    assertThat(serializer.deserialize(array, 0, array.length)).isInstanceOf(Parent[][].class);
  }

  @Test
  void classObject_isNoWayToLoadAClass() {
    for (Object object :
        List.of(
            Gadgets.Initializing.class,
            Gadgets.Initializing[].class,
            new Object[] {Gadgets.Initializing.class},
            EnumSet.noneOf(Gadgets.Initialized.class),
            new EnumMap<Gadgets.Initialized, String>(Gadgets.Initialized.class))) {
      byte[] bytes = Gadgets.bytes(object);
      Gadgets.RAN.clear();

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
          .withMessageContaining("serialization.allow");
      assertThat(Gadgets.RAN).isEmpty();
    }
  }

  /** Known as a way to call any method of a class that has lambdas. */
  @Test
  void lambda_isRefusedEvenFromAnAllowedClass() {
    Runnable lambda = (Runnable & Serializable) () -> Gadgets.RAN.add("lambda");
    byte[] bytes = Gadgets.bytes(lambda);
    for (AllowList list : List.of(AllowList.jdkTypes(), AllowList.parse("org.memjcache.**"))) {
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(
              () ->
                  new JavaSerializer(ClassLookup.of(LOADER), list)
                      .deserialize(bytes, 0, bytes.length))
          .withMessageContainingAll("java.lang.invoke.SerializedLambda", "serialization.allow");
    }
  }

  @Test
  void proxy_ofAnyNumberOfInterfaces_isRefusedByTheFirstThatIsNotAllowed() {
    byte[] bytes = Gadgets.bytes(proxy());
    Gadgets.RAN.clear();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> strict.deserialize(bytes, 0, bytes.length))
        .withMessageContainingAll("java.lang.Runnable", "serialization.allow");
    assertThat(Gadgets.RAN).isEmpty();
  }
}
