// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CompletionListenerFuture;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.Release;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Entries that another release, application or configuration stored, and that this process can't
 * read: each operation does what it does where nothing is.
 */
@Memcached
@Timeout(120)
@Tag("slow")
@Tag("any-jdk")
class UnreadableEntriesTest {

  private static final String PARCEL = "shop.Parcel";

  /** What differs between the process that stored the entries and the one that reads them. */
  enum Difference {
    SERIAL_VERSION(
        parcel("static final long serialVersionUID = 1;"),
        parcel("static final long serialVersionUID = 2;")),
    FIELD_TYPE(
        parcel("static final long serialVersionUID = 1; int weight;"),
        parcel("static final long serialVersionUID = 1; String weight;")),
    ENUM_CONSTANT(
        "package shop; public enum Parcel { S, M, L }",
        "package shop; public enum Parcel { S, M }"),
    RECORD_COMPONENT(
        "package shop; public record Parcel(int weight) implements java.io.Serializable {"
            + " public Parcel() { this(1); } }",
        "package shop; public record Parcel(String weight) implements java.io.Serializable {"
            + " public Parcel() { this(\"1\"); } }"),
    PACKAGE(parcel(""), "package shop; public class Other implements java.io.Serializable {}"),
    ALLOW_LIST(parcel(""), parcel("")),
    TYPE(null, null),
    SECRET(null, null),
    DAMAGE(null, null),
    COMPRESSION_LIBRARY(null, null);

    private final String before;
    private final String after;

    Difference(String before, String after) {
      this.before = before;
      this.after = after;
    }

    private static String parcel(String members) {
      return "package shop; public class Parcel implements java.io.Serializable {" + members + "}";
    }
  }

  /** What an operation does to an entry under a key, and what it returns. */
  private interface Action {
    Object run(Cache<Object, Object> cache, Object key, Object value) throws Exception;
  }

  private static final Map<String, Action> ACTIONS = new LinkedHashMap<>();

  static {
    ACTIONS.put("get", (cache, key, value) -> cache.get(key));
    ACTIONS.put("getAll", (cache, key, value) -> cache.getAll(Set.of(key)).size());
    ACTIONS.put("containsKey", (cache, key, value) -> cache.containsKey(key));
    ACTIONS.put("put", returning((cache, key, value) -> cache.put(key, value)));
    ACTIONS.put("putAll", returning((cache, key, value) -> cache.putAll(Map.of(key, value))));
    ACTIONS.put("getAndPut", (cache, key, value) -> cache.getAndPut(key, value));
    ACTIONS.put("putIfAbsent", (cache, key, value) -> cache.putIfAbsent(key, value));
    ACTIONS.put("replace", (cache, key, value) -> cache.replace(key, value));
    ACTIONS.put("replace(k,o,n)", (cache, key, value) -> cache.replace(key, value, value));
    ACTIONS.put("getAndReplace", (cache, key, value) -> cache.getAndReplace(key, value));
    // Where nothing has to be looked at, remove tells whether there was an item, readable or not.
    ACTIONS.put("remove", returning((cache, key, value) -> cache.remove(key)));
    ACTIONS.put("remove(k,v)", (cache, key, value) -> cache.remove(key, value));
    ACTIONS.put("removeAll", returning((cache, key, value) -> cache.removeAll(Set.of(key))));
    ACTIONS.put("getAndRemove", (cache, key, value) -> cache.getAndRemove(key));
    ACTIONS.put(
        "invoke getValue",
        (cache, key, value) -> cache.invoke(key, (entry, arguments) -> entry.getValue()));
    ACTIONS.put(
        "invoke exists",
        (cache, key, value) -> cache.invoke(key, (entry, arguments) -> entry.exists()));
    ACTIONS.put(
        "invoke setValue",
        (cache, key, value) ->
            cache.invoke(
                key,
                (entry, arguments) -> {
                  boolean existed = entry.exists();
                  entry.setValue(value);
                  return existed;
                }));
    ACTIONS.put(
        "invoke remove",
        returning(
            (cache, key, value) ->
                cache.invoke(
                    key,
                    (entry, arguments) -> {
                      entry.remove();
                      return null;
                    })));
    ACTIONS.put(
        "iterator",
        (cache, key, value) ->
            StreamSupport.stream(cache.spliterator(), false)
                .filter(entry -> entry.getKey().equals(key))
                .count());
  }

  private interface Statement {
    void run(Cache<Object, Object> cache, Object key, Object value) throws Exception;
  }

  /** Actions after which nothing is there, readable or not. */
  private static final Set<String> REMOVING = Set.of("remove", "removeAll", "invoke remove");

  /** Actions to which it doesn't matter what is there. */
  private static final Set<String> BLIND =
      Set.of("put", "putAll", "remove", "removeAll", "invoke remove");

  private static Action returning(Statement statement) {
    return (cache, key, value) -> {
      statement.run(cache, key, value);
      return "done";
    };
  }

