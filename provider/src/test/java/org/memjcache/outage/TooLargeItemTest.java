// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessorResult;
import javax.cache.processor.MutableEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedExtension;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * Values larger than the server takes: the error has both sizes and the option of memcached, and
 * the older entry is gone. To leave it would serve it as if it were current.
 */
@Timeout(60)
@Tag("slow")
@Tag("any-jdk")
class TooLargeItemTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  private static final String LARGE = "x".repeat(1_100_000);
  private static final int LARGE_ITEM = LARGE.length() + 4; // and the envelope's header

  private final TestProvider caches = new TestProvider();

  @AfterEach
  void close() {
    memcached.cluster().flushAll();
    caches.close();
  }

  static Stream<Arguments> replacing() {
    Map<String, Consumer<Cache<String, String>>> operations =
        Map.of(
            "put", cache -> cache.put("k", LARGE),
            "putAll", cache -> cache.putAll(Map.of("k", LARGE)),
            "getAndPut", cache -> cache.getAndPut("k", LARGE),
            "replace", cache -> cache.replace("k", LARGE),
            "getAndReplace", cache -> cache.getAndReplace("k", LARGE));
    Map<String, Factory<ExpiryPolicy>> policies =
        Map.of(
            "eternal",
            EternalExpiryPolicy::new,
            "by creation",
            () -> new CreatedExpiryPolicy(Duration.ONE_HOUR));
    return operations.keySet().stream()
        .sorted()
        .flatMap(
            name ->
                policies.keySet().stream()
                    .map(
                        policy ->
                            Arguments.of(
                                name, operations.get(name), policy, policies.get(policy))));
  }

  /** One that expires has its deadline in its header. */
  private static int sizeOfLargeItem(Factory<ExpiryPolicy> policy) {
    return policy.create() instanceof EternalExpiryPolicy ? LARGE_ITEM : LARGE_ITEM + 4;
  }

  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("replacing")
  void valueThatIsTooLarge_takesTheOlderEntryWithIt(
      String operation,
      Consumer<Cache<String, String>> work,
      String policyName,
      Factory<ExpiryPolicy> policy) {
    Cache<String, String> cache = cache(TestProvider.strings().setExpiryPolicyFactory(policy));
    cache.put("k", "old");
    cache.put("l", "other");

    int size = sizeOfLargeItem(policy);
    assertThatThrownBy(() -> work.accept(cache))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            "%s on 'hotels/Lisboa/info' failed: the value takes %d bytes in memcached, server %s"
                    .formatted(operation, size, memcached.server().address())
                + " takes items of at most 1048576 bytes (memcached option -I, 1m by default)."
                + " The entry is no longer in the cache.");

    assertThat(cache.get("k")).isNull();
    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache.get("l")).isEqualTo("other");
    cache.put("k", "small again");
    assertThat(cache.get("k")).isEqualTo("small again");
  }

  /** The cache doesn't know the newest version yet when it sends the value that is too large. */
  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("replacing")
  void valueThatIsTooLarge_anotherProcessClearedAndPut_takesThatEntryWithIt(
      String operation,
      Consumer<Cache<String, String>> work,
      String policyName,
      Factory<ExpiryPolicy> policy) {
    Cache<String, String> cache = cache(TestProvider.strings().setExpiryPolicyFactory(policy));
    cache.put("k", "old");
    try (IsolatedProvider otherProcess = new IsolatedProvider()) {
      Cache<String, String> theirs =
          otherProcess.cache(LongTimeoutUri.of(memcached.server(), "hotels/Lisboa"), "info");
      theirs.clear();
      theirs.put("k", "newer");

      assertThatThrownBy(() -> work.accept(cache))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("The entry is no longer in the cache.");

      assertThat(theirs.get("k")).isNull();
      assertThat(cache.get("k")).isNull();
    }
  }

  /** What was computed, or loaded, is the caller's, whether or not it is kept. */
  @Test
  void invoke_returnsItsResultAndRemovesTheOlderEntry() {
    Cache<String, String> cache = cache(TestProvider.strings());
    cache.put("k", "old");

    Object result = cache.invoke("k", TooLargeItemTest::setLarge);

    assertThat(result).isEqualTo("computed");

    assertThat(cache.get("k")).isNull();
  }

  /** A cas token says nothing over a connection that was made after it was read. */
  @Test
  void connectionIsLostBeforeTheValueIsRejected_olderEntryIsRemovedAllTheSame() {
    try (RecordingProxy proxy = RecordingProxy.start(memcached.server())) {
      Cache<String, String> cache = caches.cache(proxy.uri("hotels/Lisboa"));
      cache.put("k", "old");

      cache.invoke(
          "k",
          (entry, arguments) -> {
            entry.getValue();
            proxy.dropConnections();
            awaitNewConnection(cache);
            return setLarge(entry);
          });

      assertThat(cache.get("k")).isNull();
    }
  }

  private static void awaitNewConnection(Cache<String, String> cache) {
    await("it is connected again").ignoreExceptions().until(() -> cache.get("another") == null);
  }

  @Test
  void failureMiss_writesGoOnWithoutTheValue() {
    Cache<String, String> cache =
        caches
            .manager(URI.create(memcached.uri("hotels/Porto") + "?failure=miss"))
            .createCache("info", TestProvider.strings());
    Map<String, Consumer<Cache<String, String>>> operations = new HashMap<>();
    operations.put("put", each -> each.put("k", LARGE));
    operations.put("putAll", each -> each.putAll(Map.of("k", LARGE, "l", "new")));
    operations.put("getAndPut", each -> each.getAndPut("k", LARGE));
    operations.put("replace", each -> each.replace("k", LARGE));
    operations.put("putIfAbsent", each -> each.putIfAbsent("m", LARGE));

    operations.forEach(
        (name, operation) -> {
          cache.put("k", "old");
          operation.accept(cache);
          String after = cache.get(name.equals("putIfAbsent") ? "m" : "k");
          assertThat(after).as("after " + name).isNull();
        });
    assertThat(cache.get("l")).isEqualTo("new");
  }

  @Test
  void replaceOfOneValueByAnother_doesTheSame() {
    Cache<String, String> cache = cache(TestProvider.strings());
    cache.put("k", "old");

    assertThatThrownBy(() -> cache.replace("k", "old", LARGE))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith("replace on 'hotels/Lisboa/info' failed: the value takes ");
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void operationsThatWouldNotStore_doNotFailAndLeaveTheEntry() {
    Cache<String, String> cache = cache(TestProvider.strings());
    cache.put("k", "old");

    assertThat(cache.putIfAbsent("k", LARGE)).isFalse();
    assertThat(cache.replace("k", "another", LARGE)).isFalse();
    assertThat(cache.replace("absent", LARGE)).isFalse();
    assertThat(cache.get("k")).isEqualTo("old");
  }

  @Test
  void putIfAbsent_namesSizesAndOption() {
    Cache<String, String> cache = cache(TestProvider.strings());

    assertThatThrownBy(() -> cache.putIfAbsent("k", LARGE))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith(
            "putIfAbsent on 'hotels/Lisboa/info' failed: the value takes " + LARGE_ITEM + " bytes")
        .hasMessageContaining("at most 1048576 bytes (memcached option -I");
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void putAll_storesTheOthers() {
    for (Factory<ExpiryPolicy> policy :
        List.<Factory<ExpiryPolicy>>of(
            EternalExpiryPolicy::new, () -> new CreatedExpiryPolicy(Duration.ONE_HOUR))) {
      Cache<String, String> cache = cache(TestProvider.strings().setExpiryPolicyFactory(policy));
      Map<String, String> entries = new HashMap<>();
      IntStream.range(0, 20).forEach(i -> entries.put("k" + i, "old"));
      cache.putAll(entries);
      entries.replaceAll((key, value) -> "new");
      entries.put("k7", LARGE);
      entries.put("k9", LARGE);

      int size = sizeOfLargeItem(policy);
      assertThatThrownBy(() -> cache.putAll(entries))
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith(
              "putAll on 'hotels/Lisboa/info' failed: the value takes " + size + " bytes")
          .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));

      entries.keySet().removeAll(Set.of("k7", "k9"));
      assertThat(cache.getAll(Set.of("k7", "k9"))).isEmpty();
      assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
      cache.getCacheManager().destroyCache(cache.getName());
    }
  }

  @Test
  void invokeAll_returnsAllResults() {
    Cache<String, String> cache = cache(TestProvider.strings());
    cache.putAll(Map.of("k", "old", "l", "old"));

    Map<String, EntryProcessorResult<Boolean>> results =
        cache.invokeAll(
            Set.of("k", "l"),
            (entry, arguments) -> {
              entry.setValue(entry.getKey().equals("k") ? LARGE : "new");
              return true;
            });

    assertThat(results.get("k").get()).isTrue();
    assertThat(results.get("l").get()).isTrue();
    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("l")).isEqualTo("new");
  }

  @Test
  void readThrough_returnsWhatWasLoadedAndKeepsTheOthers() {
    Cache<String, String> cache =
        cache(loading(Map.of("k", LARGE, "l", "small")).setReadThrough(true));

    assertThat(cache.get("k")).isEqualTo(LARGE);
    assertThat(cache.getAll(Set.of("k", "l"))).isEqualTo(Map.of("k", LARGE, "l", "small"));
    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache.containsKey("l")).isTrue();
  }

  @Test
  void loadAll_tellsItsListenerAndRemovesTheOlderEntry() {
    Cache<String, String> cache = cache(loading(Map.of("k", LARGE, "l", "new")));
    cache.putAll(Map.of("k", "old", "l", "old"));
    CompletionListenerFuture done = new CompletionListenerFuture();

    cache.loadAll(Set.of("k", "l"), true, done);

    assertThatThrownBy(done::get)
        .cause()
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith(
            "loadAll on 'hotels/Lisboa/info' failed: the value takes " + LARGE_ITEM + " bytes");
    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("l")).isEqualTo("new");
  }

  @Test
  void limitOfTheServer_isTheOneInTheError() {
    try (MemcachedServer larger = MemcachedServer.builder().maxItemSize("2m").start()) {
      Cache<String, String> cache = caches.cache(larger.uri("hotels/Porto"));
      cache.put("k", LARGE);
      assertThat(cache.get("k")).isEqualTo(LARGE);

      assertThatThrownBy(() -> cache.put("k", LARGE + LARGE))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("the value takes " + (LARGE_ITEM + LARGE.length()) + " bytes in")
          .hasMessageContaining("takes items of at most 2097152 bytes (memcached option -I");
      assertThat(cache.get("k")).isNull();
    }
  }

  @Test
  void valueJustBelowTheLimit_isStored() {
    Cache<String, String> cache = cache(TestProvider.strings());
    String value = "x".repeat(1_048_000);

    cache.put("k", value);

    assertThat(cache.get("k")).isEqualTo(value);
    assertThat(cache.getAndPut("k", value)).isEqualTo(value);
  }

  private static Object setLarge(MutableEntry<String, String> entry, Object... arguments) {
    entry.setValue(LARGE);
    return "computed";
  }

  private static MutableConfiguration<String, String> loading(Map<String, String> values) {
    return TestProvider.strings()
        .setCacheLoaderFactory(() -> new FunctionLoader<String, String>(values::get));
  }

  private Cache<String, String> cache(MutableConfiguration<String, String> configuration) {
    return caches.manager(memcached.uri("hotels/Lisboa")).createCache("info", configuration);
  }
}
