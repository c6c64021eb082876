// SPDX-License-Identifier: Apache-2.0
package org.memjcache.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** Caches whose settings stand in the properties file that the manager's URI is the location of. */
@Memcached
@Tag("slow")
class ConfiguredCachesTest {

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  @TempDir private Path folder;

  ConfiguredCachesTest(MemcachedServer server) {
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
  void getCacheManager_locationOfAFile_isOneManagerForEachUri() {
    URI uri = write("memjcache.cache.info.statistics=true");

    MemcachedCacheManager manager = provider.getCacheManager(uri, null);

    assertThat(manager.getURI()).isEqualTo(uri);
    assertThat(provider.getCacheManager(uri, null)).isSameAs(manager);
    assertThat(provider.getCacheManager(ManagerUri.withNamespace(uri, "Porto"), null))
        .isNotSameAs(manager);
    assertThat(provider.getCacheManager(uri, new ClassLoader() {})).isNotSameAs(manager);
  }

  @Test
  void oneFile_servesManyTenants() {
    URI uri = write("memjcache.cache.*.expiry=created:1h");
    URI lisboa = ManagerUri.withNamespace(uri, "Lisboa");
    provider.getCacheManager(uri, null).createCache("info", strings()).put("k", "hotels");
    provider.getCacheManager(lisboa, null).createCache("info", strings()).put("k", "Lisboa");

    Cache<String, String> direct =
        provider
            .getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null)
            .createCache("info", strings());

    assertThat(direct.get("k")).isEqualTo("Lisboa");
    provider.clear(lisboa);
    assertThat(direct.get("k")).isNull();
    assertThat(provider.getCacheManager(uri, null).getCache("info").get("k")).isEqualTo("hotels");
  }

  @Test
  void getCache_declared_existsWithItsSettings() {
    MemcachedCacheManager manager =
        manager(
            """
            memjcache.cache.info.keyType=java.lang.String
            memjcache.cache.info.valueType=java.lang.Integer
            memjcache.cache.info.expiry=created:10m
            memjcache.cache.info.statistics=true
            memjcache.cache.info.management=true
            memjcache.cache.com.acme.Person.expiry=accessed:30m
            memjcache.cache.com.*.statistics=true
            """);

    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("info", "com.acme.Person");
    Cache<String, Integer> info = manager.getCache("info", String.class, Integer.class);
    info.put("k", 1);
    assertThat(info.get("k")).isEqualTo(1);
    assertThat(manager.<String, Integer>getCache("info")).isSameAs(info);
    CompleteConfiguration<?, ?> configuration = configuration(info);
    assertThat(configuration.getKeyType()).isEqualTo(String.class);
    assertThat(configuration.getValueType()).isEqualTo(Integer.class);
    assertThat(configuration.isStatisticsEnabled()).isTrue();
    assertThat(configuration.isManagementEnabled()).isTrue();
    assertThat(policy(info)).isEqualTo(new CreatedExpiryPolicy(minutes(10)));
    assertThat(policy(manager.getCache("com.acme.Person")))
        .isEqualTo(new AccessedExpiryPolicy(minutes(30)));
    assertThat(configuration(manager.getCache("com.acme.Person")).isStatisticsEnabled()).isTrue();
    assertThat(manager.<Object, Object>getCache("com.acme.Hotel")).isNull();
    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("info", "com.acme.Person");
    manager.enableStatistics("info", false);
    assertThat(configuration(info).isStatisticsEnabled()).isFalse();
  }

  @Test
  void getCache_otherTypesThanDeclared_isRefusedAsInJCache() {
    MemcachedCacheManager manager =
        manager(
            "memjcache.cache.info.keyType=java.lang.String\n"
                + "memjcache.cache.info.valueType=java.lang.Integer\n");

    assertThatExceptionOfType(ClassCastException.class)
        .isThrownBy(() -> manager.getCache("info", String.class, String.class))
        .withMessage("The cache 'info' has the value type java.lang.Integer, not java.lang.String");
  }

