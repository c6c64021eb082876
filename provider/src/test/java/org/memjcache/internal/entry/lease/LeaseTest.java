// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.PathKey;

class LeaseTest {

  private static final long[] VERSIONS = {1, 2};

  @Test
  void keyOf_readable_exactText() {
    PathKey path = PathKey.of(List.of("hotels", "info"));

    assertThat(Lease.keyOf(path.prefix(VERSIONS).itemKey(new EntryKey("Sk"))))
        .isEqualTo("hotels/info:d6wxm_4!Sk");
  }

  /** Whatever the names and keys are made of, among them what leases and versions are. */
  @Test
  void keyOf_meetsNoOtherKey() {
    List<String> parts =
        List.of("a", "!", "a!", "!a", "a:d6wxm_4!Sk", "d6wxm_4", "version", "", "x".repeat(100));
    Set<String> all = new HashSet<>();
    int count = 0;
    for (String outer : parts) {
      for (String inner : parts) {
        PathKey path = PathKey.of(List.of(outer, inner));
        all.add(path.versionKey());
        count++;
        for (String entry : List.of("Sk", "S!k", "S!", "S", "S" + "k".repeat(240))) {
          ItemKey item = path.prefix(VERSIONS).itemKey(new EntryKey(entry));
          all.add(item.text());
          all.add(Lease.keyOf(item));
          assertThat(Lease.keyOf(item)).hasSameSizeAs(item.text());
          assertThat(Lease.keyOf(item)).doesNotStartWith(path.prefix(VERSIONS).text());
          count += 2;
        }
      }
    }
    assertThat(all).hasSize(count);
  }
}
