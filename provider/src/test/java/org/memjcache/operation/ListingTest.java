package org.memjcache.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;

class ListingTest {

  @Test
  void add_keysInAnyNumber_eachOnceInOrder() {
    Listing listing = new Listing("iterator", 1_000);
    for (int i = 0; i < 1_000; i++) {
      listing.add("b");
      listing.add("a");
    }
    List<String> keys = new ArrayList<>();
    listing.iterator().forEachRemaining(keys::add);

    assertThat(keys).containsExactly("b", "a");
  }

  @Test
  void add_moreThanTheMemory_isGivenUp() {
    Listing listing = new Listing("iterator on 'hotels/Lisboa/info' over a:11211", 1_000);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                listing.add("key" + i);
              }
            })
        .withMessageContainingAll("'hotels/Lisboa/info' over a:11211", "1000 bytes", "-Xmx");
  }
}
