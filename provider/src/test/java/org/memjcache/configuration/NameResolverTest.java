// SPDX-License-Identifier: Apache-2.0
package org.memjcache.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.NameResolver;
import org.memjcache.testkit.MemcachedServer;

/** An application's own way to find the addresses of names. */
class NameResolverTest {

  private static final String NAME = "cache.example";

  private final MemcachedServer server = MemcachedServer.start();
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    provider.close();
    server.close();
  }

  private Cache<String, String> cache(String host, NameResolver resolver) {
    Properties properties = new Properties();
    properties.put("memjcache.resolver", resolver);
    URI uri = URI.create("memcached://" + host + ":" + server.port() + "/app?timeout=5s");
    return provider
        .getCacheManager(uri, null, properties)
        .createCache("cache", new MutableConfiguration<>());
  }

  private List<InetAddress> found(String host) throws UnknownHostException {
    asked.add(host);
    return List.of(InetAddress.getByName("127.0.0.1"));
  }

  private void assertFails(NameResolver resolver, String... words) {
    Cache<String, String> cache = cache(NAME, resolver);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> cache.get("k"))
        .satisfies(e -> assertThat(e.getMessage()).contains(NAME).contains(words));
  }

  @Test
  void name_isAskedForAtEachConnect() {
    Cache<String, String> cache = cache(NAME, this::found);

    cache.put("k", "v");

    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(asked).isNotEmpty().containsOnly(NAME);
  }

  @Test
  void address_isNotAskedFor() {
    Cache<String, String> cache = cache("127.0.0.1", this::found);

    cache.put("k", "v");

    assertThat(asked).isEmpty();
  }

  @Test
  void unknownName_saysSo() {
    assertFails(
        host -> {
          throw new UnknownHostException("no service " + host + " for now");
        },
        "no service cache.example for now");
  }

  @Test
  void severalAddresses_areRefusedWithWhatToDo() {
    assertFails(
        host -> List.of(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2")),
        "127.0.0.1, 127.0.0.2",
        "servers=dns:host:port");
  }

  @Test
  void noAddress_saysSo() {
    assertFails(host -> List.of(), "cache.example has no address");
  }

  @Test
  void otherExceptions_nameTheResolver() {
    NameResolver failing =
        new NameResolver() {
          @Override
          public List<InetAddress> resolve(String host) {
            throw new IllegalStateException("no registry");
          }

          @Override
          public String toString() {
            return "Registry";
          }
        };
    assertFails(failing, "the resolver Registry has failed for cache.example", "no registry");
  }
}
