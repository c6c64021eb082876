// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LoaderTest {

  @Test
  void absent_loadsNothing() {
    Loader<String, String> loader = Loader.of(null);

    assertThat(loader.isPresent()).isFalse();
    assertThat(loader.load("a")).isNull();
    assertThat(loader.loadAll(List.of("a"))).isEmpty();
    loader.close();
  }

  @Test
  void load_returnsWhatTheLoaderReturns() {
    Loader<String, String> loader = loaderOf(new TestLoader(Map.of("a", "1")));

    assertThat(loader.isPresent()).isTrue();
    assertThat(loader.load("a")).isEqualTo("1");
    assertThat(loader.load("b")).isNull();
  }

  static Stream<Arguments> loadedMaps() {
    return Stream.of(
        Arguments.of("all found", map("a", "1", "b", "2"), map("a", "1", "b", "2")),
        Arguments.of("some found", map("b", "2"), map("b", "2")),
        Arguments.of("null values", map("a", null, "b", "2"), map("b", "2")),
        Arguments.of("keys that were not asked", map("x", "9", "b", "2"), map("b", "2")),
        Arguments.of("none found", map(), map()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("loadedMaps")
  void loadAll_takesWhatWasAskedAndFound(
      String name, Map<String, String> loaded, Map<String, String> expected) {
    Loader<String, String> loader = loaderOf(new TestLoader(loaded));

    assertThat(loader.loadAll(List.of("a", "b"))).isEqualTo(expected);
  }

  @Test
  void loadAll_keepsTheOrderOfTheKeys() {
    Loader<String, String> loader =
        loaderOf(new TestLoader(map("c", "3", "a", "1", "d", "4", "b", "2")));

    assertThat(loader.loadAll(List.of("d", "a", "c", "b"))).containsOnlyKeys("d", "a", "c", "b");
    assertThat(loader.loadAll(List.of("d", "a", "c", "b")).keySet())
        .containsExactly("d", "a", "c", "b");
  }

  @Test
  void loadAll_isACopy() {
    Map<String, String> loaded = map("a", "1");
    Map<String, String> taken = loaderOf(new TestLoader(loaded)).loadAll(List.of("a"));

    loaded.clear();

    assertThat(taken).containsExactly(Map.entry("a", "1"));
    assertThatThrownBy(() -> taken.put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void loadAll_noKeys_doesNotCallTheLoader() {
    TestLoader application = new TestLoader(map());

    assertThat(loaderOf(application).loadAll(List.of())).isEmpty();
    assertThat(application.asked).isEmpty();
  }

  @Test
  void loadAll_duplicateKeys_areAskedOnce() {
    TestLoader application = new TestLoader(map("a", "1"));

    loaderOf(application).loadAll(List.of("a", "b", "a"));

    assertThat(application.asked).containsExactly("a", "b");
  }

  @Test
  void loadAll_loaderChangesTheKeysItWasGiven_isNotMisled() {
    CacheLoader<String, String> application =
        new TestLoader(map("a", "1", "x", "9")) {
          @Override
          public Map<String, String> loadAll(Iterable<? extends String> keys) {
            ((Collection<?>) keys).clear();
            return values;
          }
        };

    assertThat(loaderOf(application).loadAll(List.of("a"))).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void loadAll_null_isRefused() {
    assertThatThrownBy(() -> loaderOf(new TestLoader(null)).loadAll(List.of("a")))
        .isInstanceOf(CacheLoaderException.class)
        .hasMessageContaining("null")
        .hasMessageContaining("loadAll");
  }

  static Stream<Arguments> callsAndFailures() {
    return calls()
        .flatMap(
            call ->
                Stream.of(
                    Arguments.of(call.name, call.function, new IllegalStateException("odd")),
                    Arguments.of(call.name, call.function, new CacheException("general")),
                    Arguments.of(call.name, call.function, new IOException("undeclared"))));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("callsAndFailures")
  void anyException_isWrapped(
      String name, Function<Loader<String, String>, Object> call, Exception failure) {
    Loader<String, String> loader = loaderOf(new FailingLoader(failure));

    assertThatThrownBy(() -> call.apply(loader))
        .isExactlyInstanceOf(CacheLoaderException.class)
        .hasMessageContaining(FailingLoader.class.getName())
        .hasCause(failure);
  }

  static Stream<Arguments> callsAndThrowables() {
    return calls()
        .flatMap(
            call ->
                Stream.of(
                    Arguments.of(call.name, call.function, new CacheLoaderException("own")),
                    Arguments.of(call.name, call.function, new StackOverflowError("error"))));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("callsAndThrowables")
  void ownExceptionsAndErrors_passUnchanged(
      String name, Function<Loader<String, String>, Object> call, Throwable failure) {
    Loader<String, String> loader = loaderOf(new FailingLoader(failure));

    assertThatThrownBy(() -> call.apply(loader)).isSameAs(failure);
  }

  @Test
  void close_closesTheLoader() {
    List<String> closed = new ArrayList<>();
    class Closing extends TestLoader implements AutoCloseable {
      Closing() {
        super(map());
      }

      @Override
      public void close() {
        closed.add("closed");
      }
    }
    Loader<String, String> loader = loaderOf(new Closing());

    loader.close();

    assertThat(closed).hasSize(1);
  }

  private record Call(String name, Function<Loader<String, String>, Object> function) {}

  private static Stream<Call> calls() {
    return Stream.of(
        new Call("load", loader -> loader.load("a")),
        new Call("loadAll", loader -> loader.loadAll(List.of("a"))));
  }

  private static Loader<String, String> loaderOf(CacheLoader<String, String> application) {
    return Loader.of(() -> application);
  }

  private static Map<String, String> map(String... keysAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private static class TestLoader implements CacheLoader<String, String> {
    final Map<String, String> values;
    final List<String> asked = new ArrayList<>();

    TestLoader(Map<String, String> values) {
      this.values = values;
    }

    @Override
    public String load(String key) {
      return values.get(key);
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      keys.forEach(asked::add);
      return values;
    }
  }

  private record FailingLoader(Throwable failure) implements CacheLoader<String, String> {
    @Override
    public String load(String key) {
      throw UncheckedThrow.thrown(failure);
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      throw UncheckedThrow.thrown(failure);
    }
  }
}
