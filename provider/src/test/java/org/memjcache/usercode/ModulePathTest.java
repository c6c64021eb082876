// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.CacheManager;
import net.jpountz.lz4.LZ4Factory;
import net.rubyeye.xmemcached.MemcachedClient;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.MemcachedCache;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.slf4j.Logger;

/**
 * Applications that are modules, compiled and run on the module path in a JVM of their own, without
 * {@code --add-modules} and {@code --add-opens}.
 */
@Memcached
@Tag("slow")
class ModulePathTest {

  private static final Path SOURCES = Path.of("src", "test", "resources", "module-path");

  private final MemcachedServer server;
  @TempDir private Path application;

  ModulePathTest(MemcachedServer server) {
    this.server = server;
  }

  @Test
  void application_withoutOptionalLibraries_usesTheApiOnly() throws Exception {
    List<String> output =
        compileAndRun(
            "plain",
            modulePath(
                MemcachedCache.class, CacheManager.class, MemcachedClient.class, Logger.class));

    assertThat(output)
        .contains(
            "got: Stay[city=Lisboa, days=2]",
            "iterated: SUMMER",
            "invoked: 2",
            "cleared: null",
            "loaded: 2 days in Lisboa",
            "CacheMisses: 1",
            "ColdMisses: 1",
            "named: 2 days in Porto")
        .last()
        .asString()
        .matches("refused: .* does not export org.memjcache.internal[.a-z]* to module hotels");
  }

  @Test
  void application_withOptionalLibraries_usesThem() throws Exception {
    List<String> output =
        compileAndRun(
            "optional",
            modulePath(
                MemcachedCache.class,
                CacheManager.class,
                MemcachedClient.class,
                Logger.class,
                MeterRegistry.class,
                KeyValue.class,
                Observation.class,
                Histogram.class,
                LZ4Factory.class,
                Zstd.class));

    assertThat(output).contains("lz4: 5000", "zstd: 5000", "puts: 1.0 and 1.0");
  }

  private List<String> compileAndRun(String name, String modulePath)
      throws IOException, InterruptedException {
    Path sources = SOURCES.resolve(name);
    List<String> compile =
        new ArrayList<>(
            List.of("-Xlint:all,-requires-automatic", "-Werror", "-d", application.toString()));
    compile.addAll(List.of("--module-path", modulePath));
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(f -> f.toString().endsWith(".java")).map(Path::toString).forEach(compile::add);
    }
    StringWriter log = new StringWriter();
    PrintWriter printer = new PrintWriter(log);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    int result = javac.run(printer, printer, compile.toArray(String[]::new));
    assertThat(result).as(log.toString()).isZero();
    Path file = sources.resolve("caches.properties");
    if (Files.exists(file)) {
      Files.copy(file, application.resolve("caches.properties"));
    }
    return run(application + File.pathSeparator + modulePath);
  }

  private List<String> run(String modulePath) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                String.join(File.separator, System.getProperty("java.home"), "bin", "java"),
                "-XX:TieredStopAtLevel=1", // short-lived
                "--module-path",
                modulePath,
                "--module",
                "hotels/hotels.Main",
                server.uri("/hotels").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  private static String modulePath(Class<?>... classes) {
    return Stream.of(classes)
        .map(ModulePathTest::location)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
