// SPDX-License-Identifier: Apache-2.0
package org.memjcache.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NearLimit;
import org.memjcache.Serializer;
import org.memjcache.SerializerContext;
import org.memjcache.support.RecordedServer;

/** What only this provider can be told of a cache: in code, and in the manager's configuration. */
@Tag("slow")
class MemcachedConfigurationTest {

  private final RecordedServer server = new RecordedServer();

  @AfterEach
  void close() {
    server.close();
  }

  /** A value that isn't allowed to be serialized unless somebody says so. */
  record Hotel(String name) implements Serializable {}

  /** Writes values as their text. */
  public static class TextSerializer implements Serializer, AutoCloseable {
    private static int closed;

    /** For the configuration. */
    public TextSerializer() {}

    @Override
    public byte[] serialize(Object value) {
      return ("text of " + value).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object deserialize(byte[] bytes, int offset, int length) {
      return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  @Test
  void copy_isEqual_andChangesAlone() throws Exception {
    MemcachedConfiguration<String, Hotel> configuration = full();

    MemcachedConfiguration<String, Hotel> copy = new MemcachedConfiguration<>(configuration);

    assertThat(copy).isEqualTo(configuration).hasSameHashCodeAs(configuration);
    assertThat(serialized(configuration)).isEqualTo(configuration);
    assertThat(copy.setStrict()).isNotEqualTo(configuration);
    assertThat(full().setFailureMode(null)).isNotEqualTo(configuration);
    assertThat(full().setNear(NearLimit.NONE)).isNotEqualTo(configuration);
    assertThat(full().setSerializerFactory(null)).isNotEqualTo(configuration);
    assertThat(full().setAllowedClasses("a.b.*")).isNotEqualTo(configuration);
    assertThat(full().setRemoveAllCounted(true)).isNotEqualTo(configuration);
    assertThat(full().setReadThrough(true)).isNotEqualTo(configuration);
    assertThat(new MemcachedConfiguration<>(new MutableConfiguration<>()))
        .isEqualTo(new MemcachedConfiguration<>());
    assertThat(new MutableConfiguration<>(configuration))
        .isEqualTo(
            new MutableConfiguration<String, Hotel>()
                .setTypes(String.class, Hotel.class)
                .setExpiryPolicyFactory(
                    CreatedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ONE_DAY)));
  }

  @ParameterizedTest
  @CsvSource({"PT0S", "-PT1S", "PT1H0.000000001S"})
  void setBounded_outOfRange_isRefused(Duration staleness) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemcachedConfiguration<>().setBounded(staleness))
        .withMessage(
            "The staleness is "
                + staleness
                + "; expected more than zero, up to PT1H, or setStrict()");
  }

  /** The ranges of the options of the same names; what goes beyond can't be counted in the end. */
  @ParameterizedTest
  @CsvSource({"-PT0.001S", "PT876001H", "PT2562047788015215H"})
  void time_outOfRange_isRefused(Duration time) {
    MemcachedConfiguration<String, String> configuration = new MemcachedConfiguration<>();
    Cache<String, String> cache = manager().createCache("cache", configuration);
    List<ThrowingCallable> uses =
        List.of(
            () -> configuration.setLoadLease(time),
            () -> configuration.setLoadNull(time),
            () -> configuration.setClearGrace(time),
            () -> configuration.setRefreshAfter(time),
            () -> cache.unwrap(MemcachedCache.class).clear(time),
            () -> manager().clear(time));
    for (ThrowingCallable use : uses) {
      assertThatIllegalArgumentException()
          .isThrownBy(use)
          .withMessageContaining(" is " + time + "; expected PT0S to PT");
    }
  }

  @Test
  void getConfiguration_givesWhatIsInForce() {
    MemcachedCacheManager manager =
        manager(
            "memjcache.consistency", "bounded",
            "memjcache.staleness", "1h",
            "memjcache.failure", "miss",
            "memjcache.serialization.allow", "com.acme.*");

    Cache<Object, Object> plain = manager.createCache("plain", new MutableConfiguration<>());
    Cache<Object, Object> own =
        manager.createCache(
            "own",
            new MemcachedConfiguration<>()
                .setStrict()
                .setFailureMode(FailureMode.THROW)
                .setAllowedClasses("org.acme.*"));

    MemcachedConfiguration<?, ?> ofPlain = configuration(plain);
    assertThat(ofPlain.getStaleness()).isEqualTo(Duration.ofHours(1));
    assertThat(ofPlain.getFailureMode()).isEqualTo(FailureMode.MISS);
    assertThat(ofPlain.getAllowedClasses()).containsExactly("com.acme.*");
    MemcachedConfiguration<?, ?> ofOwn = configuration(own);
    assertThat(ofOwn.getStaleness()).isZero();
    assertThat(ofOwn.getFailureMode()).isEqualTo(FailureMode.THROW);
    assertThat(ofOwn.getAllowedClasses()).containsExactly("com.acme.*", "org.acme.*");
    assertThat(plainConfiguration(own)).isEqualTo(new MutableConfiguration<>());
  }

