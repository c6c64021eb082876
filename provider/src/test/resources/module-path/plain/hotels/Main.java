package hotels;

import hotels.parts.StayLoader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Uses caches as a module that requires org.memjcache only, and that keeps its own package closed.
 */
final class Main {

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    URI uri = URI.create(arguments[0]);
    try (CachingProvider provider = Caching.getCachingProvider()) {
      CacheManager manager = provider.getCacheManager(uri, null);
      useOwnKeysAndValues(manager);
      loadThroughFactoryOfJCache(manager);
      readMBeans(manager);
      loadThroughClassNamedInFile(provider, uri);
      lookInside(manager);
    }
  }

  private static void useOwnKeysAndValues(CacheManager manager) {
    Cache<Season, Stay> stays =
        manager.createCache(
            "stays", new MutableConfiguration<Season, Stay>().setTypes(Season.class, Stay.class));
    stays.put(Season.SUMMER, new Stay("Lisboa", 2));
    System.out.println("got: " + stays.get(Season.SUMMER));
    System.out.println("iterated: " + stays.iterator().next().getKey());
    System.out.println(
        "invoked: " + stays.invoke(Season.SUMMER, (entry, none) -> entry.getValue().days()));
    stays.clear();
    System.out.println("cleared: " + stays.get(Season.SUMMER));
  }

  private static void loadThroughFactoryOfJCache(CacheManager manager) {
    Cache<String, String> loaded =
        manager.createCache(
            "loaded",
            new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setStatisticsEnabled(true)
                .setReadThrough(true)
                .setCacheLoaderFactory(FactoryBuilder.factoryOf(StayLoader.class)));
    System.out.println("loaded: " + loaded.get("Lisboa"));
  }

  private static void readMBeans(CacheManager manager) throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    for (ObjectName name : beans.queryNames(new ObjectName("*:Cache=loaded,*"), null)) {
      String attribute =
          name.getKeyProperty("type").equals("CacheStatistics")
              ? "CacheMisses"
              : "ColdMisses";
      System.out.println(attribute + ": " + beans.getAttribute(name, attribute));
    }
  }

  private static void loadThroughClassNamedInFile(CachingProvider provider, URI uri) {
    Properties servers = new Properties();
    servers.setProperty("memjcache.servers", uri.getAuthority());
    CacheManager manager =
        provider.getCacheManager(URI.create("classpath:caches.properties"), null, servers);
    System.out.println("named: " + manager.getCache("named").get("Porto"));
  }

  private static void lookInside(CacheManager manager) throws Exception {
    Object internal = manager.getCache("loaded", String.class, String.class).iterator();
    try {
      System.out.println("opened: " + internal.getClass().getMethod("hasNext").invoke(internal));
    } catch (IllegalAccessException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
