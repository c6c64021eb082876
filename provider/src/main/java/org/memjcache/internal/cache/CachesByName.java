// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The caches of a manager: those that exist, and those of its configuration that have not been
 * asked for yet. Takes little memory while there is one at most, as most tenants have it.
 *
 * <p>Thread-safe. A look-up takes no lock.
 */
public final class CachesByName<C> {

  /** Immutable until there are two, concurrent from then on. Replaced under the lock of this. */
  private volatile Map<String, C> caches = Map.of();

  private final Set<String> declared;

  /** Those that are being closed. Immutable, replaced under the lock of this. */
  private volatile Set<C> closing = Set.of();

  public CachesByName(Set<String> declared) {
    this.declared = declared.isEmpty() ? Collections.emptySet() : ConcurrentHashMap.newKeySet();
    if (!declared.isEmpty()) {
      this.declared.addAll(declared);
    }
  }

  public @Nullable C get(String name) {
    return caches.get(name);
  }

  /** Returns whether there is no cache of this name yet, but one is declared. */
  public boolean isDeclared(String name) {
    return declared.contains(name);
  }

  /** Makes a name one like any other. */
  public synchronized void undeclare(String name) {
    declared.remove(name);
  }

  /**
   * Adds a cache.
   *
   * @param asDeclared whether its name has to be declared still
   * @return false if there is one of its name, or it isn't declared
   */
  public synchronized boolean add(String name, C cache, boolean asDeclared) {
    if (caches.containsKey(name) || (asDeclared && !declared.contains(name))) {
      return false;
    }
    if (caches.isEmpty() && !isConcurrent()) {
      caches = Map.of(name, cache);
    } else {
      caches = isConcurrent() ? caches : new ConcurrentHashMap<>(caches);
      caches.put(name, cache);
    }
    declared.remove(name);
    return true;
  }

  /** Declares a name again whose cache could not be opened, unless it was closed meanwhile. */
  public synchronized void declareAgain(String name, C cache) {
    if (cache.equals(caches.get(name))) {
      declared.add(name);
    }
  }

  /** Removes a cache, if it is there, as one that is being closed until {@link #endClosing}. */
  public synchronized void beginClosing(String name, C cache) {
    Set<C> more = new HashSet<>(closing);
    more.add(cache);
    closing = Set.copyOf(more);
    if (isConcurrent()) {
      caches.remove(name, cache);
    } else if (cache.equals(caches.get(name))) {
      caches = Map.of();
    }
  }

  /** Forgets a cache that is closed. */
  public synchronized void endClosing(C cache) {
    Set<C> fewer = new HashSet<>(closing);
    fewer.remove(cache);
    closing = Set.copyOf(fewer);
  }

  private boolean isConcurrent() {
    return caches instanceof ConcurrentHashMap;
  }

  /** Returns the names of the caches that exist or are declared, sorted. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(caches.keySet());
    names.addAll(declared);
    return names;
  }

  /** Returns the caches that exist now, and those that are being closed. */
  public synchronized List<C> all() {
    List<C> all = new ArrayList<>(caches.values());
    all.addAll(closing);
    return all;
  }
}