  @ParameterizedTest
  @CsvSource({"true, true, 2", "true, false, 0", "false, true, 0", "false, false, 0"})
  void removeAll_countedOnlyIfNobodySaysOtherwise(
      boolean inCode, boolean inProperties, long removals) {
    MemcachedCacheManager manager =
        manager("memjcache.cache.*.countRemoveAll", Boolean.toString(inProperties));
    Cache<String, String> cache =
        manager.createCache(
            "info",
            new MemcachedConfiguration<String, String>()
                .setStatisticsEnabled(true)
                .setRemoveAllCounted(inCode));
    cache.put("a", "1");
    cache.put("b", "1");

    cache.removeAll();

    assertThat(cache.containsKey("a")).isFalse();
    assertThat(cache.unwrap(MemcachedCache.class).getStatistics().getCacheRemovals())
        .isEqualTo(removals);
  }

  @Test
  void consistency_isThatOfEachCache() {
    MemcachedCacheManager manager = manager("memjcache.cache.bounded.consistency", "bounded");
    Cache<String, String> strict = manager.createCache("strict", strings());
    Cache<String, String> bounded =
        manager.createCache(
            "inCode", new MemcachedConfiguration<String, String>().setBounded(Duration.ofHours(1)));

    assertThat(keysAsked(strict)).isEqualTo(3);
    assertThat(keysAsked(bounded)).isEqualTo(1);
    assertThat(configuration(manager.getCache("bounded")).getStaleness())
        .isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void failure_isThatOfEachCache() {
    MemcachedCacheManager manager = manager("memjcache.cache.miss*.failure", "miss");
    Cache<String, String> throwing = manager.createCache("throw", strings());
    Cache<String, String> missing = manager.createCache("missing", strings());
    Cache<String, String> inCode =
        manager.createCache(
            "inCode",
            new MemcachedConfiguration<String, String>().setFailureMode(FailureMode.MISS));
    missing.put("k", "v");

    server.proxy().refuse(true);
    server.proxy().dropConnections();

    assertThat(missing.get("k")).isNull();
    assertThat(inCode.get("k")).isNull();
    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> throwing.get("k"));
    manager.destroyCache("missing"); // which goes on without the server, too
    assertThat(missing.isClosed()).isTrue();
    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> manager.destroyCache("throw"));
  }

  @Test
  void allowedClasses_areThoseOfEachCache() {
    MemcachedCacheManager manager = manager();
    Cache<String, Object> open =
        manager.createCache(
            "open",
            new MemcachedConfiguration<String, Object>().setAllowedClasses(Hotel.class.getName()));
    Cache<String, Object> shut = manager.createCache("shut", new MutableConfiguration<>());

    open.put("k", new Hotel("Tivoli"));

    assertThat(open.get("k")).isEqualTo(new Hotel("Tivoli"));
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> shut.put("k", new Hotel("Tivoli")))
        .withMessageContaining("serialization.allow");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                manager.createCache(
                    "wrong", new MemcachedConfiguration<>().setAllowedClasses("com acme")))
        .withMessageContaining("'com acme' in serialization.allow");
  }

  @Test
  void serializer_ofManagerOfCacheAndInCode_theNearestCounts() {
    int closedBefore = TextSerializer.closed;
    MemcachedCacheManager manager =
        manager(
            "memjcache.serializer", TextSerializer.class.getName(),
            "memjcache.cache.named.serializer", OtherSerializer.class.getName());
    Cache<String, Object> ofManager = manager.createCache("any", new MutableConfiguration<>());
    Cache<String, Object> ofCache = manager.getCache("named");
    Cache<String, Object> inCode =
        manager.createCache(
            "named too",
            new MemcachedConfiguration<String, Object>()
                .setSerializerFactory(FactoryBuilder.factoryOf(OtherSerializer.class)));

    for (Cache<String, Object> cache : List.of(ofManager, ofCache, inCode)) {
      cache.put("k", new Hotel("Tivoli"));
    }

    assertThat(ofManager.get("k")).isEqualTo("text of Hotel[name=Tivoli]");
    assertThat(ofCache.get("k")).isEqualTo("other of Hotel[name=Tivoli]");
    assertThat(inCode.get("k")).isEqualTo("other of Hotel[name=Tivoli]");
    manager.close();
    assertThat(TextSerializer.closed - closedBefore).isEqualTo(3);
  }

  /** Has each cache know what its values are. */
  public static class TypedSerializer extends TextSerializer {
    private final SerializerContext context;

    TypedSerializer(SerializerContext context) {
      this.context = context;
    }

    @Override
    public Serializer forCache(SerializerContext given) {
      given.findClass(given.valueType().getName());
      if (given.keyType() == Hotel.class) {
        throw new CacheException("no hotels as keys");
      }
      return new TypedSerializer(given);
    }

    @Override
    public byte[] serialize(Object value) {
      return (context.valueType().getSimpleName() + " " + value).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] serializeKey(Object key) {
      return context.javaSerializer().serializeKey(key);
    }

    @Override
    public Object deserializeKey(byte[] bytes, int offset, int length) {
      return context.javaSerializer().deserializeKey(bytes, offset, length);
    }
  }

  @Test
  void serializer_isToldWhatTheCacheDeclaresAndAllows_andClosedOnce() {
    int closedBefore = TextSerializer.closed;
    MemcachedCacheManager manager = manager();
    TypedSerializer one = new TypedSerializer(null);
    Cache<Object, Object> any = typed(manager, "any", Object.class, Object.class, one);
    Cache<Object, Hotel> hotels = typed(manager, "hotels", Object.class, Hotel.class, one);

    any.put("k", new Hotel("Tivoli"));
    any.put(Locale.ROOT, 1);
    hotels.put("k", new Hotel("Tivoli"));

    assertThat(any.get("k")).isEqualTo("Object Hotel[name=Tivoli]");
    assertThat(any).extracting(Cache.Entry::getKey).containsExactlyInAnyOrder("k", Locale.ROOT);
    assertThat(hotels.get("k")).as("a text, no hotel").isNull();
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> typed(manager, "refused", Hotel.class, Object.class, one))
        .withMessageContaining("no hotels as keys");
    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("any", "hotels");
    manager.close();
    assertThat(TextSerializer.closed - closedBefore).isEqualTo(3);
  }

  private static <K, V> Cache<K, V> typed(
      MemcachedCacheManager manager,
      String name,
      Class<K> keys,
      Class<V> values,
      Serializer serializer) {
    MemcachedConfiguration<K, V> configuration = new MemcachedConfiguration<>();
    configuration.setTypes(keys, values).setSerializerFactory(() -> serializer);
    return manager.createCache(name, configuration);
  }

  @Test
  void serializer_thatIsNone_isRefused() {
    MemcachedCacheManager manager = manager("memjcache.serializer", "java.lang.String");

    assertThatThrownBy(() -> manager.createCache("any", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            "class 'java.lang.String' of option 'serializer' in property 'memjcache.serializer' is"
                + " neither of these; expected a public Serializer or Factory of one, with a"
                + " public constructor without parameters");
  }

  @ParameterizedTest
  @CsvSource({
    // manager       pattern           name               in force
    "'',             '',               '',                0",
    "bounded,        '',               '',                100",
    "bounded/7ms,    '',               '',                7",
    "bounded/7ms,    '',               strict,            0",
    "bounded/7ms,    strict,           '',                0",
    "bounded/7ms,    strict,           bounded,           7",
    "'',             strict,           bounded,           100",
    "'',             bounded/5ms,      '',                5",
    "'',             bounded/5ms,      strict,            0",
    "'',             bounded/5ms,      /3ms,              3",
    "bounded/7ms,    /5ms,             '',                5",
    "bounded/7ms,    bounded,          '',                7",
    "'',             /5ms,             '',                -1",
    "'',             /5ms,             strict,            0",
    "'',             strict,           /5ms,              -1",
    "bounded,        strict/5ms,       '',                -1",
  })
  void staleness_ofManagerPatternAndName(
      String ofManager, String ofPattern, String ofName, long expectedMillis) {
    Properties properties = new Properties();
    say(properties, "memjcache.", ofManager);
    say(properties, "memjcache.cache.in*.", ofPattern);
    say(properties, "memjcache.cache.info.", ofName);
    MemcachedCacheManager manager =
        server
            .provider()
            .getCacheManager(URI.create("memcached://localhost/staleness"), null, properties);

    if (expectedMillis < 0) {
      assertThatThrownBy(() -> manager.createCache("info", new MutableConfiguration<>()))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("is given, but the consistency of the cache 'info' is strict");
    } else {
      assertThat(
              configuration(manager.createCache("info", new MutableConfiguration<>()))
                  .getStaleness())
          .isEqualTo(Duration.ofMillis(expectedMillis));
    }
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    // manager, pattern, consistency of name, near of name, set by the program, in force
    "bounded, 100,  '',     '',   '',   100",
    "bounded, 100,  '',     none, '',   0",
    "bounded, 100,  '',     7,    '',   7",
    "bounded, 100,  '',     7,    9,    9",
    "bounded, 100,  strict, '',   '',   0",
    "bounded, 100,  strict, 7,    '',   -1",
    "strict,  100,  '',     '',   '',   -1",
    "strict,  100,  '',     none, '',   0",
    "strict,  none, '',     '',   '',   0",
    "strict,  none, '',     '',   9,    -1",
    "strict,  100,  bounded, '',  '',   100",
  })
  void near_ofPatternNameAndProgram(
      String ofManager,
      String ofPattern,
      String consistency,
      String ofName,
      String ofProgram,
      long expectedEntries) {
    Properties properties = new Properties();
    properties.setProperty("memjcache.consistency", ofManager);
    properties.setProperty("memjcache.cache.in*.near", ofPattern);
    if (!consistency.isEmpty()) {
      properties.setProperty("memjcache.cache.info.consistency", consistency);
    }
    if (!ofName.isEmpty()) {
      properties.setProperty("memjcache.cache.info.near", ofName);
    }
    MemcachedConfiguration<Object, Object> program = new MemcachedConfiguration<>();
    if (!ofProgram.isEmpty()) {
      program.setNear(NearLimit.ofEntries(Long.parseLong(ofProgram)));
    }
    MemcachedCacheManager manager =
        server
            .provider()
            .getCacheManager(URI.create("memcached://localhost/near"), null, properties);

    if (expectedEntries < 0) {
      assertThatThrownBy(() -> manager.createCache("info", program))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("but the consistency of the cache 'info' is strict")
          .hasMessageContaining(ofProgram.isEmpty() ? ".near' in " : "are to be kept near");
    } else {
      assertThat(configuration(manager.createCache("info", program)).getNear().entries())
          .isEqualTo(expectedEntries);
    }
    manager.close();
  }

  @Test
  void nearLimit_isOfEntriesOrBytes() {
    assertThat(NearLimit.ofBytes(5))
        .isEqualTo(NearLimit.ofBytes(5))
        .isNotEqualTo(NearLimit.ofEntries(5));
    assertThat(NearLimit.NONE.isNone()).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> NearLimit.ofEntries(0));
    assertThatIllegalArgumentException().isThrownBy(() -> NearLimit.ofBytes(-1));
  }

  private static void say(Properties properties, String prefix, String consistencyAndStaleness) {
    String[] parts = consistencyAndStaleness.split("/");
    if (!parts[0].isEmpty()) {
      properties.setProperty(prefix + "consistency", parts[0]);
    }
    if (parts.length > 1) {
      properties.setProperty(prefix + "staleness", parts[1]);
    }
  }

  /** Writes values as another text. */
  public static class OtherSerializer extends TextSerializer {
    /** For the configuration. */
    public OtherSerializer() {}

    @Override
    public byte[] serialize(Object value) {
      return ("other of " + value).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Returns how many keys a get asks for: the item's, and those of versions. */
  private int keysAsked(Cache<String, String> cache) {
    cache.put("k", "v");
    server.proxy().reset();
    cache.get("k");
    return server.proxy().requests().get(0).split(" ").length - 1;
  }

  private MemcachedCacheManager manager(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return server.provider().getCacheManager(server.uri("hotels"), null, properties);
  }

  private static MemcachedConfiguration<String, Hotel> full() {
    return new MemcachedConfiguration<String, Hotel>()
        .setTypes(String.class, Hotel.class)
        .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ONE_DAY))
        .setBounded(Duration.ofMillis(5))
        .setNear(NearLimit.ofEntries(10))
        .setFailureMode(FailureMode.MISS)
        .setSerializerFactory(FactoryBuilder.factoryOf(TextSerializer.class))
        .setAllowedClasses("com.acme.*")
        .setRemoveAllCounted(false);
  }

  private static MutableConfiguration<String, String> strings() {
    return new MutableConfiguration<>();
  }

  private static Object serialized(Object object) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @SuppressWarnings("unchecked")
  private static MemcachedConfiguration<Object, Object> configuration(Cache<?, ?> cache) {
    return ((Cache<Object, Object>) cache).getConfiguration(MemcachedConfiguration.class);
  }

  @SuppressWarnings("unchecked")
  private static CompleteConfiguration<Object, Object> plainConfiguration(Cache<?, ?> cache) {
    return ((Cache<Object, Object>) cache).getConfiguration(CompleteConfiguration.class);
  }
}
