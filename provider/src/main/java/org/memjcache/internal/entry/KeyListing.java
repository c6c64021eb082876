// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Lists the item keys of one server that start with a prefix, each once, in bounded memory.
 *
 * <p>A dump is read as fast as it comes, so that the server is free for the next one however slowly
 * the keys are used, and kept until they are. The keys are kept packed, in parts by their hash. If
 * there is no memory for more, the last parts are dropped; when the others are used up, another
 * dump is made for these. A key that is listed twice is in the same part both times.
 *
 * <p>Used by one thread.
 */
final class KeyListing implements Iterator<String> {

  static final int PARTS = 1_024;

  /** A part gets one of so many shares of the memory: while it is used, it takes a multiple. */
  private static final int MIN_PARTS_IN_MEMORY = 16;

  private static final int FNV_PRIME = 0x01000193;

  private final String what;
  private final String prefix;
  private final long maxBytes;

  /** Passes all keys of a server to a consumer; false if the server can't be asked any more. */
  private final Predicate<Consumer<String>> dump;

  /** So that nobody can choose keys of which too many are in one part. */
  private final int seed = new SplittableRandom().nextInt();

  private final @Nullable PackedKeys[] parts = new PackedKeys[PARTS];
  private Iterator<String> keys = Collections.emptyIterator();
  private int next;
  private int end;
  private long bytes;
  private boolean over;

  /**
   * Creates a listing; the first dump is made when the first key is asked for.
   *
   * @param what what is listed, for the error
   * @param prefix how all keys start
   */
  KeyListing(String what, String prefix, long maxBytes, Predicate<Consumer<String>> dump) {
    this.what = what;
    this.prefix = prefix;
    this.maxBytes = maxBytes;
    this.dump = dump;
  }

  /** Returns how much memory keys may take: a quarter of what this JVM has. */
  static long memory() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  @Override
  public boolean hasNext() {
    while (!keys.hasNext()) {
      if (next < end) {
        keys = take(next++);
      } else if (end < PARTS && !over) {
        end = PARTS;
        over = !dump.test(this::add);
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return keys.next();
  }

  private void add(String key) {
    int index = part(key);
    if (index < next || index >= end) {
      return;
    }
    PackedKeys part = parts[index];
    if (part == null) {
      part = new PackedKeys();
      parts[index] = part;
      bytes += part.size();
    }
    bytes -= part.size();
    part.add(key, prefix.length());
    bytes += part.size();
    if (part.size() > maxBytes / MIN_PARTS_IN_MEMORY) {
      throw new CacheException(
          String.format(
              "%s gave up: the server lists so many keys that one of %d parts of them takes more"
                  + " than %d bytes, a 64th of the memory of this JVM; give it more (-Xmx)",
              what, PARTS, maxBytes / MIN_PARTS_IN_MEMORY));
    }
    while (bytes > maxBytes) {
      drop(--end);
    }
  }

  private void drop(int index) {
    PackedKeys part = parts[index];
    if (part != null) {
      bytes -= part.size();
      parts[index] = null;
    }
  }

  private Iterator<String> take(int index) {
    PackedKeys part = parts[index];
    drop(index);
    return part == null ? Collections.emptyIterator() : part.unpack(prefix).iterator();
  }

  private int part(String key) {
    int hash = seed;
    for (int i = prefix.length(); i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * FNV_PRIME;
    }
    hash ^= hash >>> 16;
    return (hash * 0x9E3779B9) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PARTS));
  }
}