  private final MemcachedServer server;
  private final List<AutoCloseable> open = new ArrayList<>();
  private String mode = "";

  UnreadableEntriesTest(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    server.flushAll();
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  private Cache<Object, Object> cache(
      CacheManager manager, MutableConfiguration<Object, Object> configuration) {
    return manager.createCache("parcels", configuration);
  }

  private URI uri(String options) {
    return URI.create(server.uri("shop") + "?timeout=20s&connectTimeout=20s" + mode + options);
  }

  private static String options(Difference difference, boolean isStoring) {
    return switch (difference) {
      case ALLOW_LIST -> isStoring ? "&serialization.allow=shop.**" : "";
      case COMPRESSION_LIBRARY -> isStoring ? "&compression=lz4&compression.threshold=1" : "";
      default -> "&serialization.allow=shop.**";
    };
  }

  private static Properties properties(Difference difference, boolean isStoring) {
    Properties properties = new Properties();
    if (difference == Difference.SECRET) {
      String secret = isStoring ? "one-of-the-old-release" : "one-of-the-new-release";
      properties.setProperty("memjcache.secret", secret);
    }
    return properties;
  }

  /** Opens the cache of the process that stores the entries; returns what it stores. */
  private Map.Entry<Cache<Object, Object>, Object> storing(
      Difference difference, MutableConfiguration<Object, Object> configuration) {
    MemcachedCachingProvider provider = opened(new MemcachedCachingProvider());
    ClassLoader loader = getClass().getClassLoader();
    Object value = "text".repeat(100);
    if (difference.before != null) {
      Release release = opened(Release.of(PARCEL, difference.before));
      loader = release;
      value = release.create(PARCEL);
    }
    URI uri = uri(options(difference, true));
    return Map.entry(
        cache(provider.getCacheManager(uri, loader, properties(difference, true)), configuration),
        value);
  }

  /** Opens the cache of the process that can't read them; returns what it stores itself. */
  private Map.Entry<Cache<Object, Object>, Object> reading(
      Difference difference, MutableConfiguration<Object, Object> configuration) {
    URI uri = uri(options(difference, false));
    if (difference == Difference.COMPRESSION_LIBRARY) {
      IsolatedProvider provider = opened(IsolatedProvider.without("net.jpountz."));
      return Map.entry(cache(provider.manager(uri), configuration), "new");
    }
    MemcachedCachingProvider provider = opened(new MemcachedCachingProvider());
    if (difference == Difference.TYPE) {
      @SuppressWarnings({"unchecked", "rawtypes"})
      MutableConfiguration<Object, Object> typed =
          ((MutableConfiguration) configuration).setTypes(String.class, Integer.class);
      return Map.entry(cache(provider.getCacheManager(uri, null), typed), 1);
    }
    if (difference.after == null) {
      return Map.entry(
          cache(provider.getCacheManager(uri, null, properties(difference, false)), configuration),
          "new");
    }
    String name = difference == Difference.PACKAGE ? "shop.Other" : PARCEL;
    Release release = opened(Release.of(name, difference.after));
    Object value = difference == Difference.ALLOW_LIST ? "new" : release.create(name);
    return Map.entry(cache(provider.getCacheManager(uri, release), configuration), value);
  }

  private static MutableConfiguration<Object, Object> configuration(boolean isEternal) {
    MutableConfiguration<Object, Object> configuration = new MutableConfiguration<>();
    configuration.setStatisticsEnabled(true);
    return isEternal
        ? configuration
        : configuration.setExpiryPolicyFactory(
            CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.HOURS, 1)));
  }

  /** Stores an entry for each action, damaged if that is the difference. */
  private void storeForEachAction(
      Difference difference, Map.Entry<Cache<Object, Object>, Object> stored) {
    ACTIONS.keySet().forEach(name -> stored.getKey().put("k " + name, stored.getValue()));
    if (difference == Difference.DAMAGE) {
      damageAll();
    }
  }

  private void damageAll() {
    for (String line : server.command("lru_crawler metadump all")) {
      if (line.contains("parcels") && !line.contains("version") && !line.contains("cache")) {
        String encoded = line.substring("key=".length(), line.indexOf(' ')).replace("+", "%2B");
        String key = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        assertThat(server.command("append " + key + " 0 0 1\r\n!")).containsExactly("STORED");
      }
    }
  }

  /** Runs an action; returns the class of its result, or of what it throws. */
  private static String outcome(
      Action action, Cache<Object, Object> cache, Object key, Object value) {
    try {
      Object result = action.run(cache, key, value);
      return result instanceof Boolean || result instanceof Number
          ? result.toString()
          : result == null ? "null" : "a " + result.getClass().getName();
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static Stream<Arguments> differences() {
    return Stream.of(Difference.values())
        .flatMap(
            difference ->
                Stream.of(
                    Arguments.of(difference, true, false),
                    Arguments.of(difference, false, false),
                    Arguments.of(difference, true, true)));
  }

  @ParameterizedTest(name = "{0}, eternal: {1}, read-through: {2}")
  @MethodSource("differences")
  void operations_doWhatTheyDoWhereNothingIs(
      Difference difference, boolean isEternal, boolean isReadThrough) {
    var stored = storing(difference, configuration(isEternal));
    Object[] loaded = new Object[1];
    MutableConfiguration<Object, Object> configuration = configuration(isEternal);
    if (isReadThrough) {
      configuration
          .setReadThrough(true)
          .setCacheLoaderFactory(() -> new FunctionLoader<Object, Object>(key -> loaded[0]));
    }
    var read = reading(difference, configuration);
    loaded[0] = read.getValue();
    storeForEachAction(difference, stored);

    SoftAssertions softly = new SoftAssertions();
    ACTIONS.forEach(
        (name, action) -> {
          Cache<Object, Object> cache = read.getKey();
          String key = "k " + name;
          String absent = "absent " + name;
          softly
              .assertThat(outcome(action, cache, key, read.getValue()))
              .as(name)
              .isEqualTo(outcome(action, cache, absent, read.getValue()));
          softly
              .assertThat(cache.containsKey(key))
              .as("there after " + name)
              .isEqualTo(cache.containsKey(absent));
          if (REMOVING.contains(name)) {
            softly.assertThat(stored.getKey().get(key)).as("removed by " + name).isNull();
          }
        });
    softly.assertAll();
    CacheInsightMXBean insight = insight(read.getKey());
    if (insight != null) {
      long misses =
          switch (difference) {
            case TYPE -> insight.getForeignTypeMisses();
            case SECRET -> insight.getForgedMisses();
            case DAMAGE -> insight.getDamagedMisses();
            default -> insight.getUnreadableMisses();
          };
      assertThat(misses).as("misses, by their reason").isPositive();
    }
  }

  private static CacheInsightMXBean insight(Cache<?, ?> cache) {
    return cache instanceof MemcachedCache<?, ?> ours ? ours.getInsight() : null;
  }

  @Test
  void loadAll_unreadable_isLoaded() {
    var stored = storing(Difference.SERIAL_VERSION, configuration(true));
    stored.getKey().put("k", stored.getValue());
    Object[] loaded = new Object[1];
    var read =
        reading(
            Difference.SERIAL_VERSION,
            configuration(true)
                .setCacheLoaderFactory(() -> new FunctionLoader<Object, Object>(key -> loaded[0])));
    loaded[0] = read.getValue();

    CompletionListenerFuture done = new CompletionListenerFuture();
    read.getKey().loadAll(Set.of("k"), false, done);

    assertThatCode(done::get).doesNotThrowAnyException();
    assertThat(read.getKey().get("k")).hasSameClassAs(read.getValue());
  }

  @Test
  void removeAll_whereEachEntryIsAsked_removesTheUnreadable() {
    var stored = storing(Difference.SERIAL_VERSION, configuration(true));
    stored.getKey().put("k", stored.getValue());
    var read = reading(Difference.SERIAL_VERSION, configuration(true)); // counts each

    read.getKey().removeAll();

    assertThat(stored.getKey().get("k")).isNull();
  }

  @ParameterizedTest
  @EnumSource(Difference.class)
  void unreadableThrows_operationsThatLookThrow_othersDoTheirWork(Difference difference) {
    var stored = storing(difference, configuration(true));
    mode = "&unreadable=throw";
    var read = reading(difference, new MutableConfiguration<>());
    storeForEachAction(difference, stored);

    SoftAssertions softly = new SoftAssertions();
    ACTIONS.forEach(
        (name, action) -> {
          String outcome = outcome(action, read.getKey(), "k " + name, read.getValue());
          if (BLIND.contains(name) || outcome.equals("0")) { // whose key can't be read
            softly.assertThat(outcome).as(name).doesNotContain("Exception");
          } else {
            softly.assertThat(outcome).as(name).contains("CacheException", "parcels");
          }
        });
    softly.assertAll();
  }

  @Test
  void unreadableThrows_loadAllOfWhatIsMissing_leavesTheEntry() {
    var stored = storing(Difference.SERIAL_VERSION, configuration(true));
    mode = "&unreadable=throw";
    var read =
        reading(
            Difference.SERIAL_VERSION,
            new MutableConfiguration<>()
                .setCacheLoaderFactory(() -> new FunctionLoader<Object, Object>(key -> "loaded")));
    stored.getKey().put("k", stored.getValue());

    CompletionListenerFuture missing = new CompletionListenerFuture();
    read.getKey().loadAll(Set.of("k"), /* replaceExistingValues= */ false, missing);

    assertThatThrownBy(missing::get).cause().hasMessageContaining("parcels");
    assertThat(stored.getKey().get("k")).isInstanceOf(stored.getValue().getClass());
  }
}
