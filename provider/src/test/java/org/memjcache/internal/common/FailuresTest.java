// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

  @Test
  void none_throwsNothing() {
    Failures failures = new Failures();

    failures.throwIfAny();

    assertThat(failures.get()).isNull();
  }

  static Stream<Arguments> sequences() {
    return Stream.of(
        Arguments.of("x", "x", List.of()),
        Arguments.of("X", "X", List.of()),
        Arguments.of("x y", "x", List.of("y")),
        Arguments.of("x y z", "x", List.of("y", "z")),
        Arguments.of("x Y", "Y", List.of("x")),
        Arguments.of("X y", "X", List.of("y")),
        Arguments.of("X Y", "X", List.of("Y")),
        Arguments.of("x Y z", "Y", List.of("x", "z")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sequences")
  void first_speaksForAll_errorsGoBefore(
      String upperCaseAreErrors, String thrown, List<String> suppressed) {
    Failures failures = new Failures();
    for (String name : upperCaseAreErrors.split(" ")) {
      if (name.equals(name.toUpperCase())) {
        failures.add(new AssertionError((Object) name));
      } else {
        failures.add(new IllegalStateException(name));
      }
    }

    Throwable caught = catchThrowable(failures::throwIfAny);

    assertThat(caught).hasMessage(thrown).isSameAs(failures.get());
    assertThat(caught.getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactlyElementsOf(suppressed);
  }

  @Test
  void sameObjectTwice_isNotSuppressedByItself() {
    RuntimeException exception = new IllegalStateException();
    Failures failures = new Failures();
    failures.add(exception);
    failures.add(exception);

    assertThat(catchThrowable(failures::throwIfAny)).isSameAs(exception);
    assertThat(exception.getSuppressed()).isEmpty();
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void causes_formACircle_eachIsThereOnce() {
    Throwable outermost = new IllegalStateException();
    Throwable cause = new IllegalStateException(outermost);
    outermost.initCause(cause);

    assertThat(Failures.causes(outermost)).containsExactly(outermost, cause);
    assertThat(Failures.causes(null)).isEmpty();
  }
}
