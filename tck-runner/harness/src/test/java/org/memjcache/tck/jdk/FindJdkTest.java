// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindJdkTest {

  @TempDir private Path folder;

  @Test
  void find_environmentVariable_first() throws IOException {
    Path named = jdk("elsewhere/jdk", "25.0.1");
    jdk("jvm/jdk-25", "25.0.2");

    assertThat(search(Map.of("JAVA25_HOME", named.toString()), "25.0.3").find(25)).contains(named);
  }

  @Test
  void find_environmentVariableWithoutJdk_isRefused() {
    JdkSearch search = search(Map.of("JAVA25_HOME", folder.toString()), "17.0.12");

    assertThatThrownBy(() -> search.find(25))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("JAVA25_HOME is set to " + folder + ", but there is no JDK");
  }

  @Test
  void find_runningJvm_second() throws IOException {
    jdk("jvm/jdk-25", "25.0.2");

    assertThat(search(Map.of("JAVA25_HOME", ""), "25.0.3").find(25))
        .contains(folder.resolve("running"));
  }

  @Test
  void find_usualPlaces_third() throws IOException {
    jdk("jvm/jdk-17", "17.0.12");
    jdk("jvm/jdk-250", "250.0.1");
    Path found = jdk("jvm/temurin", "25.0.2");

    assertThat(search(Map.of(), "17.0.12").find(25)).contains(found);
  }

  @Test
  void find_firstReleaseOfVersion_hasNoDot() throws IOException {
    Path found = jdk("jvm/openjdk-25", "25");

    assertThat(search(Map.of(), "17.0.12").find(25)).contains(found);
  }

  @Test
  void find_bundleOfMacOs() throws IOException {
    Path found = jdk("jvm/temurin-25.jdk/Contents/Home", "25.0.2");

    assertThat(search(Map.of(), "17.0.12").find(25)).contains(found);
  }

  @Test
  void find_folderWithoutJava_isPassedOver() throws IOException {
    Files.delete(jdk("jvm/jdk-25", "25.0.2").resolve("bin/java"));

    assertThat(search(Map.of(), "17.0.12").find(25)).isEmpty();
  }

  @Test
  void answer_found() throws IOException {
    Path found = jdk("jvm/jdk-25", "25.0.2");

    FindJdk.answer(search(Map.of(), "17.0.12"), 25, folder.resolve("target/tck"), false);

    assertThat(answer()).containsOnly(Map.entry("jdk.home", found.toString()), skip(false));
    assertThat(folder.resolve("target/tck/left-out.txt")).doesNotExist();
  }

  @Test
  void answer_notFound_saysWhy() throws IOException {
    FindJdk.answer(search(Map.of(), "17.0.12"), 25, folder.resolve("target/tck"), false);

    assertThat(answer()).containsOnly(Map.entry("jdk.home", ""), skip(true));
    assertThat(folder.resolve("target/tck/left-out.txt"))
        .hasContent(
            "no JDK 25 found in %s, %s; set JAVA25_HOME to one"
                .formatted(folder.resolve("nowhere"), folder.resolve("jvm")));
  }

  @Test
  void answer_tckSkipped_doesNotLook() throws IOException {
    JdkSearch search = search(Map.of("JAVA25_HOME", folder.toString()), "17.0.12");

    FindJdk.answer(search, 25, folder.resolve("target/tck"), true);

    assertThat(answer()).contains(skip(true));
    assertThat(folder.resolve("target/tck/left-out.txt")).doesNotExist();
  }

  private JdkSearch search(Map<String, String> environment, String running) {
    return new JdkSearch(
        environment,
        Runtime.Version.parse(running),
        folder.resolve("running"),
        List.of(folder.resolve("nowhere"), folder.resolve("jvm")));
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Path java = home.resolve("bin/java");
    Files.createDirectories(java.getParent());
    Files.createFile(java);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.write(
        home.resolve("release"),
        List.of("IMPLEMENTOR=\"Acme\"", "JAVA_VERSION=\"" + version + "\""));
    return home;
  }

  private Properties answer() throws IOException {
    Properties answer = new Properties();
    try (Reader in = Files.newBufferedReader(folder.resolve("target/tck/jdk.properties"))) {
      answer.load(in);
    }
    return answer;
  }

  private static Map.Entry<Object, Object> skip(boolean skip) {
    return Map.entry("jdk.skip", Boolean.toString(skip));
  }
}
