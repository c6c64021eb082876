// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.Serializable;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.micrometer.MemcachedCacheMetrics;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.Log;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;

/**
 * Neither somebody who writes to memcached, nor one who chooses names, keys and values, begins a
 * line in the log or in the stack trace of an error; and many items of a kind are logged once.
 */
@Timeout(60)
@Tag("slow")
class ForgedLinesTest {

  private static final String FORGED = "\r\nFORGED\u2028FORGED ";
  private static final String[] INFO = {"hotels", "Lisboa", "info"};

  private final MemcachedServer server = MemcachedServer.start();
  private final Attacker intruder = new Attacker(server);
  private final TestProvider caches = new TestProvider();

  @AfterEach
  void close() {
    caches.close();
    intruder.close();
    server.close();
  }

  /** An object whose class gets another name on its way to memcached. */
  private record Renamed(int number) implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** What a writer makes of the serialized form of an object. */
  enum Attack {
    CLASS_THAT_IS_NOT_ALLOWED("x"),
    CLASS_THAT_IS_MISSING("com.acme.x"),
    FIELD_OF_NO_TYPE("com.acme.y") {
      @Override
      String change(String bytes) { // the JDK's error quotes the class that has such a field
        return bytes.replace("I\0\6number", "?\0\6number");
      }
    };

    private final String start;

    Attack(String start) {
      this.start = start;
    }

    String change(String bytes) {
      return bytes;
    }

