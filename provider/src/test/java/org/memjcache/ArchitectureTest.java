// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.Cache;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keeps the arrows between packages pointing one way: from the API down to the client. */
@Tag("any-jdk")
class ArchitectureTest {

  private static final JavaClasses PROVIDER =
      new ClassFileImporter()
          .importUrl(MemcachedCache.class.getProtectionDomain().getCodeSource().getLocation());

  private static final String INTERNAL = "org.memjcache.internal.";

  /**
   * What internal packages may use of the API: the values that users and they hand to each other.
   */
  private static final Set<String> VALUES_OF_API =
      Set.of(
          "org.memjcache.CacheInsightMXBean",
          "org.memjcache.Consistency",
          "org.memjcache.EntryExpiry",
          "org.memjcache.FailureMode",
          "org.memjcache.InvalidConfigurationException",
          "org.memjcache.ManagerUri",
          "org.memjcache.MemcachedConfiguration",
          "org.memjcache.NameResolver",
          "org.memjcache.NearLimit",
          "org.memjcache.NotAVersionException",
          "org.memjcache.PingResult",
          "org.memjcache.Serializer",
          "org.memjcache.SerializerContext",
          "org.memjcache.UnreadableMode");

  /** Each internal package, and those that it may use. All others are upward or sideways. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          room(
              "cache",
              "common",
              "operation",
              "entry",
              "event",
              "integration",
              "namespace",
              "near",
              "metrics",
              "codec.envelope",
              "codec.key",
              "codec.serialization",
              "codec.value",
              "config",
              "config.value",
              "text"),
          room(
              "operation",
              "common",
              "entry",
              "event",
              "integration",
              "metrics",
              "operation.concurrency",
              "codec.key",
              "codec.value",
              "config.value"),
          room("operation.concurrency", "common", "entry", "codec.key", "codec.value"),
          room(
              "entry",
              "entry.lease",
              "near",
              "namespace",
              "common",
              "codec.key",
              "codec.value",
              "codec.envelope",
              "client",
              "client.command",
              "metrics",
              "text"),
          room("entry.lease", "namespace", "client.command", "codec.key", "metrics"),
          room("namespace.version", "client.command", "common"),
          room(
              "namespace",
              "namespace.version",
              "common",
              "client",
              "client.command",
              "codec.key",
              "config.value",
              "metrics",
              "text"),
          room("near", "namespace", "client", "codec.envelope", "codec.key", "common", "text"),
          room("codec.envelope", "codec.key", "codec.value", "common", "text"),
          // keys of java.time have the encoding of values; which classes have one serialized form
          // for all equal objects is for serialization to say
          room("codec.key", "codec.serialization", "codec.value", "text"),
          room("codec.value", "config.value"),
          room("codec.serialization", "common", "text"),
          room(
              "client",
              "client.admin",
              "client.channel",
              "client.command",
              "client.connection",
              "client.connection.xmemcached",
              "client.discovery",
              "client.membership",
              "common",
              "config.value"),
          room("client.command"),
          room("client.binary", "client.command"),
          room("client.channel", "config.value", "text"),
          // the size limit is asked in the protocol that the server speaks
          room(
              "client.admin",
              "client.authentication",
              "client.binary",
              "client.channel",
              "client.command",
              "client.connection",
              "config.value",
              "text"),
          room(
              "client.membership", "client.command", "client.connection", "common", "config.value"),
          room(
              "client.discovery",
              "client.admin",
              "client.command",
              "client.connection",
              "common",
              "config.value"),
          room(
              "client.authentication",
              "client.binary",
              "client.channel",
              "client.command",
              "config.value"),
          room(
              "client.connection",
              "client.authentication",
              "client.binary",
              "client.channel",
              "client.command",
              "client.connection.lead",
              "common",
              "config.value"),
          room("client.connection.lead"),
          room(
              "client.connection.xmemcached",
              "client.binary",
              "client.channel",
              "client.command",
              "client.connection",
              "common",
              "config.value"),
          room("config", "common", "config.value", "text"),
          room("config.value"),
          room("event", "integration", "common", "config.value", "metrics"),
          room("common"),
          room("integration", "common"),
          room("metrics", "text"),
          // of the starters and of memjcache-hibernate, which use the API for all else
          room("tenants"),
          room("text"));

  private static Map.Entry<String, Set<String>> room(String name, String... uses) {
    return Map.entry(name, Set.of(uses));
  }

  @Test
  void internalPackages_useOnlyThoseBelowThem() {
    Set<String> violations = new TreeSet<>();
    for (JavaClass type : PROVIDER) {
      if (!type.getPackageName().startsWith(INTERNAL)) {
        continue;
      }
      String room = type.getPackageName().substring(INTERNAL.length());
      assertThat(ARROWS).as("the rooms").containsKey(room);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (!isAllowed(room, target)) {
          violations.add(room + " -> " + roomOf(target) + ": " + dependency.getDescription());
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  private static boolean isAllowed(String room, JavaClass target) {
    String name = target.getPackageName();
    if (name.startsWith(INTERNAL)) {
      String other = name.substring(INTERNAL.length());
      return other.equals(room) || Objects.requireNonNull(ARROWS.get(room)).contains(other);
    }
    return !name.startsWith("org.memjcache")
        || VALUES_OF_API.contains(target.getName().replaceFirst("[$].*", ""));
  }

  private static String roomOf(JavaClass target) {
    String name = target.getPackageName();
    return name.startsWith(INTERNAL) ? name.substring(INTERNAL.length()) : name;
  }

  @Test
  void packages_holdTwentyClassesAtMost() {
    Map<String, Long> classes =
        PROVIDER.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(classes.values()).allMatch(count -> count <= 20, "20 classes at most");
  }

  @Test
  void sourceFiles_haveFourHundredLinesAtMost() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")))
          .hasSizeGreaterThan(300)
          .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(400));
    }
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("org.memjcache.internal.(**)").should().beFreeOfCycles().check(PROVIDER);
  }

  @Test
  void xmemcached_isNamedInOnePackageOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.memjcache.internal.client.connection.xmemcached")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.rubyeye..", "com.google.code.yanf4j..")
        .check(PROVIDER);
  }

  @Test
  void micrometerPackage_usesTheApiOnly() {
    noClasses()
        .that()
        .resideInAPackage("org.memjcache.micrometer")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.memjcache.internal..")
        .check(PROVIDER);
  }

  /** An application's module can't name an internal class, so it couldn't call such a method. */
  @Test
  void signaturesOfTheApi_nameNoInternalClass() {
    assertThat(
            PROVIDER.stream()
                .filter(type -> !type.getName().startsWith(INTERNAL) && isVisible(type))
                .flatMap(type -> type.getMembers().stream())
                .filter(ArchitectureTest::isVisible)
                .filter(member -> member.getAllInvolvedRawTypes().toString().contains(INTERNAL)))
        .isEmpty();
  }

