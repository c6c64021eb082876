// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.common.ClassLookup;

/** What was read for another manager counts only where reading again would give the same. */
class SharedSettingsTest {

  private static final URI LISBOA = URI.create("memcached://one,two:1/hotels/Lisboa?timeout=2s");
  private static final URI PORTO = URI.create("memcached://one,two:1/hotels/Porto?timeout=2s");

  private final SharedSettings shared = new SharedSettings();
  private final Properties system = new Properties();
  private final Map<String, String> environment = new HashMap<>();

  private ManagerSettings settings(URI uri) {
    return settings(uri, null);
  }

  /** Returns what the memory gives, which must be what is given without it. */
  private ManagerSettings settings(URI uri, @Nullable Properties properties) {
    Environment surroundings = new Environment(system, environment::get, ClassLookup.of(null));
    ManagerSettings settings = shared.settings(uri, properties, surroundings);
    assertThat(settings).isEqualTo(ManagerSettings.of(uri, properties, surroundings));
    return settings;
  }

  private static Properties properties(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }

  @Test
  void settings_otherPath_shareAllButTheNames() {
    ManagerSettings lisboa = settings(LISBOA);
    ManagerSettings porto = settings(PORTO);

    assertThat(lisboa.namespace()).containsExactly("hotels", "Lisboa");
    assertThat(porto.namespace()).containsExactly("hotels", "Porto");
    assertThat(porto.cluster()).isSameAs(lisboa.cluster());
    assertThat(porto.caches()).isSameAs(lisboa.caches());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memcached://one,two:1/hotels/Porto",
        "memcached://one,two:1/hotels/Porto?timeout=3s",
        "memcached://one,two/hotels/Porto?timeout=2s",
        "memcached://one,two:1?timeout=2s",
        "memcached://one,two:1/?timeout=2s",
        "memcached://one,two:1/S%C3%BCd?timeout=2s",
        "memcached://one,two:1/S%c3%bcd/a%2Fb?timeout=2s",
        "MEMCACHED://one,two:1/a/b/c/d/e/f/g/h?timeout=2s"
      })
  void settings_otherUri_areItsOwn(String uri) {
    for (int i = 0; i < 2; i++) {
      settings(LISBOA);
      settings(URI.create(uri));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memcached://one,two:1/hotels/?timeout=2s",
        "memcached://one,two:1/hotels//Porto?timeout=2s",
        "memcached://one,two:1/hotels/..?timeout=2s",
        "memcached://one,two:1/hotels/%ff?timeout=2s",
        "memcached://one,two:1/1/2/3/4/5/6/7/8/9?timeout=2s",
        "memcached://one,two:1/hotels/Porto?timeout=2s#Lisboa",
        "memcache://one,two:1/hotels/Porto?timeout=2s"
      })
  void settings_wrongPathAfterARightOne_isRefusedAsEver(String uri) {
    settings(LISBOA);

    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> shared.settings(URI.create(uri), null, Environment.none()))
        .withMessage(message(URI.create(uri)));
  }

  private static String message(URI uri) {
    try {
      ManagerSettings.of(uri, null, Environment.none());
    } catch (InvalidConfigurationException e) {
      return Objects.requireNonNull(e.getMessage());
    }
    throw new AssertionError(uri + " is accepted");
  }

  @Test
  void settings_propertiesSystemPropertiesAndEnvironment_countAsTheyAreNow() {
    assertThat(settings(LISBOA).failure()).isEqualTo(FailureMode.THROW);

    system.setProperty("memjcache.failure", "miss");
    assertThat(settings(LISBOA).failure()).isEqualTo(FailureMode.MISS);

    Properties properties = properties("memjcache.failure", "throw");
    assertThat(settings(PORTO, properties).failure()).isEqualTo(FailureMode.THROW);
    properties.setProperty("memjcache.failure", "miss");
    assertThat(settings(PORTO, properties).failure()).isEqualTo(FailureMode.MISS);

    environment.put("MEMJCACHE_SECRET", "s".repeat(40));
    assertThat(settings(LISBOA).secret()).isNotNull();
    environment.clear();
    assertThat(settings(LISBOA).secret()).isNull();
    system.clear();
    assertThat(settings(LISBOA).failure()).isEqualTo(FailureMode.THROW);
  }

  @Test
  void settings_secretsOfTenants_areNotMixedUp() {
    for (int i = 0; i < 3; i++) {
      for (String secret : List.of("l".repeat(40), "p".repeat(40))) {
        Secrets found = settings(LISBOA, properties("memjcache.secret", secret)).secret();

        assertThat(Objects.requireNonNull(found).texts()).containsExactly(secret);
      }
      assertThat(settings(PORTO).secret()).isNull();
    }
  }

  @Test
  void settings_namespaceInProperties_mustAgreeWithEachUri() {
    Properties properties = properties("memjcache.namespace", "hotels/Lisboa");

    settings(LISBOA, properties);

    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> shared.settings(PORTO, properties, Environment.none()))
        .withMessageContaining("hotels/Porto")
        .withMessageContaining("hotels/Lisboa");
  }

  @Test
  void settings_namespaceInSystemProperties_countsWhereTheUriHasNone() {
    system.setProperty("memjcache.namespace", "hotels");

    assertThat(settings(LISBOA).namespace()).containsExactly("hotels", "Lisboa");
    assertThat(settings(URI.create("memcached://one,two:1?timeout=2s")).namespace())
        .containsExactly("hotels");
    assertThat(settings(PORTO).namespace()).containsExactly("hotels", "Porto");
  }

  @Test
  void settings_ofAFile_areReadAgain(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("hotels.properties");
    String lines = "memjcache.servers=one\nmemjcache.timeout=";
    Files.writeString(file, lines + "2s\n");
    assertThat(settings(file.toUri()).cluster().operationTimeout())
        .isEqualTo(Duration.ofSeconds(2));

    Files.writeString(file, lines + "3s\n");

    assertThat(settings(file.toUri()).cluster().operationTimeout())
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void settings_areForgotten_whenOthersWereRead() {
    WeakReference<ManagerSettings> first =
        new WeakReference<>(shared.settings(LISBOA, null, Environment.none()));

    settings(URI.create("memcached://other/hotels/Lisboa"));

    assertForgotten(first);
  }

  @Test
  void clear_forgetsTheLast() {
    WeakReference<ManagerSettings> last =
        new WeakReference<>(shared.settings(LISBOA, null, Environment.none()));

    shared.clear();

    assertForgotten(last);
  }

  @Test
  void settings_holdNoClassLoader() {
    WeakReference<ClassLoader> loader = new WeakReference<>(readWithLoader());

    assertForgotten(loader);
  }

  private ClassLoader readWithLoader() {
    ClassLoader loader = new URLClassLoader(new URL[0], null);
    shared.settings(
        LISBOA,
        properties("memjcache.serializer", "com.acme.Json"),
        Environment.ofProcess(system, ClassLookup.of(loader)));
    return loader;
  }

  private static void assertForgotten(WeakReference<?> reference) {
    for (int i = 0; i < 100 && reference.get() != null; i++) {
      System.gc();
    }
    assertThat((Object) reference.get()).isNull();
  }
}
