package org.memjcache.examples.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.testkit.MemcachedExtension;

class JacksonSerializerTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  record Address(String street, int number) {}

  record Hotel(String name, List<Address> addresses, Map<String, Integer> rooms) {}

  private static final Hotel HOTEL =
      new Hotel(
          "Avenida Palace", List.of(new Address("1º de Dezembro", 123)), Map.of("double", 54));

  private final JacksonSerializer serializer = new JacksonSerializer(Hotel.class);
  private CacheManager manager;
  private Cache<String, Object> cache;

  @BeforeEach
  void open() {
    manager = Caching.getCachingProvider().getCacheManager(memcached.uri("hotels/Lisboa"), null);
    cache =
        manager.createCache(
            "info",
            new MemcachedConfiguration<String, Object>()
                .setSerializerFactory(() -> new JacksonSerializer(Hotel.class)));
  }

  @AfterEach
  void close() {
    manager.close();
    memcached.cluster().flushAll();
  }

  @Test
  void value_isStoredAsJsonAndReadBack() {
    cache.put("1", HOTEL);

    assertThat(cache.get("1")).isEqualTo(HOTEL).isNotSameAs(HOTEL);
    assertThat(new String(serializer.serialize(HOTEL), UTF_8))
        .startsWith("{\"name\":\"Avenida Palace\"");
  }

  @Test
  void valueOfAnotherClass_isRefusedWhenItIsPut() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> cache.put("1", new Address("Rossio", 1)))
        .withMessageContainingAll(Hotel.class.getName(), Address.class.getName());
  }

  @Test
  void valuesWithAnEncodingOfTheirOwn_passBy() {
    cache.put("1", "a text");

    assertThat(cache.get("1")).isEqualTo("a text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"name\":\"x\"",
        "{\"name\":\"x\"} {}",
        "{\"@class\":\"java.lang.ProcessBuilder\",\"name\":\"x\"}",
        "[\"javax.swing.JEditorPane\",{\"page\":\"http://localhost\"}]"
      })
  void bytesOfSomebodyElse_areAnError(String json) {
    byte[] bytes = json.getBytes(UTF_8);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> serializer.deserialize(bytes, 0, bytes.length));
  }

  @Test
  void serializedJavaObject_isNeverRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new java.util.ArrayList<>());
    }
    byte[] all = bytes.toByteArray();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> serializer.deserialize(all, 0, all.length))
        .withMessageContaining(Hotel.class.getName());
  }

  @Test
  void nestedWithoutEnd_isAnErrorAndNoStackOverflow() {
    byte[] bytes = "{\"addresses\":[".repeat(100_000).getBytes(UTF_8);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> serializer.deserialize(bytes, 0, bytes.length));
  }

  @Test
  void keyOfAClassWithoutEncoding_isRefused() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> serializer.serializeKey(HOTEL))
        .withMessageContaining("use a String");
  }
}
