package org.memjcache.internal.config;

import java.util.regex.Pattern;

/**
 * The name of a cache, or a pattern for names: {@code *} stands for any run of characters, none
 * included.
 *
 * @param text the name or pattern, not empty
 */
record CachePattern(String text) {

  /** Returns whether this is a plain name. */
  boolean isName() {
    return text.indexOf('*') < 0;
  }

  /** Returns whether this is the name of the cache, or a pattern that it matches. */
  boolean matches(String cacheName) {
    if (isName()) {
      return text.equals(cacheName);
    }
    // Without a regular expression, whose time a hostile name could stretch.
    String[] parts = text.split(Pattern.quote("*"), -1);
    String last = parts[parts.length - 1];
    int end = cacheName.length() - last.length();
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
    return position <= end;
  }

  /** Returns how much of a name this settles: the more, the more specific. A name settles all. */
  int specificity() {
    return isName() ? Integer.MAX_VALUE : (int) text.chars().filter(c -> c != '*').count();
  }
}
