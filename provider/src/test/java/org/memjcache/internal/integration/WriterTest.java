// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.internal.integration.Writer.BatchResult;

class WriterTest {

  @Test
  void absent_everythingSucceeds() {
    Writer<String, String> writer = Writer.of(null);

    assertThat(writer.isPresent()).isFalse();
    writer.write("a", "1");
    writer.delete("a");
    assertThat(writer.writeAll(Map.of("a", "1"))).isEqualTo(new BatchResult<>(Set.of("a"), null));
    assertThat(writer.deleteAll(Set.of("a"))).isEqualTo(new BatchResult<>(Set.of("a"), null));
    writer.close();
  }

  @Test
  void write_givesKeyAndValue() {
    TestWriter application = new TestWriter(left -> {});

    writerOf(application).write("a", "1");

    assertThat(application.heard).containsExactly("write a=1");
  }

  @Test
  void delete_givesTheKey() {
    TestWriter application = new TestWriter(left -> {});

    writerOf(application).delete("a");

    assertThat(application.heard).containsExactly("delete a");
  }

  @Test
  void entry_unwrapsToItselfOnly() {
    List<Cache.Entry<?, ?>> entries = new ArrayList<>();
    CacheWriter<Object, Object> application =
        new TestWriter(left -> {}) {
          @Override
          public void write(Cache.Entry<?, ?> entry) {
            entries.add(entry);
          }
        };
    writerOf(application).write("a", "1");
    Cache.Entry<?, ?> entry = entries.get(0);

    assertThat(entry.unwrap(Cache.Entry.class)).isSameAs(entry);
    assertThatThrownBy(() -> entry.unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  /** What a writer does with the collection of three it is given, and what succeeds then. */
  static Stream<Arguments> batches() {
    return calls()
        .filter(call -> call.name.endsWith("All"))
        .flatMap(
            call ->
                Stream.of(
                    batch(call, "removes all", Collection::clear, null, "a", "b", "c"),
                    batch(call, "removes none", left -> {}, null, "a", "b", "c"),
                    batch(call, "removes one", left -> removeFirst(left, 1), null, "a", "b", "c"),
                    batch(call, "throws at once", left -> {}, ODD),
                    batch(call, "throws after one", left -> removeFirst(left, 1), ODD, "a"),
                    batch(call, "throws after two", left -> removeFirst(left, 2), ODD, "a", "b"),
                    batch(call, "throws after all", Collection::clear, ODD, "a", "b", "c"),
                    batch(call, "throws its own", left -> removeFirst(left, 2), OWN, "a", "b"),
                    batch(call, "copies and removes", WriterTest::removeEach, OWN, "a", "b", "c"),
                    batch(call, "replaces all", WriterTest::replaceAll, OWN, "a", "b", "c")));
  }

  @ParameterizedTest(name = "{0} that {1}")
  @MethodSource("batches")
  void batch_succeedsForWhatIsWritten(
      String name,
      String what,
      Function<Writer<String, String>, BatchResult<String>> call,
      TestWriter application,
      List<String> succeeded) {
    BatchResult<String> result = call.apply(writerOf(application));

    assertThat(result.succeeded()).containsExactlyElementsOf(succeeded);
    if (application.failure == null) {
      assertThat(result.failure()).isNull();
      result.throwIfFailed();
    } else if (application.failure == OWN) {
      assertThatThrownBy(result::throwIfFailed).isSameAs(OWN);
    } else {
      assertThatThrownBy(result::throwIfFailed)
          .isExactlyInstanceOf(CacheWriterException.class)
          .hasMessageContaining(TestWriter.class.getName())
          .hasMessageContaining(name)
          .hasCause(application.failure);
    }
  }

  @Test
  void batch_noEntries_doesNotCallTheWriter() {
    TestWriter application = new TestWriter(left -> {});
    Writer<String, String> writer = writerOf(application);

    assertThat(writer.writeAll(Map.of()).succeeded()).isEmpty();
    assertThat(writer.deleteAll(Set.of()).succeeded()).isEmpty();
    assertThat(application.heard).isEmpty();
  }

  @Test
  void batch_resultIsUnmodifiable() {
    Set<String> succeeded =
        writerOf(new TestWriter(left -> {})).deleteAll(ABC.keySet()).succeeded();

    assertThatThrownBy(() -> succeeded.remove("a"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void batch_givenCollectionsStayAsTheyAre() {
    Writer<String, String> writer = writerOf(new TestWriter(Collection::clear));
    Map<String, String> entries = new LinkedHashMap<>(ABC);
    Set<String> keys = new HashSet<>(ABC.keySet());

    writer.writeAll(entries);
    writer.deleteAll(keys);

    assertThat(entries).isEqualTo(ABC);
    assertThat(keys).isEqualTo(ABC.keySet());
  }

  static Stream<Arguments> singleCallsAndFailures() {
    return calls()
        .filter(call -> !call.name.endsWith("All"))
        .flatMap(
            call ->
                Stream.of(
                    Arguments.of(call.name, call.function, ODD),
                    Arguments.of(call.name, call.function, new CacheException("general")),
                    Arguments.of(call.name, call.function, new IOException("undeclared"))));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("singleCallsAndFailures")
  void single_anyException_isWrapped(
      String name, Function<Writer<String, String>, Object> call, Exception failure) {
    Writer<String, String> writer = writerOf(new TestWriter(left -> {}, failure));

    assertThatThrownBy(() -> call.apply(writer))
        .isExactlyInstanceOf(CacheWriterException.class)
        .hasMessageContaining(TestWriter.class.getName())
        .hasCause(failure);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("singleCalls")
  void single_ownException_passesUnchanged(
      String name, Function<Writer<String, String>, Object> call) {
    Writer<String, String> writer = writerOf(new TestWriter(left -> {}, OWN));

    assertThatThrownBy(() -> call.apply(writer)).isSameAs(OWN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allCalls")
  void error_passesUnchanged(String name, Function<Writer<String, String>, Object> call) {
    Error error = new StackOverflowError("error");
    Writer<String, String> writer = writerOf(new TestWriter(left -> {}, error));

    assertThatThrownBy(() -> call.apply(writer)).isSameAs(error);
  }

  @Test
  void close_closesTheWriter() {
    List<String> closed = new ArrayList<>();
    class Closing extends TestWriter implements AutoCloseable {
      Closing() {
        super(left -> {});
      }

      @Override
      public void close() {
        closed.add("closed");
      }
    }
    Writer<String, String> writer = writerOf(new Closing());

    writer.close();

    assertThat(closed).hasSize(1);
  }

  private static final Map<String, String> ABC = new LinkedHashMap<>();

  static {
    ABC.put("a", "1");
    ABC.put("b", "2");
    ABC.put("c", "3");
  }

  private static final RuntimeException ODD = new IllegalStateException("odd");
  private static final CacheWriterException OWN = new CacheWriterException("own");

  private record Call(String name, Function<Writer<String, String>, Object> function) {}

  private static Stream<Call> calls() {
    return Stream.of(
        new Call(
            "write",
            writer -> {
              writer.write("a", "1");
              return "";
            }),
        new Call("writeAll", writer -> writer.writeAll(ABC)),
        new Call(
            "delete",
            writer -> {
              writer.delete("a");
              return "";
            }),
        new Call("deleteAll", writer -> writer.deleteAll(ABC.keySet())));
  }

  static Stream<Arguments> allCalls() {
    return calls().map(call -> Arguments.of(call.name, call.function));
  }

  static Stream<Arguments> singleCalls() {
    return calls()
        .filter(call -> !call.name.endsWith("All"))
        .map(call -> Arguments.of(call.name, call.function));
  }

  private static Arguments batch(
      Call call,
      String what,
      Consumer<Collection<?>> action,
      Throwable failure,
      String... succeeded) {
    return Arguments.of(
        call.name, what, call.function, new TestWriter(action, failure), List.of(succeeded));
  }

  private static void removeFirst(Collection<?> left, int count) {
    Iterator<?> iterator = left.iterator();
    for (int i = 0; i < count; i++) {
      iterator.next();
      iterator.remove();
    }
  }

  private static void removeEach(Collection<?> left) {
    for (Object each : new HashSet<>(left)) {
      left.remove(each);
    }
  }

  @SuppressWarnings("unchecked")
  private static void replaceAll(Collection<?> left) {
    left.clear();
    ((Collection<Object>) left).add("something else");
  }

  private static Writer<String, String> writerOf(CacheWriter<Object, Object> application) {
    return Writer.of(() -> application);
  }

  /** For a supertype of the cache's types, as configurations may give. */
  private static class TestWriter implements CacheWriter<Object, Object> {
    final List<String> heard = new ArrayList<>();
    final Consumer<Collection<?>> action;
    final Throwable failure;

    TestWriter(Consumer<Collection<?>> action) {
      this(action, null);
    }

    TestWriter(Consumer<Collection<?>> action, Throwable failure) {
      this.action = action;
      this.failure = failure;
    }

    @Override
    public void write(Cache.Entry<?, ?> entry) {
      heard.add("write " + entry.getKey() + "=" + entry.getValue());
      fail();
    }

    @Override
    public void writeAll(Collection<Cache.Entry<?, ?>> entries) {
      heard.add("writeAll " + entries);
      action.accept(entries);
      fail();
    }

    @Override
    public void delete(Object key) {
      heard.add("delete " + key);
      fail();
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      heard.add("deleteAll " + keys);
      action.accept(keys);
      fail();
    }

    private void fail() {
      if (failure != null) {
        throw UncheckedThrow.thrown(failure);
      }
    }
  }
}
