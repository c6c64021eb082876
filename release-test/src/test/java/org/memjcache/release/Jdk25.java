// SPDX-License-Identifier: Apache-2.0
package org.memjcache.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A JDK 25, looked for where .ci/run does: in JAVA25_HOME, then in /usr/lib/jvm. */
record Jdk25(Path home) {

  static Optional<Jdk25> find() throws IOException {
    String named = System.getenv("JAVA25_HOME");
    if (named != null) {
      return Optional.of(new Jdk25(Path.of(named)));
    }
    Path usual = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(usual)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(usual)) {
      return homes
          .filter(home -> home.getFileName().toString().contains("25"))
          .filter(home -> Files.isExecutable(home.resolve("bin/jar")))
          .findFirst()
          .map(Jdk25::new);
    }
  }

  /** Returns what the tool {@code jar} has printed, which must have succeeded. */
  String jar(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/jar").toString()));
    command.addAll(List.of(arguments));
    Process jar = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(jar.getInputStream().readAllBytes(), Charset.defaultCharset());
    assertThat(jar.waitFor()).as("%s", output).isZero();
    return output;
  }
}
