// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.code.yanf4j.nio.impl.Reactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** A web application that has MemJCache in its own {@code WEB-INF}, deployed again and again. */
@Memcached
@Tag("slow")
class RedeploymentTest {

  /**
   * What Tomcat needs to look for thread locals, and for what else an application leaves behind.
   */
  private static final List<String> OPEN =
      Stream.of("java.base/java.lang", "java.base/java.io", "java.rmi/sun.rmi.transport")
          .map(part -> "--add-opens=" + part + "=ALL-UNNAMED")
          .toList();

  private final MemcachedServer server;

  @TempDir private Path application;

  RedeploymentTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  void build() throws Exception {
    Path classes = Files.createDirectories(application.resolve("WEB-INF/classes"));
    copyAll(placeOf(MemcachedCachingProvider.class), classes);
    Path ofTests = placeOf(RedeployedApplication.class);
    for (Class<?> type :
        List.of(
            RedeployedApplication.class,
            RedeployedApplication.Echo.class,
            RedeployedApplication.Ear.class)) {
      String file = type.getName().replace('.', '/') + ".class";
      Files.createDirectories(classes.resolve(file).getParent());
      Files.copy(ofTests.resolve(file), classes.resolve(file));
    }
    Path libraries = Files.createDirectories(application.resolve("WEB-INF/lib"));
    Files.copy(placeOf(Reactor.class), libraries.resolve("xmemcached.jar"));
  }

  @Test
  void tenRedeployments_ofAnApplicationThatClosesTheProvider_leaveNothing() throws Exception {
    assertThat(redeploy(true, 10))
        .hasSize(1) // no complaint
        .first()
        .isIn("class loaders kept: 0", "class loaders kept: 1"); // see ClosingTest
  }

  /** What the test above relies on. */
  @Test
  void redeployments_ofAnApplicationThatDoesNot_areNoticed() throws Exception {
    assertThat(redeploy(false, 3))
        .anyMatch(line -> line.contains("Xmemcached-Reactor") && line.contains("memory leak"))
        .endsWith("class loaders kept: 3");
  }

  private List<String> redeploy(boolean close, int times) throws Exception {
    Process tomcat =
        ChildJvm.command(
                OPEN,
                RedeployingTomcat.class,
                application.toString(),
                LongTimeoutUri.of(server, "application").toString(),
                String.valueOf(close),
                String.valueOf(times))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Stream<String> lines = tomcat.inputReader(StandardCharsets.UTF_8).lines()) {
      // Tomcat's own thread may just be at work for the application, and is taken for one of its.
      return lines.filter(line -> !line.contains("[Catalina-utility-")).toList();
    } finally {
      tomcat.destroyForcibly();
    }
  }

  private static Path placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.filter(Files::isRegularFile).forEach(file -> copy(from, file, to));
    }
  }

  private static void copy(Path from, Path file, Path to) {
    try {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
