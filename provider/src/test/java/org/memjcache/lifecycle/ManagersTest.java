// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.configuration.OptionalFeature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.ManagerSettingsAccess;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.Log;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * The provider and its managers: which one a URI gives, what closing ends, what clearing clears.
 */
@Memcached
@Tag("slow")
class ManagersTest {

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  ManagersTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  void empty() {
    server.flushAll();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void provider_isFoundByItsNameAndWithoutIt() {
    assertThat(Caching.getCachingProvider()).isInstanceOf(MemcachedCachingProvider.class);
    assertThat(Caching.getCachingProvider(MemcachedCachingProvider.class.getName()))
        .isSameAs(Caching.getCachingProvider());
  }

  @Test
  void provider_storesByValueOnly() {
    assertThat(provider.isSupported(OptionalFeature.STORE_BY_REFERENCE)).isFalse();
  }

  @Test
  void getCacheManager_sameUriAndLoader_isTheSame() {
    URI uri = LongTimeoutUri.of(server, "hotels/Lisboa");
    ClassLoader loader = new URLClassLoader(new URL[0], getClass().getClassLoader());

    MemcachedCacheManager manager = provider.getCacheManager(uri, null);

    assertThat(provider.getCacheManager(uri, provider.getDefaultClassLoader())).isSameAs(manager);
    assertThat(provider.getCacheManager(uri, null, new Properties())).isSameAs(manager);
    assertThat(provider.getCacheManager(uri, loader)).isNotSameAs(manager);
    assertThat(provider.getCacheManager(uri, loader).getClassLoader()).isSameAs(loader);
    assertThat(provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Porto"), null))
        .isNotSameAs(manager);
    assertThat(manager.getURI()).isEqualTo(uri);
    assertThat(manager.getClassLoader()).isSameAs(provider.getDefaultClassLoader());
    assertThat(manager.getCachingProvider()).isSameAs(provider);
  }

  @Test
  void getCacheManager_sameUriSpelledOtherwise_isTheSame() {
    String port = ":" + server.port() + "/hotels/";
    URI uri = URI.create("memcached://localhost" + port + "S%c3%bcd");
    URI same = URI.create("MemCached://LocalHost" + port + "S%C3%BCd");

    MemcachedCacheManager manager = provider.getCacheManager(uri, null);

    assertThat(provider.getCacheManager(same, null)).isSameAs(manager);
    assertThat(manager.getURI()).isEqualTo(uri).hasToString(uri.toString());
    assertThat(
            provider.getCacheManager(URI.create("memcached://localhost" + port + "s%C3%BCd"), null))
        .isNotSameAs(manager);
    provider.close(same, null);
    assertThat(manager.isClosed()).isTrue();
    assertThat(provider.getCacheManager(uri, null)).isNotSameAs(manager);
  }

  @Test
  void getCacheManager_isClosedByTheSpellingOfAnother_isForgotten() {
    URI uri = URI.create("memcached://LOCALHOST:" + server.port() + "/hotels/%c3%bc");

    provider.getCacheManager(uri, null).close();

    MemcachedCacheManager again = provider.getCacheManager(uri, null);
    assertThat(again.isClosed()).isFalse();
    assertThat(provider.getCacheManager(uri, null)).isSameAs(again);
  }

  @Test
  void caches_cameAndWent_areThoseThatAreThere() {
    MemcachedCacheManager manager =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);
    for (String name : List.of("a", "b", "c")) {
      manager.createCache(name, new MutableConfiguration<>());
      manager.getCache(name).close();
      manager.createCache(name, new MutableConfiguration<>());
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> manager.createCache(name, new MutableConfiguration<>()));
      assertThat(manager.getCacheNames()).contains(name);
    }
    Cache<?, ?> b = manager.getCache("b");
    manager.getCache("a").close();
    manager.getCache("c").close();

    assertThat(manager.getCacheNames()).containsExactly("b");
    assertThat(manager.<Object, Object>getCache("a")).isNull();
    assertThat((Object) manager.getCache("b")).isSameAs(b);
    manager.close();
    assertThat(b.isClosed()).isTrue();
  }

