// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.processor.EntryProcessorResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.UnreadableMode;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.RecordingWriter;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedExtension;

/**
 * Values and keys that can't be stored: the error names the class and, where there is one, the
 * option. It comes before anything is done with them: the cache and the writer are left as they
 * were. What was loaded or computed goes to the caller all the same.
 */
@Timeout(60)
class RefusedValueTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  private final TestProvider caches = new TestProvider();
  private final RecordingWriter written = new RecordingWriter();

  @AfterEach
  void close() {
    memcached.cluster().flushAll();
    caches.close();
  }

  /** Can't be serialized. */
  static final class Plain {}

  /** Can be serialized, if that is allowed. */
  record Guest(String name) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Says nothing about when two of it are equal. */
  static final class Unequal implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** One way to store a value under the key {@code k}. */
  private interface Storing {
    void store(Cache<Object, Object> cache, Object value);
  }

  static Stream<Named<Storing>> storing() {
    return Stream.of(
        Named.of("put", (cache, value) -> cache.put("k", value)),
        Named.of("putAll", (cache, value) -> cache.putAll(Map.of("k", value))),
        Named.of("getAndPut", (cache, value) -> cache.getAndPut("k", value)),
        Named.of("putIfAbsent", (cache, value) -> cache.putIfAbsent("absent", value)),
        Named.of("replace", (cache, value) -> cache.replace("k", value)),
        Named.of("replace(k,o,n)", (cache, value) -> cache.replace("k", "old", value)),
        Named.of("getAndReplace", (cache, value) -> cache.getAndReplace("k", value)));
  }

  @Test
  void putAll_doesTheOthers() {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    assertThatThrownBy(() -> cache.putAll(ordered("j", "new", "k", new Plain())))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(Plain.class.getName());

    assertThat(written.calls()).containsExactly("writeAll [j]");
    assertThat(cache.getAll(Set.of("j", "k"))).isEqualTo(Map.of("j", "new", "k", "old"));
  }

  @Test
  void invoke_returnsItsResult_writesAndKeepsNothing() {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    assertThat(
            cache
                .<String>invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.setValue(new Plain());
                      return "computed";
                    })
                .toString())
        .isEqualTo("computed");

    assertThat(written.calls()).as("what is computed must not be lost").hasSize(1);
    assertThat(cache.containsKey("k")).as("the older entry").isFalse();
  }

  @Test
  void readThrough_returnsWhatWasLoaded() {
    Plain loaded = new Plain();
    Cache<Object, Object> cache =
        caches
            .manager(memcached.uri("hotels/Lisboa"))
            .createCache(
                "info",
                new MutableConfiguration<>()
                    .setReadThrough(true)
                    .setCacheLoaderFactory(() -> loader(loaded)));

    assertThat(cache.get("k")).isSameAs(loaded);
    assertThat(cache.getAll(Set.of("k", "l"))).isEqualTo(Map.of("k", loaded, "l", "small"));
    assertThat(cache.<Object>invoke("k", (entry, arguments) -> entry.getValue())).isSameAs(loaded);

    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache.containsKey("l")).isTrue();
  }

  private static CacheLoader<Object, Object> loader(Object ofK) {
    return new FunctionLoader<>(key -> key.equals("k") ? ofK : "small");
  }

  @ParameterizedTest
  @MethodSource("storing")
  void valueThatIsNotSerializable_namesItsClass(Storing storing) {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    assertThatThrownBy(() -> storing.store(cache, new Plain()))
        .isInstanceOf(CacheException.class)
        .hasMessageMatching(
            "A value of class %1$s can't be serialized: .*%1$s.*Serializable.*"
                .formatted(Pattern.quote(Plain.class.getName())));

    assertUnchanged(cache);
  }

  @ParameterizedTest
  @MethodSource("storing")
  void valueOfAClassThatIsNotAllowed_namesTheClassAndTheOption(Storing storing) {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    assertThatThrownBy(() -> storing.store(cache, new Guest("Ana")))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith(
            "A value of class %1$s can't be serialized: Class %1$s is not allowed to be serialized."
                    .formatted(Guest.class.getName())
                + " Allow it with serialization.allow=%1$s in the manager's URI, or the property"
                    .formatted(Guest.class.getName())
                + " memjcache.serialization.allow="
                + Guest.class.getName());

    assertUnchanged(cache);
  }

  @ParameterizedTest
  @MethodSource("storing")
  void valueOfAClassThatIsAllowed_isStored(Storing storing) {
    Cache<Object, Object> cache =
        cache("hotels/Lisboa?serialization.allow=" + Guest.class.getName());

    storing.store(cache, new Guest("Ana"));

    assertThat(cache.getAll(Set.of("k", "absent")).values()).contains(new Guest("Ana"));
  }

  @Test
  void valueWithAPartThatIsNotSerializable_namesThePart() {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    assertThatThrownBy(() -> cache.put("k", new ArrayList<>(List.of(new Plain()))))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith("A value of class java.util.ArrayList can't be serialized: ")
        .hasMessageContaining(Plain.class.getName());
    assertUnchanged(cache);
  }

  @Test
  void valueWithAPartThatIsNotAllowed_namesThePart() {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    assertThatThrownBy(() -> cache.put("k", new ArrayList<>(List.of(new Guest("Ana")))))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("serialization.allow=" + Guest.class.getName());
    assertUnchanged(cache);
  }

  @Test
  void valueThatOnlyAnotherProcessMayRead_namesClassOptionAndItem() {
    String allowed = "hotels/Lisboa?serialization.allow=" + Guest.class.getName();
    cache(allowed).put("k", new Guest("Ana"));
    Cache<Object, Object> cache =
        caches
            .manager(memcached.uri("hotels/Lisboa"))
            .createCache(
                "info", new MemcachedConfiguration<>().setUnreadableMode(UnreadableMode.THROW));

    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith("The value of item hotels/Lisboa/info:")
        .hasMessageContaining(Guest.class.getName())
        .hasMessageContaining("serialization.allow");
  }

  @Test
  void invokeAll_returnsAllResults() {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    Map<Object, EntryProcessorResult<Boolean>> results =
        cache.invokeAll(
            Set.of("j", "k"),
            (entry, arguments) -> {
              entry.setValue(entry.getKey().equals("k") ? new Plain() : "new");
              return true;
            });

    assertThat(results.get("j").get()).isTrue();
    assertThat(results.get("k").get()).isTrue();
    assertThat(cache.get("j")).isEqualTo("new");
    assertThat(cache.get("k")).isNull();
  }

  static Stream<Named<Object>> refusedKeys() {
    return Stream.of(
        Named.of("an array", new byte[] {1}), Named.of("an object without equals", new Unequal()));
  }

  @ParameterizedTest
  @MethodSource("refusedKeys")
  void keyThatCanNotPromiseOneForm_namesItsClassTheReasonAndWhatToUse(Object key) {
    Cache<Object, Object> cache = cache("hotels/Lisboa?serialization.allow=org.memjcache.**");

    assertThatThrownBy(() -> cache.put(key, "v"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(key.getClass().getName())
        .hasMessageContaining("; use ")
        .hasMessageContaining(" instead");
    assertThatThrownBy(() -> cache.get(key)).isInstanceOf(CacheException.class);
    assertThatThrownBy(() -> cache.putAll(ordered("j", "new", key, "v")))
        .isInstanceOf(CacheException.class);
    assertUnchanged(cache);
  }

  @Test
  void keyOfAClassThatIsNotAllowed_namesTheClassAndTheOption() {
    Cache<Object, Object> cache = cache("hotels/Lisboa");

    assertThatThrownBy(() -> cache.put(new Guest("Ana"), "v"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(Guest.class.getName())
        .hasMessageContaining("serialization.allow");
  }

  @Test
  void valueOfAnotherTypeThanTheCaches_namesBoth() {
    Cache<Object, Object> strings = typed();

    assertThatThrownBy(() -> strings.put("k", 1))
        .isInstanceOf(ClassCastException.class)
        .hasMessage("The cache takes a value of type java.lang.String, not java.lang.Integer");
    assertThatThrownBy(() -> strings.get(1))
        .isInstanceOf(ClassCastException.class)
        .hasMessage("The cache takes a key of type java.lang.String, not java.lang.Integer");
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // what callers without generics do
  private Cache<Object, Object> typed() {
    Cache cache = caches.cache(memcached.uri("hotels/Porto"));
    return cache;
  }

  private Cache<Object, Object> cache(String path) {
    Cache<Object, Object> cache =
        caches
            .manager(memcached.uri(path))
            .createCache(
                "info",
                new MutableConfiguration<>()
                    .setWriteThrough(true)
                    .setCacheWriterFactory(() -> written));
    cache.put("k", "old");
    written.clear();
    return cache;
  }

  private void assertUnchanged(Cache<Object, Object> cache) {
    assertThat(written.calls()).isEmpty();
    assertThat(cache.getAll(Set.of("j", "k", "absent"))).isEqualTo(Map.of("k", "old"));
  }

  private static Map<Object, Object> ordered(Object... keysAndValues) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
