// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.spi.CachingProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedExtension;

/**
 * Runs the table on this provider and on the reference implementation. Every difference must be a
 * {@link KnownDifference}, and every known difference must still be one.
 */
@Timeout(240)
@Tag("slow")
@Tag("any-jdk")
class ReferenceComparisonTest {

  private static final Path PAGE = Path.of("..", "docs", "conformance.md");

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  @Test
  void everyDifference_isKnownAndEveryKnownOneIsThere() {
    Map<Row, Outcome> ours;
    try (CachingProvider provider = new MemcachedCachingProvider()) {
      ours =
          Table.run(
              provider.getCacheManager(
                  memcached.uri("conformance?timeout=20s&connectTimeout=20s"), null),
              memcached.cluster()::flushAll); // or each walk over a cache would walk over all
    }
    Map<Row, Outcome> theirs;
    try (ReferenceImplementation reference = new ReferenceImplementation()) {
      theirs = Table.run(reference.manager(), () -> {});
    }
    assertThat(ours).hasSizeGreaterThan(20_000);
    assertThat(ours.keySet()).isEqualTo(theirs.keySet());

    Comparison comparison = new Comparison();
    ours.forEach((row, outcome) -> comparison.compare(row, outcome, theirs.get(row)));

    assertThat(comparison.unknown()).isEmpty();
    assertThat(comparison.seen()).isEqualTo(EnumSet.allOf(KnownDifference.class));
  }

  @Test
  void page_listsTheKnownDifferencesAndNoOthers() throws IOException {
    Set<String> listed = new TreeSet<>();
    Matcher names =
        Pattern.compile("`([A-Z]+(?:_[A-Z]+)+)`").matcher(Files.readString(PAGE, UTF_8));
    while (names.find()) {
      listed.add(names.group(1));
    }

    assertThat(listed)
        .isEqualTo(
            Stream.of(KnownDifference.values())
                .map(Enum::name)
                .collect(Collectors.toCollection(TreeSet::new)));
  }
}
