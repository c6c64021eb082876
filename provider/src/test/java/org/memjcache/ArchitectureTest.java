package org.memjcache;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.cache.Cache;
import org.junit.jupiter.api.Test;

/** Keeps the arrows between packages pointing one way: from the surface down to the store. */
class ArchitectureTest {

  private static final JavaClasses PROVIDER =
      new ClassFileImporter()
          .importUrl(MemcachedCache.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void packages_dependOnlyOnThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .ensureAllClassesAreContainedInArchitecture()
        .layer("micrometer")
        .definedBy("org.memjcache.micrometer..")
        .layer("surface")
        .definedBy("org.memjcache")
        .layer("config")
        .definedBy("org.memjcache.config..")
        .layer("operation")
        .definedBy("org.memjcache.operation..")
        .layer("event")
        .definedBy("org.memjcache.event..")
        .layer("integration")
        .definedBy("org.memjcache.integration..")
        .layer("management")
        .definedBy("org.memjcache.management..")
        .layer("namespace")
        .definedBy("org.memjcache.namespace..")
        .layer("codec")
        .definedBy("org.memjcache.codec..")
        .layer("store")
        .definedBy("org.memjcache.store..")
        .whereLayer("micrometer")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("surface")
        .mayOnlyBeAccessedByLayers("micrometer")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("surface")
        .whereLayer("operation")
        .mayOnlyBeAccessedByLayers("surface")
        .whereLayer("event")
        .mayOnlyBeAccessedByLayers("surface", "operation")
        .whereLayer("integration")
        .mayOnlyBeAccessedByLayers("surface", "operation", "event")
        .whereLayer("management")
        .mayOnlyBeAccessedByLayers("micrometer", "surface", "operation")
        .whereLayer("namespace")
        .mayOnlyBeAccessedByLayers("surface", "operation", "management")
        .whereLayer("codec")
        .mayOnlyBeAccessedByLayers("surface", "config", "operation", "namespace")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("surface", "config", "operation", "namespace")
        .check(PROVIDER);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("org.memjcache.(*)..").should().beFreeOfCycles().check(PROVIDER);
  }

  @Test
  void xmemcached_isNamedInTheStoreOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.memjcache.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.rubyeye..", "com.google.code.yanf4j..")
        .check(PROVIDER);
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
        .haveNameNotMatching("org[.]memjcache[.]codec[.](Lz4|Zstd)Compressor")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.jpountz..", "com.github.luben..")
        .check(PROVIDER);
  }

  @Test
  void cache_isKnownToTheSurfaceAndToEventsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.memjcache", "org.memjcache.event", "org.memjcache.micrometer")
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
            "org[.]memjcache[.](integration[.]Writer(Entry)?|operation[.](CacheEntry|EntryIterator))")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Cache.Entry.class.getName())
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
