// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.Serializer;
import org.memjcache.SerializerContext;
import org.memjcache.jackson.Values.Booking;
import org.memjcache.jackson.Values.Car;
import org.memjcache.jackson.Values.Card;
import org.memjcache.jackson.Values.Guest;
import org.memjcache.jackson.Values.Hotel;
import org.memjcache.jackson.Values.Kind;
import org.memjcache.jackson.Values.LoyalGuest;
import org.memjcache.jackson.Values.Note;
import org.memjcache.jackson.Values.Paid;
import org.memjcache.jackson.Values.Room;
import org.memjcache.jackson.Values.Vehicle;
import org.memjcache.testkit.MemcachedExtension;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.cache.support.NullValue;

class JacksonSerializerTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  private static final String ALLOWED = "org.memjcache.jackson.*";

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  enum Generation {
    JACKSON_3(JacksonSerializer.class, JacksonSerializer::new),
    JACKSON_2(Jackson2Serializer.class, Jackson2Serializer::new);

    final Class<? extends Serializer> type;
    final Supplier<Serializer> create;

    Generation(Class<? extends Serializer> type, Supplier<Serializer> create) {
      this.type = type;
      this.create = create;
    }
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private <V> Cache<Object, V> cache(Generation generation, Class<V> type, String... allowed) {
    Properties properties = new Properties();
    properties.setProperty("memjcache.cache.*.serializer", generation.type.getName());
    properties.setProperty("memjcache.serialization.allow", String.join(",", allowed));
    return provider
        .getCacheManager(memcached.server().uri("jackson/" + UUID.randomUUID()), null, properties)
        .createCache("info", new MutableConfiguration<Object, V>().setTypes(Object.class, type));
  }

  /** Returns what a cache of values of this type has. */
  private static Serializer serializer(Generation generation, Class<?> type, String... allowed) {
    return serializer(generation.create.get(), type, allowed);
  }

  private static Serializer serializer(Serializer unbound, Class<?> type, String... allowed) {
    SerializerContext[] given = new SerializerContext[1];
    MemcachedConfiguration<Object, Object> configuration = new MemcachedConfiguration<>();
    @SuppressWarnings("unchecked")
    Class<Object> valueType = (Class<Object>) type;
    configuration.setTypes(Object.class, valueType);
    configuration.setSerializerFactory(() -> new Spy(given));
    Properties properties = new Properties();
    properties.setProperty("memjcache.serialization.allow", String.join(",", allowed));
    try (MemcachedCachingProvider other = new MemcachedCachingProvider()) {
      other
          .getCacheManager(memcached.server().uri("jackson"), null, properties)
          .createCache("c", configuration);
    }
    return unbound.forCache(given[0]);
  }

  /** Keeps what the cache tells it. */
  private record Spy(SerializerContext[] given) implements Serializer {

    @Override
    public Serializer forCache(SerializerContext context) {
      given[0] = context;
      return context.javaSerializer();
    }

    @Override
    public byte[] serialize(Object value) {
      throw new IllegalStateException();
    }

    @Override
    public Object deserialize(byte[] bytes, int offset, int length) {
      throw new IllegalStateException();
    }
  }

  private static String json(Serializer serializer, Object value) {
    return new String(serializer.serialize(value), UTF_8);
  }

  private static Object read(Serializer serializer, String json) {
    byte[] bytes = ("12" + json + "3").getBytes(UTF_8);
    return serializer.deserialize(bytes, 2, bytes.length - 3);
  }

  @ParameterizedTest
  @EnumSource
  void cache_declaredType_holdsItsJson(Generation generation) {
    Cache<Object, Hotel> cache = cache(generation, Hotel.class);
    Hotel hotel = Hotel.of("Avenida Palace");

    cache.put(7, hotel);

    assertThat(cache.get(7)).isEqualTo(hotel);
    assertThat(json(serializer(generation, Room.class), new Room(1, Kind.INN)))
        .isEqualTo("{\"number\":1,\"kind\":\"INN\"}");
    assertThat(json(serializer(generation, Hotel.class), hotel))
        .contains("\"opened\":\"1892-04-01T10:00:00.123456789Z\"", "\"stay\":\"PT1H30M\"")
        .doesNotContain("@class");
  }

  static Stream<Arguments> values() {
    List<Object> values =
        List.of(
            Hotel.of("Avenida"),
            List.of(new Room(1, Kind.INN)),
            List.of(new Room(1, Kind.INN), new Room(2, Kind.PALACE), "text", 3, 4L, 1.5, 2.5f),
            Arrays.asList(1, null, Instant.EPOCH),
            Collections.unmodifiableList(new ArrayList<>(List.of(1, 2))),
            Set.of(),
            Set.of("a", "b", "c"),
            EnumSet.of(Kind.PALACE),
            EnumSet.noneOf(Kind.class),
            new EnumMap<>(Map.of(Kind.INN, new Room(1, Kind.INN))),
            new EnumMap<>(Kind.class),
            List.of(EnumSet.allOf(Kind.class)),
            Map.of("a", new Room(1, Kind.INN), "b", List.of()),
            new TreeMap<>(Map.of("b", 1, "a", 2)),
            Kind.PALACE,
            new Note("any", new Room(5, Kind.INN)),
            new Note("none", null),
            new Note("money", new BigDecimal("1.50")),
            new Paid(new Card("4111")),
            new Card("4112"),
            new BigDecimal[] {BigDecimal.ONE});
    return Stream.of(Generation.values())
        .flatMap(generation -> values.stream().map(value -> Arguments.of(generation, value)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void cache_noTypeDeclared_givesEqualValues(Generation generation, Object value) {
    Cache<Object, Object> cache = cache(generation, Object.class, ALLOWED);

    cache.put("k", value);

    assertThat(cache.get("k")).isEqualTo(value);
  }

  /** While an application moves from one to the other. */
  @ParameterizedTest
  @MethodSource("values")
  void deserialize_ofTheOtherGeneration_isEqual(Generation generation, Object value) {
    Generation other =
        generation == Generation.JACKSON_3 ? Generation.JACKSON_2 : Generation.JACKSON_3;
    byte[] bytes = serializer(generation, Object.class, ALLOWED).serialize(value);

    assertThat(serializer(other, Object.class, ALLOWED).deserialize(bytes, 0, bytes.length))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @EnumSource
  void serialize_noTypeDeclared_namesClassesWhereNeeded(Generation generation) {
    Serializer serializer = serializer(generation, Object.class, ALLOWED);

    assertThat(json(serializer, List.of(new Room(1, Kind.INN), "a")))
        .isEqualTo(
            "[\"java.util.ArrayList\",[{\"@class\":\"org.memjcache.jackson.Values$Room\","
                + "\"number\":1,\"kind\":\"INN\"},\"a\"]]");
  }

  @ParameterizedTest
  @EnumSource
  void cache_ofSpring_keepsNullAndItsKeys(Generation generation) {
    Cache<Object, Object> cache = cache(generation, Object.class, ALLOWED);
    SimpleKey key = new SimpleKey("Lisboa", 7, Kind.INN, List.of(1L));

    cache.put(key, NullValue.INSTANCE);
    cache.put(SimpleKey.EMPTY, List.of(1));

    assertThat(cache.get(new SimpleKey("Lisboa", 7, Kind.INN, List.of(1L))))
        .isSameAs(NullValue.INSTANCE);
    assertThat(cache.get(new SimpleKey("Lisboa", 7L, Kind.INN, List.of(1L)))).isNull();
    assertThat(cache.get(SimpleKey.EMPTY)).isEqualTo(List.of(1));
    assertThat(cache).extracting(Cache.Entry::getKey).contains(key, SimpleKey.EMPTY);
    assertThat(json(serializer(generation, Object.class), NullValue.INSTANCE)).isEqualTo("null");
  }

  @ParameterizedTest
  @EnumSource
  void serialize_notAllowed_saysWhichOption(Generation generation) {
    Serializer serializer = serializer(generation, Object.class);

    for (Object value : List.of(new Room(1, Kind.INN), List.of(new Room(1, Kind.INN)))) {
      assertThatThrownBy(() -> serializer.serialize(value))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("org.memjcache.jackson.Values$Room")
          .hasMessageContaining("serialization.allow");
    }
  }

  @ParameterizedTest
  @EnumSource
  void deserialize_namesAClassThatIsNotAllowed_isRefused(Generation generation) {
    Serializer serializer =
        serializer(generation, Object.class, "org.memjcache.jackson.Values$Note");

    for (String json :
        List.of(
            "{\"@class\":\"org.memjcache.jackson.Values$Room\",\"number\":1,\"kind\":\"INN\"}",
            "{\"@class\":\"org.memjcache.jackson.Values$Note\",\"content\":"
                + "{\"@class\":\"org.memjcache.jackson.Values$Room\"}}",
            "[\"javax.swing.JEditorPane\",{\"page\":\"http://127.0.0.1/\"}]",
            "[\"java.util.ArrayList<org.memjcache.jackson.Values$Room>\",[{\"number\":1}]]",
            "[\"java.util.ArrayList\",[[\"java.lang.ProcessBuilder\",[]]]]")) {
      assertThatThrownBy(() -> read(serializer, json))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("is not allowed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void deserialize_annotationHasClassesNamed_onlyAllowedOnes(Generation generation) {
    Serializer serializer = serializer(generation, Vehicle.class, "org.memjcache.jackson.*");

    assertThat(read(serializer, json(serializer, new Car(4)))).isEqualTo(new Car(4));
    assertThatThrownBy(
            () -> serializer(generation, Vehicle.class).serialize(new Car(4))) // read back
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("Values$Car");
  }

  @ParameterizedTest
  @EnumSource
  void deserialize_noJson_isRefused(Generation generation) {
    Serializer any = serializer(generation, Object.class);
    Serializer rooms = serializer(generation, Room.class);

    for (String json :
        List.of("", "{", "{} {}", "[1", "\u0000", "{\"number\":\"x\"}", "[".repeat(100_000))) {
      assertThatThrownBy(() -> read(any, json)).isInstanceOf(CacheException.class);
      assertThatThrownBy(() -> read(rooms, json)).isInstanceOf(CacheException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void deserialize_writtenByJavaSerialization_saysWhatToDo(Generation generation)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(List.of(1, 2));
    }
    Serializer any = serializer(generation, Object.class, ALLOWED);

    assertThatThrownBy(() -> any.deserialize(bytes.toByteArray(), 0, bytes.size()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("written by Java serialization")
        .hasMessageContaining("clear the cache once");
  }

  @ParameterizedTest
  @EnumSource
  void deserialize_propertyOfANewerRelease_isIgnored(Generation generation) {
    Serializer serializer = serializer(generation, Room.class);

    assertThat(read(serializer, "{\"number\":1,\"kind\":\"INN\",\"view\":{\"sea\":true}}"))
        .isEqualTo(new Room(1, Kind.INN));
    assertThat(read(serializer, "{\"kind\":\"INN\"}")).isEqualTo(new Room(0, Kind.INN));
  }

  @ParameterizedTest
  @EnumSource
  void serialize_propertyThatIsComputed_isFine(Generation generation) {
    Serializer serializer = serializer(generation, Guest.class);
    Guest guest = new Guest();
    guest.setName("Ana");

    assertThat(read(serializer, json(serializer, guest))).isEqualTo(guest);
  }

  @ParameterizedTest
  @EnumSource
  void serialize_wouldBeAnotherValue_isRefused(Generation generation) {
    Serializer guests = serializer(generation, Guest.class);
    Serializer bookings = serializer(generation, Booking.class);
    Serializer any = serializer(generation, Object.class, ALLOWED);
    Map<Object, Object> circle = new TreeMap<>();
    circle.put("self", circle);

    assertThatThrownBy(() -> guests.serialize(new LoyalGuest()))
        .hasMessageContaining("LoyalGuest")
        .hasMessageContaining("@JsonTypeInfo");
    assertThatThrownBy(() -> bookings.serialize(new Booking(new LoyalGuest())))
        .hasMessageContaining("Booking")
        .hasMessageContaining("subclass");
    assertThatThrownBy(() -> any.serialize(Map.of(1, "a")))
        .hasMessageContaining("java.lang.Integer")
        .hasMessageContaining("keys of String");
    assertThatThrownBy(() -> any.serialize(circle)).isInstanceOf(CacheException.class);
    assertThatThrownBy(() -> any.serialize(new Thread[0])).isInstanceOf(CacheException.class);
  }

  @Test
  void forCache_mapperOfTheApplication_isUsedAndNotChanged() {
    tools.jackson.databind.json.JsonMapper three =
        tools.jackson.databind.json.JsonMapper.builder()
            .propertyNamingStrategy(tools.jackson.databind.PropertyNamingStrategies.KEBAB_CASE)
            .build();
    com.fasterxml.jackson.databind.ObjectMapper two =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .setPropertyNamingStrategy(
                com.fasterxml.jackson.databind.PropertyNamingStrategies.KEBAB_CASE);
    record Long(int longName) {}

    for (Serializer given : List.of(JacksonSerializer.of(three), Jackson2Serializer.of(two))) {
      assertThat(json(serializer(given, Long.class), new Long(1))).isEqualTo("{\"long-name\":1}");
    }
    assertThat(three.writeValueAsString(List.of(1))).isEqualTo("[1]");
  }

  @Test
  void serialize_withoutACache_saysWhatToDo() {
    assertThatThrownBy(() -> new JacksonSerializer().serialize("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("forCache");
  }

  @ParameterizedTest
  @EnumSource
  void cache_jacksonIsMissing_saysWhatToAdd(Generation generation) throws Exception {
    String hidden =
        generation == Generation.JACKSON_3 ? "tools.jackson." : "com.fasterxml.jackson.databind";
    ClassLoader without =
        new URLClassLoader(
            new URL[] {generation.type.getProtectionDomain().getCodeSource().getLocation()},
            getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(hidden)) {
              throw new ClassNotFoundException(name);
            }
            if (name.startsWith("org.memjcache.jackson.")) {
              Class<?> known = findLoadedClass(name);
              return known == null ? findClass(name) : known;
            }
            return super.loadClass(name, resolve);
          }
        };
    Properties properties = new Properties();
    properties.setProperty("memjcache.serializer", generation.type.getName());

    assertThatThrownBy(
            () ->
                provider
                    .getCacheManager(memcached.server().uri("jackson"), without, properties)
                    .createCache("c", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasStackTraceContaining("jackson-databind")
        .hasStackTraceContaining("is missing");
  }
}
