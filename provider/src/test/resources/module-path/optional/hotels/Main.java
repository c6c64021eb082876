package hotels;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.memjcache.micrometer.MemcachedCacheMetrics;

/** Uses what needs an optional library: meters and compression. */
final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (CachingProvider provider = Caching.getCachingProvider()) {
      for (String compression : new String[] {"lz4", "zstd"}) {
        Properties options = new Properties();
        options.setProperty("memjcache.compression", compression);
        Cache<String, String> cache =
            provider
                .getCacheManager(URI.create(arguments[0] + "/" + compression), null, options)
                .createCache(
                    "texts", new MutableConfiguration<String, String>().setStatisticsEnabled(true));
        MemcachedCacheMetrics.monitor(registry, cache, "compression", compression);
        cache.put("k", "long ".repeat(1_000));
        System.out.println(compression + ": " + cache.get("k").length());
      }
      System.out.println(
          "puts: "
              + registry.get("cache.puts").functionCounters().stream()
                  .map(counter -> String.valueOf(counter.count()))
                  .collect(Collectors.joining(" and ")));
    }
  }
}
