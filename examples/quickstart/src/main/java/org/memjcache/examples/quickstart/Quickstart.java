// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.quickstart;

import java.io.PrintStream;
import java.net.URI;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.testkit.MemcachedServer;

/**
 * Two tenants of one application on one memcached: when one clears its cache, the other keeps its
 * entries. Then a second application next to the first one.
 *
 * <p>Uses the servers named in the environment variable {@code MEMJCACHE_URI}, or starts one with
 * the testkit. Only this class prints to standard output.
 */
public final class Quickstart {

  private final URI cluster;
  private final PrintStream out;

  Quickstart(URI cluster, PrintStream out) {
    this.cluster = cluster;
    this.out = out;
  }

  /** Runs the example. */
  public static void main(String[] args) {
    String uri = System.getenv("MEMJCACHE_URI");
    if (uri != null) {
      new Quickstart(ManagerUri.parse(uri), System.out).run();
      return;
    }
    try (MemcachedServer server = MemcachedServer.start()) {
      new Quickstart(server.uri("/"), System.out).run();
    }
  }

  void run() {
    try (CachingProvider provider = Caching.getCachingProvider()) {
      tenants(provider);
      out.println();
      applications(provider);
    }
  }

  /** Lisboa and Barcelona share the servers, and nothing else. */
  private void tenants(CachingProvider provider) {
    Cache<String, String> lisboa = cache(provider, "hotels", "Lisboa");
    Cache<String, String> barcelona = cache(provider, "hotels", "Barcelona");

    out.println("Setting Lisboa cache...");
    lisboa.put("/info", "2 days");
    print("Lisboa cached /info is: ", lisboa.get("/info"));

    out.println("Setting Barcelona cache...");
    barcelona.put("/info", "3 days");
    print("Barcelona cached /info is: ", barcelona.get("/info"));

    out.println("Clearing Barcelona cache...");
    barcelona.clear();
    print("Barcelona cached /info is: ", barcelona.get("/info"));
    print("Lisboa cached /info is: ", lisboa.get("/info"));
  }

  /** A second application has its own Lisboa, and keeps it when the first one is cleared. */
  private void applications(CachingProvider provider) {
    Cache<String, String> lisboa =
        provider.getCacheManager(uri("hotels", "Lisboa"), null).getCache("info");
    Cache<String, String> barcelona =
        provider.getCacheManager(uri("hotels", "Barcelona"), null).getCache("info");
    MemcachedCacheManager trains = manager(provider, "trains");
    trains.clear(); // an earlier run may have left entries on a server that is still running
    Cache<String, String> trainsToLisboa = cache(provider, "trains", "Lisboa");

    print("trains, Lisboa cached /info is: ", trainsToLisboa.get("/info"));
    out.println("Setting trains, Lisboa cache, and hotels, Barcelona cache...");
    trainsToLisboa.put("/info", "4 hours");
    barcelona.put("/info", "3 days");

    out.println("Clearing application hotels...");
    MemcachedCacheManager hotels = manager(provider, "hotels");
    ChangeCount changes = ChangeCount.of(cluster, hotels);
    hotels.clear();
    long count = changes.sinceThen();

    print("hotels, Lisboa cached /info is: ", lisboa.get("/info"));
    print("hotels, Barcelona cached /info is: ", barcelona.get("/info"));
    print("trains, Lisboa cached /info is: ", trainsToLisboa.get("/info"));
    out.println("changes made in memcached by this clear: " + count);
  }

  private Cache<String, String> cache(CachingProvider provider, String application, String tenant) {
    CacheManager manager = provider.getCacheManager(uri(application, tenant), null);
    return manager.createCache(
        "info", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
  }

  private MemcachedCacheManager manager(CachingProvider provider, String application) {
    return provider.getCacheManager(uri(application), null).unwrap(MemcachedCacheManager.class);
  }

  private URI uri(String... names) {
    return ManagerUri.withNamespace(cluster, names);
  }

  private void print(String what, String value) {
    out.println(what + (value == null ? "None" : value));
  }
}