  @Test
  void caches_ofEqualConfigurations_areConfiguredEachOnItsOwn() {
    MemcachedCacheManager manager =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);
    MutableConfiguration<String, String> given =
        new MutableConfiguration<String, String>().setTypes(String.class, String.class);
    Cache<String, String> one = manager.createCache("one", given);
    Cache<String, String> other = manager.createCache("other", given);

    manager.enableStatistics("one", true);
    configuration(other).setRemoveAllCounted(false).setTypes(String.class, String.class);

    assertThat(configuration(one).isStatisticsEnabled()).isTrue();
    assertThat(configuration(other).isStatisticsEnabled()).isFalse();
    assertThat(configuration(other).isRemoveAllCounted()).isTrue();
    assertThat(given.isStatisticsEnabled()).isFalse();
  }

  @ParameterizedTest(name = "first managed: {0}")
  @ValueSource(booleans = {true, false})
  void caches_differingInManagementOnly_areConfiguredAsEachWas(boolean managed) {
    MemcachedCacheManager manager =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);
    Cache<String, String> one =
        manager.createCache(
            "one", new MemcachedConfiguration<String, String>().setManagementEnabled(managed));
    Cache<String, String> other =
        manager.createCache(
            "other", new MemcachedConfiguration<String, String>().setManagementEnabled(!managed));

    assertThat(configuration(one).isManagementEnabled()).isEqualTo(managed);
    assertThat(configuration(other).isManagementEnabled()).isEqualTo(!managed);
  }

  private static MemcachedConfiguration<String, String> configuration(Cache<String, String> cache) {
    @SuppressWarnings("unchecked")
    MemcachedConfiguration<String, String> configuration =
        cache.getConfiguration(MemcachedConfiguration.class);
    return configuration;
  }

  @Test
  void getCacheManager_systemPropertyChanged_countsForManagersMadeLater() {
    String option = "memjcache.staleness";
    try {
      System.setProperty(option, "70ms");
      MemcachedCacheManager first = provider.getCacheManager(bounded("Lisboa"), null);
      System.setProperty(option, "80ms");
      MemcachedCacheManager second = provider.getCacheManager(bounded("Porto"), null);
      System.clearProperty(option);
      MemcachedCacheManager third = provider.getCacheManager(bounded("Faro"), null);

      assertThat(List.of(first, second, third))
          .extracting(manager -> ManagerSettingsAccess.settingsOf(manager).staleness().toMillis())
          .containsExactly(70L, 80L, 100L);
    } finally {
      System.clearProperty(option);
    }
  }

  private URI bounded(String tenant) {
    return URI.create(LongTimeoutUri.of(server, "hotels/" + tenant) + "&consistency=bounded");
  }

  @Test
  void getCacheManager_nothingGiven_takesTheDefaults() {
    String before = System.getProperty("org.memjcache.uri");
    System.setProperty("org.memjcache.uri", LongTimeoutUri.of(server, "hotels/Lisboa").toString());
    try {
      MemcachedCacheManager manager = provider.getCacheManager();

      assertThat(manager.getURI()).isEqualTo(LongTimeoutUri.of(server, "hotels/Lisboa"));
      assertThat(provider.getDefaultURI()).isEqualTo(LongTimeoutUri.of(server, "hotels/Lisboa"));
      assertThat(provider.getCacheManager(null, null)).isSameAs(manager);
      provider.close(null, null);
      assertThat(manager.isClosed()).isTrue();
    } finally {
      if (before == null) {
        System.clearProperty("org.memjcache.uri");
      } else {
        System.setProperty("org.memjcache.uri", before);
      }
    }
  }

  @Test
  void getCacheManager_noNamespace_isLoggedOnce() {
    URI shared = LongTimeoutUri.of(server, "");
    Runnable open = () -> provider.getCacheManager(shared, new URLClassLoader(new URL[0]));

    assertThat(Log.of(() -> provider.getCacheManager(LongTimeoutUri.of(server, "hotels"), null)))
        .isEmpty();
    assertThat(Log.of(open))
        .contains("WARN", shared.toString(), "has no namespace", "memjcache.namespace");
    assertThat(Log.of(open)).isEmpty();
  }

  @Test
  void getCacheManager_wrongUri_namesWhatIsAccepted() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> provider.getCacheManager(URI.create("http://localhost/a"), null))
        .withMessageContaining("http")
        .withMessageContaining("memcached://");
  }

  @Test
  void getCacheManager_manyOnTheSameServers_shareOneConnection() {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      for (int i = 0; i < 100; i++) {
        use(provider.getCacheManager(LongTimeoutUri.of(proxy, "hotels/tenant" + i), null));
      }

      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void getCacheManager_otherOptions_hasAConnectionOfItsOwn() {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      use(provider.getCacheManager(LongTimeoutUri.of(proxy, "hotels/Lisboa"), null));
      use(provider.getCacheManager(proxy.uri("hotels/Lisboa?timeout=21s"), null));
      Properties properties = new Properties();
      properties.setProperty("memjcache.timeout", "21s");
      use(provider.getCacheManager(proxy.uri("hotels/Porto"), null, properties));

      assertThat(proxy.connections()).isEqualTo(2);
    }
  }

  @Test
  void getCacheManager_connectsToNothing() {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      provider
          .getCacheManager(LongTimeoutUri.of(proxy, "hotels/Lisboa"), null)
          .createCache("info", new MutableConfiguration<>());

      assertThat(proxy.connections()).isZero();
    }
  }

  @Test
  void getProperties_areThoseGivenAndACopy() {
    Properties given = new Properties();
    given.setProperty("memjcache.timeout", "3s");
    given.setProperty("not.ours", "kept");
    MemcachedCacheManager manager =
        provider.getCacheManager(server.uri("hotels/Lisboa"), null, given);
    given.setProperty("memjcache.timeout", "4s");
    manager.getProperties().clear();

    assertThat(manager.getProperties())
        .containsEntry("memjcache.timeout", "3s")
        .containsEntry("not.ours", "kept");
  }

  @Test
  void getProperties_haveTheirDefaults_butNotInPlaceOfWhatIsNoText() {
    Properties defaults = new Properties();
    defaults.setProperty("memjcache.timeout", "3s");
    defaults.setProperty("not.ours", "hidden");
    Properties given = new Properties(defaults);
    given.put("not.ours", 7);

    assertThat(provider.getCacheManager(server.uri("hotels/Faro"), null, given).getProperties())
        .containsOnly(Map.entry("memjcache.timeout", "3s"), Map.entry("not.ours", 7));
  }

  @Test
  void close_manager_isReplacedByANewOne() {
    URI uri = LongTimeoutUri.of(server, "hotels/Lisboa");
    MemcachedCacheManager closed = provider.getCacheManager(uri, null);
    closed.close();
    closed.close();

    MemcachedCacheManager fresh = provider.getCacheManager(uri, null);

    assertThat(closed.isClosed()).isTrue();
    assertThat(fresh).isNotSameAs(closed);
    assertThat(fresh.isClosed()).isFalse();
    closed.close();
    assertThat(provider.getCacheManager(uri, null)).isSameAs(fresh);
  }

  @Test
  void close_manager_keepsTheConnectionForTheOthers() {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      MemcachedCacheManager one =
          provider.getCacheManager(LongTimeoutUri.of(proxy, "hotels/Lisboa"), null);
      MemcachedCacheManager other =
          provider.getCacheManager(LongTimeoutUri.of(proxy, "hotels/Porto"), null);
      use(one);
      use(other);

      one.close();

      assertThat(other.getCache("info").get("k")).isEqualTo("v");
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void close_oneUriAndLoader_closesThisManagerOnly() {
    ClassLoader loader = new URLClassLoader(new URL[0], getClass().getClassLoader());
    URI uri = LongTimeoutUri.of(server, "hotels/Lisboa");
    MemcachedCacheManager same = provider.getCacheManager(uri, loader);
    MemcachedCacheManager otherLoader = provider.getCacheManager(uri, null);
    MemcachedCacheManager otherUri =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Porto"), loader);

    provider.close(uri, loader);

    assertThat(List.of(same, otherLoader, otherUri))
        .extracting(CacheManager::isClosed)
        .containsExactly(true, false, false);
  }

  @Test
  void close_loader_closesItsManagersOnly() {
    ClassLoader loader = new URLClassLoader(new URL[0], getClass().getClassLoader());
    MemcachedCacheManager one =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), loader);
    MemcachedCacheManager two =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Porto"), loader);
    MemcachedCacheManager other =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Porto"), null);

    provider.close(loader);

    assertThat(List.of(one, two, other))
        .extracting(CacheManager::isClosed)
        .containsExactly(true, true, false);
  }

  @Test
  void close_provider_closesAllAndCanBeUsedAgain() {
    MemcachedCacheManager manager =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);
    use(manager);
    Cache<String, String> cache = manager.getCache("info");

    provider.close();

    assertThat(manager.isClosed()).isTrue();
    assertThat(cache.isClosed()).isTrue();
    MemcachedCacheManager again =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);
    assertThat(again.createCache("info", new MutableConfiguration<String, String>()).get("k"))
        .as("what was there before")
        .isEqualTo("v");
  }

  @Test
  void closedManager_refusesEverythingButClosing() {
    URI uri = LongTimeoutUri.of(server, "hotels/Lisboa");
    MemcachedCacheManager manager = provider.getCacheManager(uri, null);
    manager.close();
    List<Runnable> calls =
        List.of(
            () -> manager.createCache("info", new MutableConfiguration<>()),
            () -> manager.createCache(null, null),
            () -> manager.getCache("info"),
            () -> manager.getCache(null),
            () -> manager.getCache("info", String.class, String.class),
            manager::getCacheNames,
            () -> manager.destroyCache("info"),
            () -> manager.destroyCache(null),
            () -> manager.enableManagement("info", true),
            () -> manager.enableManagement(null, true),
            () -> manager.enableStatistics("info", true),
            manager::clear);

    for (Runnable call : calls) {
      assertThatIllegalStateException()
          .isThrownBy(call::run)
          .withMessageStartingWith("The cache manager " + uri + " is closed: ")
          .withMessageContaining("the same URI and class loader share one manager")
          .withMessageContaining("a URI of its own");
    }
    manager.close();
    assertThat(manager.getURI()).isEqualTo(uri);
    assertThat(manager.getProperties()).isEmpty();
  }

  @Test
  void unwrap_otherType_namesTheOnlyOne() {
    MemcachedCacheManager manager =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);

    assertThat(manager.unwrap(MemcachedCacheManager.class)).isSameAs(manager);
    assertThat(manager.unwrap(CacheManager.class)).isSameAs(manager);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.unwrap(String.class))
        .withMessage(
            "The cache manager can't be unwrapped to java.lang.String, only to"
                + " org.memjcache.MemcachedCacheManager");
  }

  @Test
  void clear_manager_clearsItsCachesForAllAndNoOthers() {
    MemcachedCacheManager lisboa =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);
    MemcachedCacheManager porto =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Porto"), null);
    try (IsolatedProvider otherProcess = new IsolatedProvider()) {
      CacheManager theirs = otherProcess.manager(LongTimeoutUri.of(server, "hotels/Lisboa"));
      List.of(lisboa, porto, theirs).forEach(ManagersTest::use);

      lisboa.clear();

      assertThat(List.of(lisboa, porto, theirs))
          .extracting(manager -> manager.getCache("info").get("k"))
          .containsExactly(null, "v", null);
    }
  }

  @Test
  void clear_provider_clearsTheLevelOfTheUriAndOpensNoManager() {
    MemcachedCacheManager lisboa =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null);
    MemcachedCacheManager porto =
        provider.getCacheManager(LongTimeoutUri.of(server, "hotels/Porto"), null);
    MemcachedCacheManager flights =
        provider.getCacheManager(LongTimeoutUri.of(server, "flights/Lisboa"), null);
    List<MemcachedCacheManager> all = List.of(lisboa, porto, flights);
    all.forEach(ManagersTest::use);

    provider.clear(LongTimeoutUri.of(server, "hotels/Lisboa", 1));
    assertThat(all)
        .extracting(manager -> manager.getCache("info").get("k"))
        .containsExactly(null, "v", "v");

    provider.clear(LongTimeoutUri.of(server, "hotels"));
    assertThat(all)
        .extracting(manager -> manager.getCache("info").get("k"))
        .containsExactly(null, null, "v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?timeout=7s"})
  void clear_uriWithoutAPath_saysWhatToGive(String rest) {
    URI uri = server.uri(rest);
    String message =
        "The URI "
            + uri
            + " names no application or tenant to clear: give it a path, as in"
            + " memcached://host/application/tenant, or clear each cache";

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> provider.clear(uri))
        .withMessage(message);
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> provider.getCacheManager(uri, null).clear())
        .withMessage(message);
  }

  @Test
  void clear_noUri_isRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> provider.clear(null))
        .withMessage("The URI is null");
  }

  @Test
  void clear_provider_heedsTheDefaultPropertiesAsItsManagersDo() {
    System.setProperty("memjcache.timeout", "21s");
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      MemcachedCacheManager manager = provider.getCacheManager(proxy.uri("hotels/Lisboa"), null);
      use(manager);

      provider.clear(proxy.uri("hotels/Lisboa"));

      assertThat(manager.<String, String>getCache("info").get("k")).isNull();
      assertThat(proxy.connections()).as("connections, for equal settings one").isEqualTo(1);
    } finally {
      System.clearProperty("memjcache.timeout");
    }
  }

  @Test
  void getDefaultProperties_areTheSystemPropertiesOfOurs() {
    System.setProperty("memjcache.timeout", "2s");
    try {
      assertThat(provider.getDefaultProperties()).containsOnly(entry("memjcache.timeout", "2s"));
      assertThat(provider.getCacheManager(server.uri("a"), null).getProperties())
          .containsOnly(entry("memjcache.timeout", "2s"));
      assertThat(provider.getCacheManager(server.uri("b"), null, new Properties()).getProperties())
          .isEmpty();
    } finally {
      System.clearProperty("memjcache.timeout");
    }
  }

  @Test
  void managersComeAndGo_byManyThreads_noneIsHandedOutClosed() {
    URI uri = LongTimeoutUri.of(server, "hotels/Lisboa");
    List<MemcachedCacheManager> seen = new ArrayList<>();
    for (int round = 0; round < 200; round++) {
      MemcachedCacheManager closing = provider.getCacheManager(uri, null);
      Thread closer = new Thread(closing::close);
      closer.start();
      MemcachedCacheManager next = closing;
      while (next == closing) {
        boolean closed = closing.isClosed();
        next = provider.getCacheManager(uri, null);
        assertThat(closed && next == closing).as("a closed manager is handed out").isFalse();
      }
      seen.add(next);
    }
    assertThat(seen).doesNotHaveDuplicates();
  }

  private static Map.Entry<Object, Object> entry(Object key, Object value) {
    return Map.entry(key, value);
  }

  private static void use(CacheManager manager) {
    Cache<String, String> cache = manager.getCache("info");
    if (cache == null) {
      cache = manager.createCache("info", new MutableConfiguration<>());
    }
    cache.put("k", "v");
  }
}