  private static boolean isVisible(HasModifiers element) {
    return element.getModifiers().contains(JavaModifier.PUBLIC)
        || element.getModifiers().contains(JavaModifier.PROTECTED);
  }

  @Test
  void micrometer_isNamedInItsPackageOnlySoThatItMayBeAbsent() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.memjcache.micrometer..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .check(PROVIDER);
  }

  @Test
  void compressionLibraries_areNamedInOneClassEachSoThatTheyMayBeAbsent() {
    noClasses()
        .that()
        .haveNameNotMatching("org[.]memjcache[.]internal[.]codec[.]value[.](Lz4|Zstd)Compressor")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.jpountz..", "com.github.luben..")
        .check(PROVIDER);
  }

  @Test
  void tlsLibrary_isNamedInOneClassSoThatItMayBeAbsent() {
    noClasses()
        .that()
        .haveNameNotMatching("org[.]memjcache[.]internal[.]client[.]channel[.]TlsChannel([$].*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tlschannel..")
        .check(PROVIDER);
  }

  @Test
  void caffeine_isNamedInOneClassSoThatItMayBeAbsent() {
    noClasses()
        .that()
        .haveNameNotMatching("org[.]memjcache[.]internal[.]near[.]NearCopies")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.benmanes..")
        .check(PROVIDER);
  }

  @Test
  void cache_isKnownToTheApiAndToEventsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "org.memjcache",
            "org.memjcache.internal.cache",
            "org.memjcache.internal.event",
            "org.memjcache.micrometer")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Cache.class.getName())
        .check(PROVIDER);
  }

  @Test
  void entriesOfCaches_areKnownWhereTheyAreHandedOver() {
    noClasses()
        .that()
        .resideInAPackage("org.memjcache.*..")
        .and()
        .haveNameNotMatching(
            "org[.]memjcache[.]internal[.](integration[.](Writer|CacheEntry)|operation[.]EntryIterator)")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Cache.Entry.class.getName())
        .check(PROVIDER);
  }

  /**
   * Stack traces keep classes, and so the class loaders of applications that were undeployed. These
   * end with an operation or a connection, or belong to the application.
   */
  @Test
  void throwables_areNotKeptForLong() {
    noFields()
        .that()
        .areDeclaredInClassesThat()
        .haveNameNotMatching(
            "org[.]memjcache[.](PingResult|internal[.]("
                + "client[.](RoundTrip.Part|command[.]Request|connection[.]DisconnectReason)"
                + "|common[.]Failures|entry[.](Outcome|Snapshot)|integration[.]Writer.BatchResult"
                + "|namespace[.](HardClear|SoftClear|VersionProtocol.ClearOutcome.(Failed|Refused))"
                + "|operation[.](concurrency[.]SharedLoad|ProcessUpdate|LoadUpdate"
                + "|Loads.Completion)))")
        .should()
        .haveRawType(JavaClass.Predicates.assignableTo(Throwable.class))
        .check(PROVIDER);
  }

  @Test
  void nothing_asksWhetherATestKitIsRunning() {
    classes().should(notMention("jsr107", "org.jsr107.tck", "domain.jar")).check(PROVIDER);
  }

  /** Looks into the class files themselves, where strings are as well as names of classes. */
  private static ArchCondition<JavaClass> notMention(String... words) {
    return new ArchCondition<>("not mention the test kit") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String content = content(type).toLowerCase(Locale.ROOT);
        for (String word : words) {
          if (content.contains(word)) {
            events.add(SimpleConditionEvent.violated(type, type.getName() + " mentions " + word));
          }
        }
      }
    };
  }

  private static String content(JavaClass type) {
    try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
