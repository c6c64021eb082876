// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.SpringApplicationAotProcessor;

/** What {@code process-aot} makes is compiled, and started in a JVM of its own. */
class AotTest {

  /** For a JVM that lives for seconds. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  @TempDir Path folder;

  @Test
  void processAot_theApplication_startsFromWhatItMade() throws Exception {
    Path sources = folder.resolve("sources");
    Path resources = folder.resolve("resources");
    Path classes = Files.createDirectories(folder.resolve("classes"));
    String classPath = System.getProperty("java.class.path");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    SpringApplicationAotProcessor.main(
        new String[] {
          AotApplication.class.getName(),
          sources.toString(),
          resources.toString(),
          classes.toString(),
          "org.memjcache",
          "memjcache-aot-test",
          "--spring.main.web-application-type=none"
        });

    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-nowarn",
                "-proc:none",
                "-cp",
                classPath + File.pathSeparator + classes,
                "-d",
                classes.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    assertThat(arguments).anyMatch(file -> file.contains("MemjcacheAutoConfiguration"));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();

    try (MemcachedServer server = MemcachedServer.start()) {
      assertThat(
              run(
                  java,
                  QUICK,
                  "-Dspring.aot.enabled=true",
                  "-cp",
                  String.join(
                      File.pathSeparator, classes.toString(), resources.toString(), classPath),
                  AotApplication.class.getName(),
                  "--spring.main.web-application-type=none",
                  "--memjcache.servers=" + server.address()))
          .contains("generated true, cached true");
    }
  }

  private String run(String... command) throws Exception {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    String text = Files.readString(output);
    assertThat(status).as(text).isZero();
    return text;
  }
}
