// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;

/**
 * Whatever tenants, caches and keys are called, none reads another's values, and clearing one
 * clears what is beneath it and nothing else.
 */
@Tag("slow")
@Tag("any-jdk")
class TenantIsolationTest {

  private static final List<String> HOSTILE =
      List.of(
          "a",
          "b",
          "a/b",
          "/",
          "//",
          "a%2Fb",
          "a%252Fb",
          "%",
          "%%",
          "%25",
          "%2",
          "+",
          " ",
          "a b",
          "a+b",
          "a%20b",
          "\n",
          "a\nb",
          "\r\n",
          "\0",
          "\t",
          ":",
          "a:version",
          "version",
          "a:b",
          "~",
          "~~",
          ".",
          "..",
          "...",
          "'",
          "\"",
          "\\",
          "?",
          "#",
          "&",
          "=",
          ",",
          ";",
          "@",
          "é",
          "e\u0301",
          "ß",
          "ss",
          "SS",
          "😀",
          "👩‍🚀",
          "\u202e",
          "\u0000a",
          "A",
          "null",
          "0",
          "-1",
          "S",
          "Sa",
          "x".repeat(300),
          "x".repeat(299) + "y",
          "/".repeat(300),
          "😀".repeat(300));

  private static MemcachedServer server;
  private static MemcachedCachingProvider provider;

  @BeforeContainer
  static void start() {
    server = MemcachedServer.start();
    provider = new MemcachedCachingProvider();
    provider.getCacheManager(uri(List.of("held", "open")), null); // keeps the client
  }

  @AfterContainer
  static void stop() {
    provider.close();
    server.close();
  }

  private final List<MemcachedCacheManager> managers = new ArrayList<>();

  @AfterTry
  void closeManagers() {
    managers.forEach(MemcachedCacheManager::close);
    managers.clear();
    server.flushAll();
  }

  /** A cache, by the names of its manager's namespace and its own. */
  record Place(List<String> namespace, String cache) {
    List<String> path() {
      return Stream.concat(namespace.stream(), Stream.of(cache)).toList();
    }
  }

  @Property(tries = 60)
  void values_neverCross_andAClearStaysBeneathItsLevel(
      @ForAll("places") Set<Place> places,
      @ForAll("keys") Set<String> keys,
      @ForAll("levels") int cleared,
      @ForAll boolean byProvider) {
    Map<Place, Cache<String, String>> caches = new LinkedHashMap<>();
    places.forEach(place -> caches.put(place, open(place)));
    caches.forEach((place, cache) -> keys.forEach(key -> cache.put(key, value(place, key))));
    caches.forEach((place, cache) -> requireAll(place, cache, keys, true));

    Place chosen = List.copyOf(places).get(cleared % places.size());
    List<String> path = clear(chosen, cleared, byProvider);
    caches.put(chosen, open(chosen)); // it was destroyed, maybe

    caches.forEach(
        (place, cache) -> requireAll(place, cache, keys, !isCleared(place, chosen, path)));
    caches.forEach(
        (place, cache) -> keys.forEach(key -> cache.putIfAbsent(key, value(place, key))));
    caches.forEach((place, cache) -> requireAll(place, cache, keys, true));
  }

  @Property(tries = 30)
  void removals_stayInTheirCache(
      @ForAll("places") Set<Place> places, @ForAll("keys") Set<String> keys) {
    Map<Place, Cache<String, String>> caches = new LinkedHashMap<>();
    places.forEach(place -> caches.put(place, open(place)));
    caches.forEach((place, cache) -> keys.forEach(key -> cache.put(key, value(place, key))));
    Place first = caches.keySet().iterator().next();

    caches.get(first).removeAll(keys);

    caches.forEach((place, cache) -> requireAll(place, cache, keys, !place.equals(first)));
  }

  @Provide
  static Arbitrary<Set<Place>> places() {
    Arbitrary<String> few = Arbitraries.of("a", "b", "a/b", "a%2Fb");
    Arbitrary<Place> near =
        Combinators.combine(few.list().ofMinSize(1).ofMaxSize(3), few).as(Place::new);
    Arbitrary<Place> far =
        Combinators.combine(names().list().ofMinSize(1).ofMaxSize(3), cacheNames()).as(Place::new);
    return Arbitraries.oneOf(
        near.set().ofMinSize(2).ofMaxSize(6), far.set().ofMinSize(2).ofMaxSize(6));
  }

  /** Names of levels in a URI: not empty, and with a form in UTF-8. */
  @Provide
  static Arbitrary<String> names() {
    return texts()
        .filter(text -> !text.isEmpty() && StandardCharsets.UTF_8.newEncoder().canEncode(text));
  }

  @Provide
  static Arbitrary<String> cacheNames() {
    return Arbitraries.oneOf(texts(), Arbitraries.of("", "\uD83D", "\uDE00\uD83D"));
  }

  @Provide
  static Arbitrary<Set<String>> keys() {
    return cacheNames().set().ofMinSize(1).ofMaxSize(4);
  }

  @Provide
  static Arbitrary<Integer> levels() {
    return Arbitraries.integers().between(0, 23);
  }

  private static Arbitrary<String> texts() {
    Arbitrary<String> hostile = Arbitraries.of(HOSTILE);
    Arbitrary<String> encoded =
        hostile.map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8));
    Arbitrary<String> joined =
        hostile.list().ofMinSize(2).ofMaxSize(3).map(s -> String.join("", s));
    return Arbitraries.oneOf(
        hostile, hostile, encoded, joined, Arbitraries.strings().ofMaxLength(20));
  }

  private Cache<String, String> open(Place place) {
    MemcachedCacheManager manager = provider.getCacheManager(uri(place.namespace), null);
    managers.add(manager);
    Cache<String, String> cache = manager.getCache(place.cache);
    return cache == null ? manager.createCache(place.cache, new MutableConfiguration<>()) : cache;
  }

  private static URI uri(List<String> namespace) {
    return ManagerUri.servers(server.address())
        .option("timeout", "20s")
        .option("connectTimeout", "20s")
        .namespace(namespace.toArray(String[]::new))
        .toUri();
  }

  /** Clears the cache of a place or a level above it, and returns the path of what was cleared. */
  private List<String> clear(Place place, int which, boolean byProvider) {
    int depth = place.path().size() - which % place.path().size();
    List<String> path = place.path().subList(0, depth);
    if (depth > place.namespace.size()) {
      MemcachedCacheManager manager = provider.getCacheManager(uri(place.namespace), null);
      if (byProvider) {
        manager.destroyCache(place.cache);
      } else {
        manager.getCache(place.cache).clear();
      }
    } else if (byProvider) {
      provider.clear(uri(path));
    } else {
      MemcachedCacheManager manager = provider.getCacheManager(uri(path), null);
      managers.add(manager);
      manager.clear();
    }
    return path;
  }

  private static void requireAll(
      Place place, Cache<String, String> cache, Set<String> keys, boolean there) {
    for (String key : keys) {
      assertThat(cache.get(key))
          .as("key '" + key + "' of " + place)
          .isEqualTo(there ? value(place, key) : null);
    }
    assertThat(cache.getAll(keys)).hasSize(there ? keys.size() : 0);
  }

  private static String value(Place place, String key) {
    return place + " " + key;
  }

  /** A cache is cleared by itself; a namespace with the caches in it, whatever they are called. */
  private static boolean isCleared(Place place, Place chosen, List<String> cleared) {
    return cleared.size() > chosen.namespace.size()
        ? place.equals(chosen)
        : startsWith(place.namespace, cleared);
  }

  private static boolean startsWith(List<String> path, List<String> start) {
    return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
  }
}
