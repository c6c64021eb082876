// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheLoaderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PluggablePartsTest {

  @Test
  void create_returnsWhatTheFactoryCreates() {
    Object part = new Object();

    assertThat(PluggableParts.<Object>create(() -> part, "test part")).isSameAs(part);
  }

  static Stream<Arguments> failingFactories() {
    RuntimeException odd = new IllegalStateException("odd");
    return Stream.of(
        Arguments.of("creates null", factory(() -> null), null),
        Arguments.of("throws an exception", throwing(odd), odd));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failingFactories")
  void create_failingFactory_isNamedWithRoleAndCause(
      String name, Factory<Object> factory, Throwable cause) {
    assertThatThrownBy(() -> PluggableParts.create(factory, "test part"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("test part")
        .hasMessageContaining(factory.getClass().getName())
        .hasCause(cause);
  }

  @Test
  void create_cacheExceptionOfTheFactory_passesUnchanged() {
    CacheException own = new CacheLoaderException("own");

    assertThatThrownBy(() -> PluggableParts.create(throwing(own), "test part")).isSameAs(own);
  }

  @Test
  void create_error_passesUnchanged() {
    Error error = new AssertionError("error");
    Factory<Object> factory =
        () -> {
          throw error;
        };

    assertThatThrownBy(() -> PluggableParts.create(factory, "test part")).isSameAs(error);
  }

  /** Suppliers, because JUnit closes arguments that can be closed. */
  static Stream<Arguments> closedWithoutException() {
    return Stream.of(
        Arguments.of("nothing", part(null)),
        Arguments.of("not closeable", part(new Object())),
        Arguments.of(
            "throws a checked exception",
            part(
                (Closeable)
                    () -> {
                      throw new IOException("expected in the log");
                    })),
        Arguments.of(
            "throws an unchecked exception",
            part(
                (AutoCloseable)
                    () -> {
                      throw new IllegalStateException("expected in the log");
                    })));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("closedWithoutException")
  void close_neverThrowsAnException(String name, Supplier<Object> part) {
    assertThatCode(() -> PluggableParts.close(part.get(), "test part")).doesNotThrowAnyException();
  }

  @Test
  void close_interruptedByThePart_staysInterrupted() {
    AutoCloseable part =
        () -> {
          throw new InterruptedException("expected in the log");
        };

    PluggableParts.close(part, "test part");

    assertThat(Thread.interrupted()).isTrue();
  }

  private static Supplier<Object> part(Object part) {
    return () -> part;
  }

  private static Factory<Object> factory(Factory<Object> factory) {
    return factory;
  }

  private static Factory<Object> throwing(RuntimeException exception) {
    return () -> {
      throw exception;
    };
  }
}
