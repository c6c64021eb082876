// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.key.StoredKey;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.namespace.version.Grace;
import org.memjcache.internal.namespace.version.VersionNumber;

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

  /** Null if the version key has the name in it, as it has unless the name is long. */
  private final @Nullable String ownName;

  private final String versionKey;
  private final ServerAddress server;
  private final AtomicLong floor; // of all levels of the server
  private volatile long clears;
  private volatile long highest;
  private volatile long confirmedAt;

  /** Null if nothing is known. */
  private volatile @Nullable KnownGrace grace;

  private record KnownGrace(long version, Grace grace) {}

  /**
   * Creates a level that nothing is known of.
   *
   * @param floor versions below this are void on the server
   */
  Level(String name, String versionKey, ServerAddress server, AtomicLong floor) {
    this.ownName = pathIn(versionKey).equals(name) ? null : name;
    this.versionKey = versionKey;
    this.server = server;
    this.floor = floor;
  }

  /** Returns the path of this level, for messages. */
  String name() {
    return ownName == null ? pathIn(versionKey) : ownName;
  }

  private static String pathIn(String versionKey) {
    return versionKey.substring(0, versionKey.lastIndexOf(':'));
  }

  String versionKey() {
    return versionKey;
  }

  /** Returns the key of what may still be served while a version is in force. */
  String graceKey(long version) {
    return versionKey + StoredKey.GRACE_MARK + version;
  }

  /** Returns the version that the item under the version key holds. */
  long versionIn(Item item) {
    return VersionNumber.decode(name(), versionKey, item);
  }

  /** Returns the number that an increment made, unsigned, if it can be a version. */
  long checkVersion(long number) {
    return VersionNumber.check(name(), versionKey, number);
  }

  /** Returns the server whose items this version is part of, and which keeps it. */
  ServerAddress server() {
    return server;
  }

  /** Returns whether this process saw a version that isn't void. */
  boolean isKnown() {
    return highest > 0 && highest >= floor.get();
  }

  /** Returns the number below which all versions are outdated, 0 if nothing is known of any. */
  long highest() {
    return Math.max(highest, floor.get());
  }

  /** Returns the number below which versions are void on this server, 0 if there is none. */
  long floor() {
    return floor.get();
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

  /**
   * Returns what may still be served while a version is in force, as it was when this process asked
   * memcached for it; null if it didn't. It never becomes more.
   */
  @Nullable Grace graceOf(long version) {
    KnownGrace known = grace;
    return known != null && known.version == version ? known.grace : null;
  }

  /** Remembers what may still be served while a version is in force that memcached had before. */
  void learnGrace(long version, Grace found) {
    KnownGrace known = grace;
    if (known == null || known.version <= version) {
      grace = new KnownGrace(version, found);
    }
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
