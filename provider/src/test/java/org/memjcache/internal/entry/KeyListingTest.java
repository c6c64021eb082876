// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyListingTest {

  private static final String BEGINNING = "hotels/Lisboa/info:1.2.3:";
  private static final int PLENTY = 1 << 24;

  private int dumps;

  private KeyListing listing(long mostBytes, Iterable<String> keys) {
    return new KeyListing(
        "iterator on 'hotels/Lisboa/info' over a:11211",
        BEGINNING,
        mostBytes,
        consumer -> {
          dumps++;
          keys.forEach(consumer);
          return true;
        });
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> BEGINNING + "Skey" + i).toList();
  }

  private static List<String> all(KeyListing listing) {
    List<String> found = new ArrayList<>();
    listing.forEachRemaining(found::add);
    return found;
  }

  /** So many keys take about 13 bytes each, and each part of them 40 more. */
  @ParameterizedTest
  @CsvSource({"16777216, 1, 1", "2000000, 1, 1", "200000, 3, 10", "60000, 10, 30"})
  @Tag("slow")
  @Tag("any-jdk")
  void keys_inAnyMemory_comeOnceEach(long mostBytes, int leastDumps, int mostDumps) {
    List<String> keys = keys(50_000);

    // sorted: to compare so many in any order takes half a minute
    assertThat(all(listing(mostBytes, keys)).stream().sorted())
        .containsExactlyElementsOf(keys.stream().sorted().toList());

    assertThat(dumps).isBetween(leastDumps, mostDumps);
  }

  @ParameterizedTest
  @CsvSource({"16777216", "60000"})
  @Tag("slow")
  @Tag("any-jdk")
  void keys_listedTwice_comeOnceEach(long mostBytes) {
    List<String> keys = keys(10_000);
    List<String> twice = new ArrayList<>(keys);
    twice.addAll(keys);

    assertThat(all(listing(mostBytes, twice))).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void keys_ofAnyLength_areWhatTheyWere() {
    List<String> keys =
        List.of(BEGINNING, BEGINNING + "~", BEGINNING + "x".repeat(225), BEGINNING + "x".repeat(9));

    assertThat(all(listing(PLENTY, keys))).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void noKeys_areAskedForOnce() {
    KeyListing listing = listing(PLENTY, List.of());

    assertThat(listing.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(listing::next);
    assertThat(dumps).isEqualTo(1);
  }

  @Tag("slow")
  @Test
  void serverThatIsAway_isNotAskedAgain() {
    List<String> keys = keys(10_000);
    KeyListing listing =
        new KeyListing(
            "iterator",
            BEGINNING,
            60_000,
            consumer -> {
              dumps++;
              keys.forEach(consumer);
              return false;
            });

    assertThat(all(listing)).isNotEmpty().isSubsetOf(keys).doesNotHaveDuplicates();
    assertThat(dumps).isEqualTo(1);
  }

  @Test
  void keysForTooManyDumps_areGivenUp() {
    Iterable<String> endless =
        () -> IntStream.iterate(0, i -> i + 1).mapToObj(i -> BEGINNING + i).iterator();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> listing(20_000, endless).hasNext())
        .withMessageContainingAll("'hotels/Lisboa/info' over a:11211", "1250 bytes", "-Xmx");
  }

  @Test
  void oneKeyWithoutEnd_isGivenUp() {
    Iterable<String> endless =
        () -> IntStream.iterate(0, i -> i + 1).mapToObj(i -> BEGINNING + "key").iterator();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> listing(PLENTY, endless).hasNext())
        .withMessageContaining("-Xmx");
  }
}
