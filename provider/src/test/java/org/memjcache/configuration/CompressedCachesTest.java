// SPDX-License-Identifier: Apache-2.0
package org.memjcache.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.expiry.Duration;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedExtension;

/** The option {@code compression}, and what happens without the library it needs. */
@Timeout(60)
@Tag("slow")
@Tag("any-jdk")
class CompressedCachesTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  /** More than memcached takes, but not if compressed. */
  private static final String LARGE = "Rua Augusta, ".repeat(100_000);

  private final TestProvider caches = new TestProvider();

  @AfterEach
  void close() {
    memcached.cluster().flushAll();
    caches.close();
  }

  private static URI uri(String options) {
    return URI.create(memcached.uri("hotels/Lisboa") + options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void largeValues_doAllThatOthersDo(String compression) {
    Cache<String, String> cache =
        caches
            .manager(uri("?compression=" + compression))
            .createCache(
                "info",
                TestProvider.strings()
                    .setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));

    cache.putAll(Map.of("k", LARGE, "small", "v"));
    assertThat(cache.getAll(Set.of("k", "small"))).isEqualTo(Map.of("k", LARGE, "small", "v"));
    assertThat(cache.get("k")).isEqualTo(LARGE);
    assertThat(cache.replace("k", LARGE, LARGE + "1")).isTrue();
    assertThat(cache.getAndPut("k", LARGE)).isEqualTo(LARGE + "1");
    assertThat(cache.putIfAbsent("k", "other")).isFalse();
    cache.invoke(
        "k",
        (entry, arguments) -> {
          entry.setValue(entry.getValue() + "2");
          return null;
        });
    List<String> walked = new ArrayList<>();
    cache.forEach(entry -> walked.add(entry.getValue()));
    assertThat(walked).containsExactlyInAnyOrder(LARGE + "2", "v");
    assertThat(cache.remove("k", LARGE + "2")).isTrue();
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  void compressed_isReadByManagersThatCompressOtherwiseOrNot() {
    for (String writer : List.of("none", "lz4", "zstd")) {
      String value = "Avenida ".repeat(1_000) + writer;
      TestProvider own = new TestProvider();
      own.cache(uri("?compression=" + writer)).put("k", value);
      own.close();
      for (String reader : List.of("none", "lz4", "zstd")) {
        TestProvider others = new TestProvider();
        assertThat(others.cache(uri("?compression=" + reader)).get("k"))
            .as("written with %s, read with %s", writer, reader)
            .isEqualTo(value);
        others.close();
      }
    }
  }

  @Test
  void byDefault_nothingIsCompressed() {
    assertThatThrownBy(() -> caches.cache(uri("")).put("k", LARGE))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("1300004 bytes");
  }

  @Test
  void threshold_withoutCompression_isRefused() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> caches.manager(uri("?compression.threshold=10")))
        .withMessageContaining("'compression.threshold' is given, but compression is none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void withoutTheLibrary_theOptionIsRefusedAndNamesIt(String compression) {
    try (IsolatedProvider bare = IsolatedProvider.without("net.jpountz.", "com.github.luben.")) {
      assertThatThrownBy(() -> bare.manager(uri("?compression=" + compression)))
          .isInstanceOf(CacheException.class)
          .hasMessageContainingAll(
              "'compression' is " + compression,
              compression.equals("lz4") ? "at.yawk.lz4:lz4-java" : "com.github.luben:zstd-jni",
              "not on the class path")
          .hasRootCauseInstanceOf(ClassNotFoundException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void withoutTheLibrary_compressedValuesAreMissesAndAllElseWorks(String compression) {
    caches
        .cache(uri("?compression=" + compression))
        .putAll(Map.of("large", "Avenida ".repeat(1_000), "small", "v"));
    try (IsolatedProvider bare = IsolatedProvider.without("net.jpountz.", "com.github.luben.")) {
      Cache<String, String> cache = bare.cache(uri(""), "info");

      assertThat(cache.getAll(Set.of("large", "small"))).isEqualTo(Map.of("small", "v"));
      assertThat(cache).extracting(Cache.Entry::getKey).containsExactly("small");
      cache.put("large", "w");
      assertThat(cache.get("large")).isEqualTo("w");
    }
  }
}
