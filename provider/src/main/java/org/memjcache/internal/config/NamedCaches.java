// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.toCollection;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a configuration says of caches, by their names and by patterns. Immutable and thread-safe.
 *
 * <p>Setting by setting, the most specific counts: the cache's own name before any pattern, and of
 * two patterns the one with more characters beside its asterisks.
 *
 * @param given for caches only; the more specific first, of equals in the order given
 */
public record NamedCaches(List<SuppliedOption> given) {

  public NamedCaches {
    given = given.stream().sorted(comparingInt(SuppliedOption::specificity).reversed()).toList();
  }

  /** Returns the caches that are named, not those that only match a pattern. */
  public Set<String> names() {
    return given.stream()
        .map(SuppliedOption::caches)
        .map(Objects::requireNonNull)
        .filter(CachePattern::isName)
        .map(CachePattern::text)
        .collect(toCollection(LinkedHashSet::new));
  }

  /** Returns what is said of one cache; refuses different values that are equally specific. */
  CacheDefaults defaults(String cacheName) {
    return CacheDefaults.of(
        cacheName,
        given.stream()
            .filter(one -> one.caches() != null && one.caches().matches(cacheName))
            .toList());
  }

  /** The name of a cache, or a pattern for names: {@code *} stands for any run of characters. */
  record CachePattern(String text) {

    boolean isName() {
      return text.indexOf('*') < 0;
    }

    boolean matches(String cacheName) {
      if (isName()) {
        return text.equals(cacheName);
      }
      // Without a regular expression, whose time a hostile name could stretch.
      String[] parts = text.split(Pattern.quote("*"), -1);
      String last = parts[parts.length - 1];
      if (!cacheName.startsWith(parts[0]) || !cacheName.endsWith(last)) {
        return false;
      }
      int position = parts[0].length();
      for (int i = 1; i < parts.length - 1; i++) {
        int found = cacheName.indexOf(parts[i], position);
        if (found < 0) {
          return false;
        }
        position = found + parts[i].length();
      }
      return position <= cacheName.length() - last.length();
    }

    /** Returns how many characters of a name this settles. A name settles all. */
    int specificity() {
      return isName() ? Integer.MAX_VALUE : (int) text.chars().filter(c -> c != '*').count();
    }
  }
}
