// SPDX-License-Identifier: Apache-2.0
package org.memjcache.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Releases a copy of the working tree into an empty folder, with a key of its own, and asks of that
 * folder what Maven Central asks, and what a newcomer who has nothing else needs.
 */
@TestMethodOrder(OrderAnnotation.class)
class ReleaseTest {

  /** One that there will never be, so that it can't come from anywhere else. */
  private static final String VERSION = "99.0.0";

  @TempDir static Path temp;

  private static SigningKey key;
  private static Path clone;
  private static Path anotherClone;
  private static Path staging;
  private static List<StagedArtifact> artifacts;

  @BeforeAll
  static void release() throws Exception {
    key = SigningKey.create();
    clone = Clone.to(temp.resolve("clone"));
    anotherClone = Clone.to(temp.resolve("another/clone"));
    staging = temp.resolve("staging");
    deploy("release", clone, staging);
    artifacts = StagedArtifact.in(staging, VERSION);
  }

  @Test
  void publishes_theBomAndWhatItNames() {
    StagedArtifact bom = artifact("memjcache-bom");

    assertThat(artifacts.stream().map(StagedArtifact::id).filter(id -> !id.equals(bom.id())))
        .containsExactlyInAnyOrderElementsOf(bom.pom("//dependency/artifactId"))
        .contains("memjcache");
    assertThat(bom.pom("//dependency/version")).containsOnly(VERSION);
  }

