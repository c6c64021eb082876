package org.memjcache.internal.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.memjcache.InvalidConfigurationException;

/**
 * What a configuration says of caches, by their names and by patterns. Immutable and thread-safe.
 *
 * <p>Setting by setting, the most specific counts: the cache's own name before any pattern, and of
 * two patterns the one with more characters beside its asterisks.
 */
public final class NamedCaches {

  /** The more specific first; of equals, in the order given. */
  private final List<SuppliedOption> given;

  NamedCaches(List<SuppliedOption> given) {
    List<SuppliedOption> sorted = new ArrayList<>(given);
    sorted.sort(
        Comparator.comparingInt((SuppliedOption one) -> pattern(one).specificity()).reversed());
    this.given = List.copyOf(sorted);
  }

  /** Returns the caches that are named, not those that only match a pattern. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (SuppliedOption one : given) {
      if (pattern(one).isName()) {
        names.add(pattern(one).text());
      }
    }
    return names;
  }

  /**
   * Returns what is said of one cache.
   *
   * @throws InvalidConfigurationException if two patterns are as specific and give it different
   *     values of the same setting; names both
   */
  public CacheDefaults defaults(String cacheName) {
    return CacheDefaults.of(
        cacheName, given.stream().filter(one -> pattern(one).matches(cacheName)).toList());
  }

  private static CachePattern pattern(SuppliedOption one) {
    CachePattern pattern = one.name().caches();
    if (pattern == null) {
      throw new IllegalArgumentException("Not for caches: " + one.name());
    }
    return pattern;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamedCaches caches && given.equals(caches.given);
  }

  @Override
  public int hashCode() {
    return given.hashCode();
  }

  @Override
  public String toString() {
    return given.toString();
  }
}
