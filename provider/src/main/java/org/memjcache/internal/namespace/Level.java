package org.memjcache.internal.namespace;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * One level of a namespace on one server, as this process knows it: the key of its version, and the
 * highest version that was seen. The same level is the same object for all caches of a process, so
 * that what one of them learns the others know.
 *
 * <p>Thread-safe. The highest version only grows.
 */
public final class Level {

  private static final AtomicLongFieldUpdater<Level> HIGHEST =
      AtomicLongFieldUpdater.newUpdater(Level.class, "highest");

  private static final AtomicLongFieldUpdater<Level> CLEARS =
      AtomicLongFieldUpdater.newUpdater(Level.class, "clears");

  private static final String END_OF_KEY = ":version";

  /** Null if the version key has the name in it, as it has unless the name is long. */
  private final @Nullable String ownName;

  private final String versionKey;
  private final ServerAddress server;
  private volatile long clears;
  private volatile long highest;
  private volatile long confirmedAt;

  Level(String name, String versionKey, ServerAddress server) {
    this.ownName = versionKey.equals(name + END_OF_KEY) ? null : name;
    this.versionKey = versionKey;
    this.server = server;
  }

  /** Returns the path of this level, for messages. */
  String name() {
    return ownName == null
        ? versionKey.substring(0, versionKey.length() - END_OF_KEY.length())
        : ownName;
  }

  String versionKey() {
    return versionKey;
  }

  /** Returns the server whose items this version is part of, and which keeps it. */
  ServerAddress server() {
    return server;
  }

  /** Returns the highest version that this process saw, 0 if it saw none. */
  long highest() {
    return highest;
  }

  /** Remembers that a version was seen, and when the server was asked, by {@link ElapsedTime}. */
  void saw(long version, long askedAt) {
    long known = highest;
    while (version > known && !HIGHEST.compareAndSet(this, known, version)) {
      known = highest;
    }
    if (version >= known) {
      confirmedAt = askedAt;
    }
  }

  /** Returns how long ago the highest version was surely in force, in nanoseconds. */
  long ageNanos(long now) {
    return now - confirmedAt;
  }

  void cleared() {
    CLEARS.incrementAndGet(this);
  }

  /** Returns how often this process cleared the level. */
  long clears() {
    return clears;
  }

  @Override
  public String toString() {
    return name() + "@" + highest;
  }
}