  @Test
  void each_hasAllFilesAndTheirSignatures() throws Exception {
    for (StagedArtifact artifact : artifacts) {
      assertThat(artifact.signedFiles())
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(".pom", "-cyclonedx.json", ".jar", "-sources.jar", "-javadoc.jar")
                  .filter(end -> artifact.hasJar() || !end.endsWith(".jar"))
                  .map(artifact::file)
                  .toList());
      assertThat(artifact.files()).hasSize(2 * artifact.signedFiles().size());
      for (Path file : artifact.signedFiles()) {
        assertThat(key.hasSigned(file, sibling(file, ".asc"))).as("signature of %s", file).isTrue();
      }
    }
  }

  @Test
  void each_hasChecksums() throws Exception {
    for (StagedArtifact artifact : artifacts) {
      for (Path file : artifact.signedFiles()) {
        assertThat(sibling(file, ".md5")).hasContent(digest("MD5", file));
        assertThat(sibling(file, ".sha1")).hasContent(digest("SHA-1", file));
      }
    }
  }

  @Test
  void eachPom_saysWhatCentralDemandsAndStandsAlone() throws IOException {
    for (StagedArtifact artifact : artifacts) {
      for (String element :
          List.of(
              "name",
              "description",
              "url",
              "licenses/license/name",
              "licenses/license/url",
              "developers/developer/name",
              "scm/connection",
              "scm/developerConnection",
              "scm/url")) {
        assertThat(artifact.pom("/project/" + element)).as("%s: %s", artifact, element).hasSize(1);
      }
      assertThat(artifact.pom("/project/url"))
          .containsExactly("https://github.com/memjcache/memjcache");
      assertThat(artifact.pom("/project/version")).containsExactly(VERSION);
      assertThat(artifact.pom("//dependency[groupId='org.memjcache']/artifactId"))
          .isSubsetOf(artifacts.stream().map(StagedArtifact::id).toList());
      assertThat(artifact.pom("//dependency[not(version)]")).isEmpty();
      assertThat(artifact.file(".pom"))
          .content(UTF_8)
          .doesNotContain("<parent>", "SNAPSHOT", "${", temp.toString());
    }
  }

  @Test
  void eachJar_hasLicenceAndNotice() throws IOException {
    for (StagedArtifact artifact : withJars()) {
      try (JarFile jar = new JarFile(artifact.jar().toFile())) {
        for (String name : List.of("LICENSE", "NOTICE")) {
          assertThat(jar.getInputStream(jar.getEntry("META-INF/" + name)))
              .as("%s of %s", name, artifact)
              .hasSameContentAs(Files.newInputStream(Clone.ORIGINAL.resolve(name)));
        }
      }
    }
  }

  @Test
  void eachJar_isAModule() throws IOException {
    for (StagedArtifact artifact : withJars()) {
      String module = tool("jar", "--describe-module", "--file", artifact.jar().toString());
      if (artifact.id().equals("memjcache")) {
        assertThat(module)
            .contains("org.memjcache@" + VERSION, "exports org.memjcache\n")
            .contains("provides javax.cache.spi.CachingProvider")
            .doesNotContain("automatic");
      } else {
        // A name of its own, not one that Java makes of the file's.
        assertThat(module).contains(manifest(artifact).getValue("Automatic-Module-Name") + "@");
        assertThat(manifest(artifact).getValue("Automatic-Module-Name"))
            .as("%s", artifact)
            .startsWith("org.memjcache.");
      }
    }
  }

  @Test
  void eachJar_isValid() throws Exception {
    // That of JDK 17 breaks off at the first record.
    Optional<Jdk25> jdk = Jdk25.find();
    assumeTrue(jdk.isPresent(), "no JDK 25, whose jar --validate knows records");
    for (StagedArtifact artifact : withJars()) {
      if (!artifact.id().equals("memjcache-cli")) { // has zstd-jni in it, which isn't
        assertThat(jdk.get().jar("--validate", "--file", artifact.jar().toString())).isEmpty();
      }
    }
  }

  @Test
  void provider_isAnOsgiBundleWithOptionalLibraries() throws IOException {
    Attributes headers = manifest(artifact("memjcache"));

    assertThat(headers.getValue("Bundle-SymbolicName")).isEqualTo("org.memjcache");
    assertThat(headers.getValue("Bundle-Version")).isEqualTo(VERSION);
    assertThat(headers.getValue("Export-Package"))
        .contains("org.memjcache;version", "org.memjcache.micrometer;version")
        .doesNotContain("org.memjcache.internal");
    assertThat(headers.getValue("Import-Package"))
        .containsPattern(
            "io\\.micrometer\\.core\\.instrument;version=\"\\[1,2\\)\";res[^,]*optional")
        .contains("net.rubyeye.xmemcached,", "javax.cache;version=\"[1.1,2)\",")
        .doesNotContain("org.memjcache");
  }

  @Test
  void commandLine_runsFromTheStagingFolder() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                artifact("memjcache-cli").jar().toString(),
                "--version")
            .redirectErrorStream(true)
            .start();

    assertThat(new String(java.getInputStream().readAllBytes(), UTF_8))
        .isEqualToIgnoringNewLines("memjcache " + VERSION);
  }

  @Test
  void withoutKey_saysWhatToDo() throws Exception {
    assertThat(new Maven(clone).fail("no-key", "-Prelease", "verify", "-pl", "bom", "-am"))
        .contains("There is no key", "MAVEN_GPG_KEY", "MAVEN_GPG_PASSPHRASE", "RELEASING.md");
  }

  @Test
  void secondBuildInAnotherFolder_hasTheSameBytes() throws Exception {
    Path again = temp.resolve("staging-again");
    deploy("release-again", anotherClone, again);

    for (StagedArtifact artifact : artifacts) {
      for (Path file : artifact.signedFiles()) {
        assertThat(again.resolve(staging.relativize(file))).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  @Order(1)
  void newcomer_runsTheQuickStart() throws Exception {
    Path project = newcomer("quickstart");

    String output =
        new Maven(project)
            .succeed(
                "newcomer-quickstart",
                newcomersArguments(
                    "-q",
                    "compile",
                    "org.codehaus.mojo:exec-maven-plugin:3.6.2:exec",
                    "-Dexec.executable=java",
                    "-Dexec.args=-cp %classpath org.memjcache.examples.quickstart.Quickstart"));

    String readme = Files.readString(Clone.ORIGINAL.resolve("README.md"));
    int start = readme.indexOf("```text\nSetting Lisboa cache...") + "```text\n".length();
    assertThat(output.replace("\r", ""))
        .contains(readme.substring(start, readme.indexOf("```", start)));
  }

  @Test
  @Order(2)
  void newcomer_passesTheTestsOfTheSpringBootExample() throws Exception {
    Path project = newcomer("spring-boot");
    String example = Files.readString(Clone.ORIGINAL.resolve("examples/spring-boot/pom.xml"));
    String version = example.replaceAll("(?s).*<spring-boot.version>(.*)</spring-boot.*", "$1");

    new Maven(project)
        .succeed(
            "newcomer-spring-boot", newcomersArguments("test", "-Dspring-boot.version=" + version));
  }

  @Test
  @Order(2)
  void eachJar_usesNothingInternalToTheJdk() throws IOException {
    // The provider is a module, and read with those that it requires.
    String libraries =
        String.join(
            File.pathSeparator,
            fromLocalRepository("cache-api-"),
            fromLocalRepository("slf4j-api-"),
            fromLocalRepository("xmemcached-"));
    for (StagedArtifact artifact : withJars()) {
      if (!artifact.id().equals("memjcache-cli")) { // has others' classes in it
        assertThat(
                tool(
                    "jdeps",
                    "--ignore-missing-deps",
                    "--multi-release=base",
                    "--module-path",
                    libraries,
                    "--jdk-internals",
                    artifact.jar().toString()))
            .as("%s", artifact)
            .isEmpty();
      }
    }
  }

  /** The newcomer's local repository is where a later build finds the last release. */
  @Test
  @Order(3)
  void changeOfTheApi_isRefused_unlessCompatible() throws Exception {
    Path api = clone.resolve("testkit/src/main/java/org/memjcache/testkit/TestCertificate.java");
    String before = Files.readString(api);
    String[] compare = {
      "verify",
      "-Dapi.baseline=" + VERSION,
      "-Dmaven.repo.local.tail=" + localRepository(),
      "-Dmaven.test.skip",
      "-Dmaven.javadoc.skip",
      "-Dspotless.check.skip",
      "-pl",
      "testkit",
      "-am"
    };

    int end = before.lastIndexOf('}');
    Files.writeString(
        api, before.substring(0, end) + "/** Does nothing. */ public void added() {}}");
    new Maven(clone).succeed("api-compatible", compare);

    Files.writeString(api, before.replace("public void replaceBy(", "public void replaceWith("));
    assertThat(new Maven(clone).fail("api-incompatible", compare))
        .contains("TestCertificate.replaceBy(");
  }

  private static void deploy(String name, Path project, Path target) throws Exception {
    new Maven(project)
        .with("MAVEN_GPG_KEY", key.armored())
        .with("MAVEN_GPG_PASSPHRASE", SigningKey.PASSPHRASE)
        .succeed(
            name,
            "-Prelease",
            "-Drevision=" + VERSION,
            "-Dmaven.test.skip",
            "-Dspotless.check.skip",
            "-DaltDeploymentRepository=staging::" + target.toUri(),
            "deploy");
  }

  /** Returns a folder with a POM of its own, the sources of an example, and the Maven wrapper. */
  private static Path newcomer(String example) throws IOException {
    Path project = temp.resolve("newcomer").resolve(example);
    Clone.copy(project, "mvnw", "mvnw.cmd", ".mvn/wrapper", "examples/" + example + "/src");
    Files.move(project.resolve("examples/" + example + "/src"), project.resolve("src"));
    Files.copy(
        Path.of("src/test/resources/newcomer", example, "pom.xml"), project.resolve("pom.xml"));
    if (example.equals("quickstart")) { // whose tests need more than a newcomer's program
      Files.move(project.resolve("src/test"), project.resolve("tests"));
    }
    return project;
  }

  private static String[] newcomersArguments(String... arguments) {
    return Stream.concat(
            Stream.of(
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + localRepository(),
                "-Dstaging=" + staging.toUri(),
                "-Dreleased.version=" + VERSION),
            Stream.of(arguments))
        .toArray(String[]::new);
  }

  private static Path localRepository() {
    return temp.resolve("repository");
  }

  private static String fromLocalRepository(String name) throws IOException {
    try (Stream<Path> files = Files.walk(localRepository())) {
      return files
          .filter(file -> file.getFileName().toString().matches(name + "[0-9.]+\\.jar"))
          .findAny()
          .orElseThrow(() -> new AssertionError("no " + name + " in " + localRepository()))
          .toString();
    }
  }

  private static StagedArtifact artifact(String id) {
    return artifacts.stream().filter(artifact -> artifact.id().equals(id)).findAny().orElseThrow();
  }

  private static List<StagedArtifact> withJars() {
    return artifacts.stream().filter(StagedArtifact::hasJar).toList();
  }

  private static Attributes manifest(StagedArtifact artifact) throws IOException {
    try (JarFile jar = new JarFile(artifact.jar().toFile())) {
      return jar.getManifest().getMainAttributes();
    }
  }

  private static Path sibling(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }

  private static String digest(String algorithm, Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
  }

  /** Returns what a tool of the JDK has printed, which must have succeeded. */
  private static String tool(String name, String... arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    int exitCode = ToolProvider.findFirst(name).orElseThrow().run(writer, writer, arguments);
    assertThat(exitCode).as("%s", output).isZero();
    return output.toString();
  }
}
