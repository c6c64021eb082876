// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.cache.CacheManager;
import javax.cache.spi.CachingProvider;

/**
 * The reference implementation of JCache, in a class loader of its own: on the class path it would
 * be a second provider for all tests. Maven copies its jar to where this finds it.
 */
final class ReferenceImplementation implements AutoCloseable {

  private static final Path FOLDER = Path.of("target", "reference-implementation");
  private static final String PROVIDER = "org.jsr107.ri.spi.RICachingProvider";

  private final URLClassLoader loader;
  private final CachingProvider provider;

  ReferenceImplementation() {
    try {
      loader = new URLClassLoader(new URL[] {jar()}, getClass().getClassLoader());
      provider =
          (CachingProvider)
              Class.forName(PROVIDER, true, loader).getDeclaredConstructor().newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static URL jar() throws IOException {
    if (Files.isDirectory(FOLDER)) {
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(FOLDER, "*.jar")) {
        for (Path jar : jars) {
          return jar.toUri().toURL();
        }
      }
    }
    throw new AssertionError(
        "No jar in "
            + FOLDER.toAbsolutePath()
            + ": let Maven put it there by ./mvnw generate-test-resources -pl provider -am");
  }

  CacheManager manager() {
    return provider.getCacheManager();
  }

  @Override
  public void close() {
    provider.close();
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