  @Test
  void getCache_declared_byManyThreads_isOne() throws Exception {
    for (int round = 0; round < 20; round++) {
      MemcachedCacheManager manager =
          provider.getCacheManager(
              ManagerUri.withNamespace(write("memjcache.cache.info.statistics=true"), "r" + round),
              null);
      Set<Object> seen = ConcurrentHashMap.newKeySet();
      CountDownLatch ready = new CountDownLatch(8);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Thread thread =
            new Thread(
                () -> {
                  ready.countDown();
                  try {
                    ready.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  seen.add(manager.getCache("info"));
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(seen).hasSize(1);
      assertThat(manager.getCache("info").isClosed()).isFalse();
      manager.<String, String>getCache("info").put("k", "v");
    }
  }

  @Test
  void createCache_declared_worksOnceAsLongAsNobodyAskedForIt() {
    MemcachedCacheManager manager = manager("memjcache.cache.info.expiry=modified:5m");

    Cache<String, String> info = manager.createCache("info", strings());

    assertThat(policy(info)).isEqualTo(new ModifiedExpiryPolicy(minutes(5)));
    assertThat(manager.<String, String>getCache("info")).isSameAs(info);
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> manager.createCache("info", strings()))
        .withMessageContaining("A cache named 'info' exists already");
  }

  @Test
  void declared_onceDestroyedOrClosed_isLikeAnyOther() {
    MemcachedCacheManager manager =
        manager("memjcache.cache.a.expiry=modified:5m\nmemjcache.cache.b.expiry=modified:5m\n");

    manager.destroyCache("a");
    manager.getCache("b").close();

    assertThat(manager.<Object, Object>getCache("a")).isNull();
    assertThat(manager.<Object, Object>getCache("b")).isNull();
    assertThat(manager.getCacheNames()).isEmpty();
    assertThat(policy(manager.createCache("a", strings())))
        .isEqualTo(new ModifiedExpiryPolicy(minutes(5)));
  }

  @ParameterizedTest
  @CsvSource({
    "com.acme.Person,        created",
    "com.acme.Person.orders, accessed",
    "com.acme.Hotel,         accessed",
    "org.acme.Hotel,         touched",
    "Hotel,                  touched",
  })
  void createCache_bare_takesTheMostSpecific(String name, String expected) {
    MemcachedCacheManager manager =
        manager(
            """
            memjcache.cache.*.expiry=touched:1m
            memjcache.cache.*.statistics=true
            memjcache.cache.com.acme.*.expiry=accessed:1m
            memjcache.cache.com.acme.Person.expiry=created:1m
            """);

    Cache<Object, Object> cache = manager.createCache(name, new MutableConfiguration<>());

    Map<String, ExpiryPolicy> policies =
        Map.of(
            "created", new CreatedExpiryPolicy(minutes(1)),
            "accessed", new AccessedExpiryPolicy(minutes(1)),
            "touched", new TouchedExpiryPolicy(minutes(1)));
    assertThat(policy(cache)).isEqualTo(policies.get(expected));
    assertThat(configuration(cache).isStatisticsEnabled()).isTrue();
    assertThat(configuration(cache).isManagementEnabled()).isFalse();
  }

  @Test
  void createCache_whatTheProgramSays_wins() {
    MemcachedCacheManager manager =
        manager(
            """
            memjcache.cache.*.keyType=java.lang.Long
            memjcache.cache.*.valueType=java.lang.Long
            memjcache.cache.*.expiry=touched:1m
            memjcache.cache.*.loader=org.memjcache.configuration.ConfiguredCachesTest$Upper
            """);
    Factory<CacheLoader<String, String>> own = () -> new Upper();

    Cache<String, String> cache =
        manager.createCache(
            "info",
            strings()
                .setCacheLoaderFactory(own)
                .setExpiryPolicyFactory(ModifiedExpiryPolicy.factoryOf(Duration.ONE_DAY)));

    assertThat(configuration(cache).getKeyType()).isEqualTo(String.class);
    assertThat(configuration(cache).getValueType()).isEqualTo(String.class);
    assertThat(policy(cache)).isEqualTo(new ModifiedExpiryPolicy(Duration.ONE_DAY));
    assertThat(configuration(cache).getCacheLoaderFactory()).isSameAs(own);
  }

  @Test
  void createCache_nothingSaid_isAsJCacheHasIt() {
    Cache<Object, Object> cache =
        manager("memjcache.timeout=20s").createCache("info", new MutableConfiguration<>());

    assertThat(policy(cache)).isEqualTo(new EternalExpiryPolicy());
    assertThat(configuration(cache)).isEqualTo(new MutableConfiguration<>());
  }

  @Test
  void createCache_twoPatternsAsSpecific_mustNotContradict() {
    MemcachedCacheManager manager =
        manager(
            "memjcache.cache.a*.expiry=created:1m\nmemjcache.cache.*b.expiry=created:2m\n"
                + "memjcache.cache.a*.statistics=true\nmemjcache.cache.*b.statistics=true\n");

    assertThat(policy(manager.createCache("ac", new MutableConfiguration<>())))
        .isEqualTo(new CreatedExpiryPolicy(minutes(1)));
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> manager.createCache("ab", new MutableConfiguration<>()))
        .withMessageMatching(
            "for the cache 'ab', option 'cache\\.a\\*\\.expiry' in line 5 of '.*' and option"
                + " 'cache\\.\\*b\\.expiry' in line 6 of '.*' conflict and are equally"
                + " specific; set this option under the cache's own name");
  }

  @Test
  void loaderAndWriter_areMadeFromTheirClassesOrFactories() {
    MemcachedCacheManager manager =
        manager(
            """
            memjcache.cache.a.loader=org.memjcache.configuration.ConfiguredCachesTest$Upper
            memjcache.cache.a.readThrough=true
            memjcache.cache.b.loader=org.memjcache.configuration.ConfiguredCachesTest$UpperFactory
            memjcache.cache.b.readThrough=true
            memjcache.cache.c.writer=org.memjcache.configuration.ConfiguredCachesTest$Refusing
            memjcache.cache.c.writeThrough=true
            """);

    assertThat(manager.<String, String>getCache("a").get("k")).isEqualTo("K");
    assertThat(manager.<String, String>getCache("b").get("k")).isEqualTo("K");
    assertThatThrownBy(() -> manager.<String, String>getCache("c").put("k", "v"))
        .hasMessage("the writer was asked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          keyType=String          | class 'String' of option 'cache.info.keyType' in line 5 of '{}', for the cache 'info' was not found, neither by the thread's context class loader
          keyType=String          | ; did you mean 'java.lang.String'?
          valueType=com.acme.None | class 'com.acme.None' of option 'cache.info.valueType' in line 5 of '{}', for the cache 'info' was not found
          loader=com.acme.None    | class 'com.acme.None' of option 'cache.info.loader'
          loader=java.lang.String | class 'java.lang.String' of option 'cache.info.loader' in line 5 of '{}', for the cache 'info' is neither of these; expected a public CacheLoader or Factory of one, with a public constructor without parameters
          writer=org.memjcache.configuration.ConfiguredCachesTest$Upper   | is neither of these; expected a public CacheWriter or Factory of one
          loader=org.memjcache.configuration.ConfiguredCachesTest$Hidden  | has no such constructor that others can call
          loader=org.memjcache.support.FunctionLoader                    | has no such constructor that others can call
          loader=javax.cache.integration.CacheLoader        | has no such constructor that others can call
          readThrough=true        | The cache 'info' is configured for read-through without a cache loader
          writeThrough=true       | The cache 'info' is configured for write-through without a cache writer
          """)
  void declared_unfit_isRefusedWithOptionAndPlace(String setting, String error) {
    URI uri = write("memjcache.cache.info." + setting);
    MemcachedCacheManager manager = provider.getCacheManager(uri, null);

    assertThatThrownBy(() -> manager.getCache("info"))
        .hasMessageContaining(error.replace("{}", uri.toString()));
    assertThatThrownBy(() -> manager.createCache("info", new MutableConfiguration<>()))
        .hasMessageContaining(error.replace("{}", uri.toString()));
  }

  @Test
  void factory_thatMakesSomethingElse_isNamed() {
    MemcachedCacheManager manager =
        manager(
            "memjcache.cache.info.loader=org.memjcache.configuration.ConfiguredCachesTest$TextFactory");

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> manager.getCache("info"))
        .withMessage(
            "Class org.memjcache.configuration.ConfiguredCachesTest$TextFactory can't make a"
                + " CacheLoader");
  }

  @Test
  void settingsOfCaches_inPropertiesAndSystemProperties_countToo() {
    Properties given = new Properties();
    given.setProperty("memjcache.cache.a.expiry", "created:1m");
    System.setProperty("memjcache.cache.a.expiry", "created:2m");
    System.setProperty("memjcache.cache.b.expiry", "created:3m");
    try {
      MemcachedCacheManager manager = provider.getCacheManager(server.uri("hotels"), null, given);

      assertThat(policy(manager.getCache("a"))).isEqualTo(new CreatedExpiryPolicy(minutes(1)));
      assertThat(policy(manager.getCache("b"))).isEqualTo(new CreatedExpiryPolicy(minutes(3)));
    } finally {
      System.clearProperty("memjcache.cache.a.expiry");
      System.clearProperty("memjcache.cache.b.expiry");
    }
  }

  @Test
  void getCacheManager_nothingGiven_takesAFileForDefault() {
    String before = System.getProperty("org.memjcache.uri");
    URI uri = write("memjcache.cache.info.expiry=eternal");
    System.setProperty("org.memjcache.uri", uri.toString());
    try {
      assertThat(provider.getDefaultURI()).isEqualTo(uri);
      assertThat(provider.getCacheManager().getCacheNames()).containsExactly("info");
    } finally {
      if (before == null) {
        System.clearProperty("org.memjcache.uri");
      } else {
        System.setProperty("org.memjcache.uri", before);
      }
    }
  }

  private MemcachedCacheManager manager(String settings) {
    return provider.getCacheManager(write(settings), null);
  }

  /** Writes a file with the server in four lines, and what is given beneath. */
  private URI write(String settings) {
    Path file = folder.resolve("caches.properties");
    try {
      Files.writeString(
          file,
          "memjcache.servers="
              + server.address()
              + "\n"
              + "memjcache.namespace=hotels\n"
              + "memjcache.timeout=20s\n"
              + "memjcache.connectTimeout=20s\n"
              + settings.replace("memjcache.timeout=20s", ""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return file.toUri();
  }

  private static MutableConfiguration<String, String> strings() {
    return TestProvider.strings();
  }

  private static Duration minutes(long amount) {
    return new Duration(TimeUnit.MINUTES, amount);
  }

  private static ExpiryPolicy policy(Cache<?, ?> cache) {
    return configuration(cache).getExpiryPolicyFactory().create();
  }

  @SuppressWarnings("unchecked")
  private static CompleteConfiguration<Object, Object> configuration(Cache<?, ?> cache) {
    return ((Cache<Object, Object>) cache).getConfiguration(CompleteConfiguration.class);
  }

  /** A loader that finds everything. */
  public static class Upper implements CacheLoader<String, String> {
    /** For the configuration. */
    public Upper() {}

    @Override
    public String load(String key) {
      return key.toUpperCase(Locale.ROOT);
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      throw new AssertionError("nobody asks for many");
    }
  }

  /** Makes a loader. */
  public static class UpperFactory implements Factory<CacheLoader<String, String>> {
    private static final long serialVersionUID = 1L;

    /** For the configuration. */
    public UpperFactory() {}

    @Override
    public CacheLoader<String, String> create() {
      return new Upper();
    }
  }

  /** Makes no loader. */
  public static class TextFactory implements Factory<String> {
    private static final long serialVersionUID = 1L;

    /** For the configuration. */
    public TextFactory() {}

    @Override
    public String create() {
      return "no loader";
    }
  }

  /** A loader that only its makers can make. */
  public static class Hidden extends Upper {
    private Hidden() {}
  }

  /** A writer that refuses everything. */
  public static class Refusing implements CacheWriter<String, String> {
    /** For the configuration. */
    public Refusing() {}

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      throw new CacheWriterException("the writer was asked");
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      throw new CacheWriterException("the writer was asked");
    }

    @Override
    public void delete(Object key) {
      throw new CacheWriterException("the writer was asked");
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      throw new CacheWriterException("the writer was asked");
    }
  }
}
