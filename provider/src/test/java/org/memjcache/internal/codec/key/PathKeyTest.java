// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.memjcache.support.HostileTexts;

public class PathKeyTest {

  @Test
  void text_shortPath_readable() {
    PathKey path = PathKey.of(List.of("acme", "shop 1", "orders"));

    assertThat(path.canonical()).isEqualTo("acme/shop%201/orders");
    assertThat(path.text()).isEqualTo("acme/shop%201/orders");
    assertThat(path.versionKey()).isEqualTo("acme/shop%201/orders:version");
    assertThat(path.levels()).isEqualTo(3);
  }

  @Test
  void text_longPath_startAndHash() {
    PathKey path = PathKey.of(List.of("a".repeat(100), "b"));

    assertThat(path.canonical()).isEqualTo("a".repeat(100) + "/b");
    // printf '%s' "$canonical" | sha256sum, the first 24 bytes in base64url
    assertThat(path.text()).isEqualTo("a".repeat(40) + "~VTbC8EC2LukeMoTZu2k3HgHvV8we6n8r");
  }

  @Test
  void text_eightyCharacters_stillReadable() {
    PathKey readable = PathKey.of(List.of("a".repeat(80)));
    PathKey hashed = PathKey.of(List.of("a".repeat(81)));

    assertThat(readable.text()).isEqualTo("a".repeat(80));
    assertThat(readable.isHashed()).isFalse();
    assertThat(hashed.text()).hasSize(73).contains("~");
    assertThat(hashed.isHashed()).isTrue();
  }

  @Test
  void canonical_emptyNames_allDifferent() {
    assertThat(
            Set.of(
                PathKey.of(List.of()).canonical(),
                PathKey.of(List.of("")).canonical(),
                PathKey.of(List.of("", "")).canonical(),
                PathKey.of(List.of("/")).canonical(),
                PathKey.of(List.of("%")).canonical()))
        .hasSize(5);
  }

  @Test
  void canonical_allShortHostilePaths_allDifferent() {
    List<String> names = HostileTexts.all(12);
    List<List<String>> paths = new ArrayList<>();
    paths.add(List.of());
    for (String first : names) {
      paths.add(List.of(first));
      for (String second : names) {
        paths.add(List.of(first, second));
      }
    }
    for (String first : HostileTexts.PIECES) {
      for (String second : HostileTexts.PIECES) {
        for (String third : HostileTexts.PIECES) {
          paths.add(List.of(first, second, third));
        }
      }
    }
    Map<String, List<String>> byText = new HashMap<>();
    for (List<String> path : paths) {
      List<String> other = byText.put(PathKey.of(path).text(), path);
      assertThat(other).as("path with the same text as %s", path).isNull();
    }
    assertThat(byText).hasSizeGreaterThan(50_000);
  }

  @Property(tries = 2_000)
  void keys_hostilePath_shortAscii(@ForAll("paths") List<String> names) {
    PathKey path = PathKey.of(names);

    assertThat(path.text()).matches("[!-9;-~]*").hasSizeLessThanOrEqualTo(80);
    assertThat(path.versionKey()).matches("[!-9;-~]*:version");
    KeyPrefix prefix = path.prefix(versions(names.size(), Long.MAX_VALUE));
    assertThat(prefix.text()).matches("[!-9;-~]*:[A-Za-z0-9_-]{7}:").hasSizeLessThanOrEqualTo(89);
  }

  @Provide
  Arbitrary<List<String>> paths() {
    return HostileTexts.any().list().ofMaxSize(PathKey.MAX_LEVELS);
  }

  @Test
  void prefix_versions_hashOfThem() {
    PathKey path = PathKey.of(List.of("acme", "shop", "orders"));

    assertThat(path.prefix(new long[] {1, 64, Long.MAX_VALUE}).text())
        // printf '%s' 1.64.9223372036854775807 | sha256sum, the first 42 bits in base64url
        .isEqualTo("acme/shop/orders:xL80Nph:");
  }

  @Test
  void prefix_manyVersions_allDifferent() {
    PathKey path = PathKey.of(List.of("a", "b"));
    long[] notable = {
      1,
      2,
      62,
      63,
      64,
      65,
      4095,
      4096,
      1L << 42,
      1764000000000L << 20,
      Long.MAX_VALUE - 1,
      Long.MAX_VALUE
    };
    Set<String> seen = new HashSet<>();
    for (long first : notable) {
      for (long second : notable) {
        assertThat(seen.add(path.prefix(new long[] {first, second}).text())).isTrue();
      }
    }
  }

  @Test
  void prefix_noLevels_hashOfNothing() {
    assertThat(PathKey.of(List.of()).prefix(new long[0]).text()).isEqualTo(":47DEQpj:");
  }

  @Test
  void prefix_wrongVersions_refused() {
    PathKey path = PathKey.of(List.of("a", "b"));

    assertThatIllegalArgumentException().isThrownBy(() -> path.prefix(new long[] {1}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> path.prefix(new long[] {1, 0}))
        .withMessageContaining("above zero");
    assertThatIllegalArgumentException().isThrownBy(() -> path.prefix(new long[] {1, -1}));
  }

  @Test
  void of_tooManyNames_refused() {
    assertThatNoException().isThrownBy(() -> PathKey.of(Collections.nCopies(9, "a")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathKey.of(Collections.nCopies(10, "a")))
        .withMessageContaining("at most 9");
  }

  @Test
  void of_pathWhoseTextCollides_shortPathsKeepApart() {
    UnaryOperator<String> constant = text -> "0".repeat(32);
    PathKey hashed = PathKey.of(List.of("a".repeat(81)), constant);
    PathKey imitation = PathKey.of(List.of(hashed.text()), constant);

    assertThat(imitation.text()).isNotEqualTo(hashed.text());
  }

  @Test
  void equals_namesDecide() {
    assertThat(PathKey.of(List.of("a", "b")))
        .isEqualTo(PathKey.of(List.of("a", "b")))
        .hasSameHashCodeAs(PathKey.of(List.of("a", "b")))
        .isNotEqualTo(PathKey.of(List.of("a/b")))
        .hasToString("a/b");
  }

  public static long[] versions(int count, long version) {
    long[] versions = new long[count];
    java.util.Arrays.fill(versions, version);
    return versions;
  }
}
