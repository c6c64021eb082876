package org.memjcache.namespace;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * One level of a namespace as this process knows it: where its version is kept, and the highest
 * version that was seen. The same level is the same object for all caches of a cluster, so that
 * what one of them learns the others know.
 *
 * <p>Thread-safe. The highest version only grows.
 */
public final class Level {

  private static final AtomicLongFieldUpdater<Level> HIGHEST =
      AtomicLongFieldUpdater.newUpdater(Level.class, "highest");

  private final String name;
  private final String versionKey;
  private final int server;
  private volatile long highest;

  Level(String name, String versionKey, int server) {
    this.name = name;
    this.versionKey = versionKey;
    this.server = server;
  }

  /** Returns the path of this level as people read it, for messages. */
  String name() {
    return name;
  }

  /** Returns the memcached key that holds this level's version. */
  String versionKey() {
    return versionKey;
  }

  /** Returns the index of the server that holds the version key. */
  int server() {
    return server;
  }

  /** Returns the highest version that this process saw, 0 if it saw none. */
  long highest() {
    return highest;
  }

  /** Remembers that {@code version} was seen; a lower one than the highest changes nothing. */
  void saw(long version) {
    long known = highest;
    while (version > known && !HIGHEST.compareAndSet(this, known, version)) {
      known = highest;
    }
  }

  @Override
  public String toString() {
    return name + "@" + highest;
  }
}
