package org.memjcache.operation;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.cache.CacheException;

/**
 * The item keys that a dump of one server listed, each once.
 *
 * <p>They are all kept until the walk has come to them, so their memory is bounded: a server that
 * goes on listing, or a cache that is too large to be walked over, ends in an error.
 */
final class Listing {

  /** About what a key takes beside its characters: the text, its array, and its place in a set. */
  private static final int OVERHEAD = 120;

  private final Set<String> keys = new LinkedHashSet<>();
  private final String what;
  private final long mostBytes;
  private long bytes;

  /**
   * Makes an empty listing.
   *
   * @param what what is listed, for the error
   * @param mostBytes how much memory the keys may take
   */
  Listing(String what, long mostBytes) {
    this.what = what;
    this.mostBytes = mostBytes;
  }

  /** Makes an empty listing that may take a quarter of the memory of this JVM. */
  static Listing of(String what) {
    return new Listing(what, Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * Adds a key; a dump may name it twice.
   *
   * @throws CacheException if the keys take too much memory
   */
  void add(String key) {
    if (keys.add(key)) {
      bytes += OVERHEAD + key.length();
      if (bytes > mostBytes) {
        throw new CacheException(
            what
                + " was given up: the server lists more keys than fit in "
                + mostBytes
                + " bytes, a quarter of this JVM's memory ("
                + keys.size()
                + " so far); give the JVM more (-Xmx)");
      }
    }
  }

  Iterator<String> iterator() {
    return keys.iterator();
  }
}