    byte[] bytes() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(new Renamed(1));
      }
      String name = Renamed.class.getName();
      String forged = start + FORGED.replace('\u2028', '\n');
      String padded = forged + "x".repeat(name.length() - forged.length());
      String all = bytes.toString(ISO_8859_1);
      assertThat(all).contains(name);
      return change(all.replace(name, padded)).getBytes(ISO_8859_1);
    }
  }

  private Cache<Object, Object> cache(String options) {
    return caches
        .manager(server.uri("hotels/Lisboa?serialization.allow=com.acme.**" + options))
        .createCache("info", new MutableConfiguration<>());
  }

  /** Checks what was logged or thrown: it quotes the text, on the line that is its own. */
  private static void assertOneLine(String written) {
    assertThat(written).contains("FORGED");
    assertThat(written.split("\\R")).noneMatch(line -> line.startsWith("FORGED"));
  }

  private static String trace(Throwable error) {
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  @ParameterizedTest
  @EnumSource
  void valueOfAClassWithAForgedName_isLoggedOnceInOneLine(Attack attack) throws IOException {
    Cache<Object, Object> cache = cache("");
    Map<Object, Object> none = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      none.put("k" + i, "v");
    }
    cache.putAll(none);
    for (Object key : none.keySet()) {
      ItemKey item = intruder.itemKey(key, INFO);
      intruder.set(item, intruder.serialized(item, attack.bytes()));
    }

    String log = Log.of(() -> assertThat(cache.getAll(none.keySet())).isEmpty());

    assertThat(log).containsOnlyOnce("has a value that can't be read");
    assertThat(log.split("\\R")).hasSize(1);
    if (attack != Attack.FIELD_OF_NO_TYPE) { // whose class isn't told at all
      assertOneLine(log);
    }
  }

  @ParameterizedTest
  @EnumSource
  void valueOfAClassWithAForgedName_isAnErrorThatQuotesIt(Attack attack) throws IOException {
    Cache<Object, Object> cache = cache("&unreadable=throw");
    cache.put("k", "v");
    ItemKey item = intruder.itemKey("k", INFO);
    intruder.set(item, intruder.serialized(item, attack.bytes()));

    assertThatThrownBy(() -> cache.get("k"))
        .satisfies(
            error -> {
              assertThat(error.getMessage()).containsOnlyOnce(item.text());
              assertThat(trace(error).split("\\R")).noneMatch(line -> line.startsWith("FORGED"));
            });
  }

  @ParameterizedTest
  @EnumSource
  void keyOfAClassWithAForgedName_isLoggedInOneLine(Attack attack) throws IOException {
    Cache<Object, Object> cache = cache("");
    cache.put("k", "v");
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(attack.bytes());
    ItemKey item = intruder.prefix(INFO).itemKey(new EntryKey("x" + text));
    intruder.set(item, intruder.forged(item, "forged", EnvelopeCodec.NEVER));

    String log = Log.of(() -> cache.forEach(entry -> assertThat(entry.getKey()).isEqualTo("k")));

    assertThat(log.split("\\R")).hasSize(1);
    assertThat(log).contains("has a key that can't be read");
  }

  /** As a serializer may do, which quotes what it can't read. */
  @Test
  void valueThatAnApplicationsSerializerQuotes_isLoggedInOneLine() throws IOException {
    Serializer quoting =
        new Serializer() {
          @Override
          public byte[] serialize(Object value) {
            return value.toString().getBytes(ISO_8859_1);
          }

          @Override
          public Object deserialize(byte[] bytes, int offset, int length) {
            throw new IllegalStateException(new String(bytes, offset, length, ISO_8859_1));
          }
        };
    Cache<Object, Object> cache =
        caches
            .manager(server.uri("hotels/Lisboa"))
            .createCache(
                "info", new MemcachedConfiguration<>().setSerializerFactory(() -> quoting));
    cache.put("k", new StringBuilder("a\nFORGED"));

    assertOneLine(Log.of(() -> assertThat(cache.get("k")).isNull()));
  }

  /** What is done to a cache whose name was chosen by somebody, such as a tenant. */
  private record Step(String name, Action action) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Action {
    void run(CacheManager manager, String name, Cache<Object, Object> cache) throws Exception;
  }

  private static final Object UNSERIALIZABLE = new Object();

  static Stream<Step> steps() {
    return Stream.of(
        new Step(
            "a second one",
            (manager, name, cache) -> manager.createCache(name, new MutableConfiguration<>())),
        new Step(
            "store by reference",
            (manager, name, cache) ->
                manager.createCache(name + 2, new MutableConfiguration<>().setStoreByValue(false))),
        new Step(
            "no loader",
            (manager, name, cache) ->
                manager.createCache(name + 2, new MutableConfiguration<>().setReadThrough(true))),
        new Step(
            "other types",
            (manager, name, cache) -> manager.getCache(name, String.class, String.class)),
        new Step("no such cache", (manager, name, cache) -> manager.enableStatistics("x", true)),
        new Step(
            "of that name", (manager, name, cache) -> manager.enableManagement(name + 2, true)),
        new Step(
            "managed beans",
            (manager, name, cache) -> {
              manager.enableStatistics(name, true);
              MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
              for (ObjectName bean : beans.queryNames(new ObjectName("javax.cache:*"), null)) {
                if (bean.getKeyProperty("Cache").contains("FORGED")) {
                  throw new IllegalStateException(beans.getMBeanInfo(bean).getDescription());
                }
              }
            }),
        new Step(
            "meters, without statistics",
            (manager, name, cache) ->
                MemcachedCacheMetrics.monitor(new SimpleMeterRegistry(), cache)),
        new Step("too large", (manager, name, cache) -> cache.put(name, "x".repeat(2 << 20))),
        new Step("loaded, not to be stored", (manager, name, cache) -> cache.get("unstorable")),
        new Step(
            "closed",
            (manager, name, cache) -> {
              cache.close();
              cache.put(name, name);
            }));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void cacheWithAForgedName_isNamedInOneLine(Step step) {
    MemcachedCacheManager manager = caches.manager(server.uri("hotels"));
    String name = "info" + FORGED;
    Cache<Object, Object> cache =
        manager.createCache(
            name,
            new MutableConfiguration<>()
                .setReadThrough(true)
                .setCacheLoaderFactory(
                    () -> new FunctionLoader<Object, Object>(key -> UNSERIALIZABLE)));
    StringBuilder errors = new StringBuilder();

    String log =
        Log.of(
            () -> {
              try {
                step.action.run(manager, name, cache);
              } catch (Exception e) {
                errors.append(e);
              }
            });

    assertOneLine(log + errors);
  }
}
