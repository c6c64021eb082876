// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;

/**
 * No code of the provider asks whether the TCK is running: what is tested is what runs. To ask, it
 * would need a name of the TCK's or of a test framework's, of a class, a package or a system
 * property. No class file of the provider has such a text in it.
 */
class ProviderIgnoresTckTest {

  private static final String PROVIDER = "org/memjcache/MemcachedCachingProvider.class";

  private static final Pattern TELLTALE =
      Pattern.compile("jsr107|JSR107|tck|Tck|TCK|[Jj]unit|JUnit|[Ss]urefire|testkit");

  @Test
  void provider_namesNothingOfTheTck() throws Exception {
    Map<String, List<String>> classes = textsOfProvider();

    assertThat(classes).hasSizeGreaterThan(50).containsKey(PROVIDER);
    assertThat(classes)
        .allSatisfy((name, texts) -> assertThat(texts).noneMatch(TELLTALE.asPredicate()));
  }

  /** What the test above looks for it would find: this class has it. */
  @Test
  void thisTest_wouldBeFound() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("ProviderIgnoresTckTest.class")) {
      assertThat(ConstantPool.texts(in.readAllBytes())).anyMatch(TELLTALE.asPredicate());
    }
  }

  private static Map<String, List<String>> textsOfProvider() throws Exception {
    URI place =
        MemcachedCachingProvider.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path path = Path.of(place);
    if (Files.isDirectory(path)) {
      return textsBeneath(path);
    }
    try (FileSystem jar = FileSystems.newFileSystem(path)) {
      return textsBeneath(jar.getPath("/"));
    }
  }

  private static Map<String, List<String>> textsBeneath(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(file -> file.toString().endsWith(".class")).forEach(files::add);
    }
    Map<String, List<String>> texts = new TreeMap<>();
    for (Path file : files) {
      texts.put(
          root.relativize(file).toString().replace('\\', '/'),
          ConstantPool.texts(Files.readAllBytes(file)));
    }
    return texts;
  }
}
