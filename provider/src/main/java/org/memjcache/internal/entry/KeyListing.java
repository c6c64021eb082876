package org.memjcache.internal.entry;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The item keys with a certain beginning that one server lists, each once, in bounded memory.
 *
 * <p>A dump is read as fast as it comes, so that the server is free for the next one however slowly
 * the keys are used, and kept until the keys are. They are kept packed, in parts by their hash. If
 * there is no memory for more, the last parts are dropped; when the others are used up, another
 * dump is made for these. A key that is listed twice is in the same part both times.
 *
 * <p>Used by one thread.
 */
final class KeyListing implements Iterator<String> {

  static final int PARTS = 1_024;

  /** A part gets so much of the memory at most: while it is used, it takes a multiple of it. */
  private static final int LEAST_PARTS_AT_A_TIME = 16;

  private static final int FNV_PRIME = 0x01000193;

  /** Makes a dump of a server. */
  @FunctionalInterface
  interface Dump {
    /**
     * Passes all keys to the consumer.
     *
     * @return false if the server can't be asked any more
     */
    boolean run(Consumer<String> keys);
  }

  private final String what;
  private final String beginning;
  private final long mostBytes;
  private final Dump dump;

  /** So that nobody can choose keys of which too many are in one part. */
  private final int seed = new SplittableRandom().nextInt();

  private final @Nullable PackedKeys[] parts = new PackedKeys[PARTS];
  private Iterator<String> keys = Collections.emptyIterator();
  private int next;
  private int end;
  private long bytes;
  private boolean over;

  /**
   * Makes a listing; the first dump comes with the first question.
   *
   * @param what what is listed, for the error
   * @param beginning how all keys start that {@code dump} passes
   * @param mostBytes how much memory the keys may take
   * @param dump where keys come from
   */
  KeyListing(String what, String beginning, long mostBytes, Dump dump) {
    this.what = what;
    this.beginning = beginning;
    this.mostBytes = mostBytes;
    this.dump = dump;
  }

  /** Returns how much memory keys may take, a quarter of what this JVM has, in bytes. */
  static long memory() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  /**
   * Tells whether there is another key.
   *
   * @throws CacheException if too many keys have come for the memory and any number of dumps
   */
  @Override
  public boolean hasNext() {
    while (!keys.hasNext()) {
      if (next < end) {
        keys = take(next++);
      } else if (end < PARTS && !over) {
        list();
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

  private void list() {
    end = PARTS;
    over = !dump.run(this::add);
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
    part.add(key, beginning.length());
    bytes += part.size();
    if (part.size() > mostBytes / LEAST_PARTS_AT_A_TIME) {
      throw new CacheException(
          what
              + " was given up: the server lists so many keys that one of "
              + PARTS
              + " parts of them takes more than "
              + mostBytes / LEAST_PARTS_AT_A_TIME
              + " bytes, a 64th of this JVM's memory; give the JVM more (-Xmx)");
    }
    while (bytes > mostBytes) {
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
    return part == null ? Collections.emptyIterator() : part.unpack(beginning).iterator();
  }

  private int part(String key) {
    int hash = seed;
    for (int i = beginning.length(); i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * FNV_PRIME;
    }
    hash ^= hash >>> 16;
    return (hash * 0x9E3779B9) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PARTS));
  }
}
