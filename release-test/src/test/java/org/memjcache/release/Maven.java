// SPDX-License-Identifier: Apache-2.0
package org.memjcache.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.OS;

/** Runs a project's Maven wrapper, and keeps what it prints in target/maven. */
final class Maven {

  private static final Path LOGS = Path.of("target", "maven");

  private final Path project;
  private final Map<String, String> environment = new HashMap<>();

  Maven(Path project) {
    this.project = project;
  }

  Maven with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Returns what Maven has printed. */
  String succeed(String name, String... arguments) throws IOException, InterruptedException {
    return run(name, 0, arguments);
  }

  /** Returns what Maven has printed. */
  String fail(String name, String... arguments) throws IOException, InterruptedException {
    return run(name, 1, arguments);
  }

  private String run(String name, int exitCode, String... arguments)
      throws IOException, InterruptedException {
    Path log = Files.createDirectories(LOGS).resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(project.resolve(OS.WINDOWS.isCurrentOs() ? "mvnw.cmd" : "mvnw").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // What the person who runs the test may have for releases and servers of their own.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("MAVEN_GPG_"));
    builder.environment().remove("MEMJCACHE_URI");
    builder.environment().putAll(environment);
    Process maven = builder.start();
    if (!maven.waitFor(15, TimeUnit.MINUTES)) {
      maven.descendants().forEach(ProcessHandle::destroyForcibly);
      maven.destroyForcibly();
    }
    String output = Files.readString(log, Charset.defaultCharset());
    assertThat(maven.waitFor())
        .as("exit code of mvnw %s, whose output is in %s", String.join(" ", arguments), log)
        .isEqualTo(exitCode);
    return output;
  }
}
