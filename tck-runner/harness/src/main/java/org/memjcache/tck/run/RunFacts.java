// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.run;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.ServiceLoader;
import javax.cache.annotation.BeanProvider;
import javax.cache.spi.CachingProvider;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/**
 * What was true in the JVM of a run. The run's JVM writes it to a file, and the gate reads it
 * there.
 *
 * @param javaVersion such as {@code 17.0.12}
 * @param memcachedVersions one for each server
 * @param cachingProviders the names of all JCache providers that JCache would find
 * @param beanProviders the names of all BeanProviders that the TCK would find
 */
public record RunFacts(
    Runtime.Version javaVersion,
    List<String> memcachedVersions,
    List<String> cachingProviders,
    List<String> beanProviders) {

  private static final String JAVA_VERSION = "java.version";
  private static final String MEMCACHED_VERSIONS = "memcached.versions";
  private static final String CACHING_PROVIDERS = "caching.providers";
  private static final String BEAN_PROVIDERS = "bean.providers";

  /** Makes a copy of the lists. */
  public RunFacts {
    memcachedVersions = List.copyOf(memcachedVersions);
    cachingProviders = List.copyOf(cachingProviders);
    beanProviders = List.copyOf(beanProviders);
  }

  /** Looks around in this JVM, which uses the servers given. Creates no provider of any kind. */
  public static RunFacts ofThisJvm(MemcachedCluster servers) {
    return new RunFacts(
        Runtime.version(),
        servers.servers().stream().map(RunFacts::version).toList(),
        namesOf(CachingProvider.class),
        namesOf(BeanProvider.class));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if there is no such file, or it can't be read
   */
  public static RunFacts read(Path file) throws IOException {
    Properties text = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      text.load(in);
    }
    return new RunFacts(
        Runtime.Version.parse(text.getProperty(JAVA_VERSION, "")),
        list(text, MEMCACHED_VERSIONS),
        list(text, CACHING_PROVIDERS),
        list(text, BEAN_PROVIDERS));
  }

  /**
   * Writes these facts to a file, whose folder is made if need be.
   *
   * @throws IOException if that fails
   */
  public void write(Path file) throws IOException {
    Properties text = new Properties();
    text.setProperty(JAVA_VERSION, javaVersion.toString());
    text.setProperty(MEMCACHED_VERSIONS, String.join(",", memcachedVersions));
    text.setProperty(CACHING_PROVIDERS, String.join(",", cachingProviders));
    text.setProperty(BEAN_PROVIDERS, String.join(",", beanProviders));
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try (Writer out = Files.newBufferedWriter(file)) {
      text.store(out, null);
    }
  }

  private static String version(MemcachedServer server) {
    return server.stats().getOrDefault("version", "?");
  }

  private static List<String> namesOf(Class<?> service) {
    return ServiceLoader.load(service).stream()
        .map(provider -> provider.type().getName())
        .sorted()
        .toList();
  }

  private static List<String> list(Properties text, String key) {
    return Arrays.stream(text.getProperty(key, "").split(",", -1))
        .filter(each -> !each.isEmpty())
        .toList();
  }
}
