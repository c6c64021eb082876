// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;

class OriginsTest {

  @TempDir private Path home;

  private final List<String> asked = new ArrayList<>();
  private final ByteArrayOutputStream announced = new ByteArrayOutputStream();

  @Test
  void get_severalWaysOpen_firstIsTakenOnceAndSaidInOneLine() {
    Origins origins = origins(closed("one", "not here"), open("two"), open("three"));
    assertThat(origins.get().description()).isEqualTo("memcached from two");
    assertThat(origins.get()).isSameAs(origins.get());
    assertThat(asked).containsExactly("one", "two");
    assertThat(announced.toString(UTF_8))
        .isEqualToNormalizingNewlines("memjcache-testkit: using memcached from two\n");
  }

  @Test
  void get_noWayOpen_errorNamesEachWithItsReasonAndIsRemembered() {
    Origins origins = origins(closed("one", "not here"), closed("two", "not there"));
    assertThatThrownBy(origins::get)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            No memcached to start. Open one of these ways:
              - one: not here
              - two: not there\
            """);
    assertThatThrownBy(origins::get).isInstanceOf(IllegalStateException.class);
    assertThat(asked).containsExactly("one", "two");
    assertThat(announced.size()).isZero();
  }

  @Test
  void get_wishThatMakesNoSense_errorInsteadOfTheNextWay() {
    Way misspelt = way("one", new IllegalArgumentException("what?"));
    assertThatThrownBy(() -> origins(misspelt, open("two")).get()).hasMessage("what?");
    assertThat(asked).containsExactly("one");
  }

  @Test
  void ways_bareMachine_fourReasonsInOrder() {
    Machine bare =
        new Machine(
            Map.of("PATH", home.toString(), "DOCKER_HOST", "unix://" + home.resolve("none")),
            home,
            home.resolve("os-release"));
    Origins origins = new Origins(Origins.ways(bare), new PrintStream(announced, true, UTF_8));
    assertThatThrownBy(origins::get)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "MEMJCACHE_TEST_SERVERS: it is not set",
            "memcached on the PATH: ",
            "Docker through Testcontainers: no Docker engine at unix://",
            "the packages of Debian or Ubuntu: this system is ")
        .message()
        .satisfies(message -> assertThat(message.lines()).hasSize(5));
  }

  private Origins origins(Way... ways) {
    return new Origins(List.of(ways), new PrintStream(announced, true, UTF_8));
  }

  private Way open(String name) {
    return way(name, null);
  }

  private Way closed(String name, String reason) {
    return way(name, new NotTakenException(reason));
  }

  private Way way(String name, Exception problem) {
    return new Way() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Origin take() throws NotTakenException {
        asked.add(name);
        if (problem instanceof NotTakenException notTaken) {
          throw notTaken;
        }
        if (problem instanceof RuntimeException refused) {
          throw refused;
        }
        return new FakeOrigin("memcached from " + name);
      }
    };
  }

  private record FakeOrigin(String description) implements Origin {
    @Override
    public ServerHandle start(ServerSettings settings) {
      throw new UnsupportedOperationException();
    }
  }
}
