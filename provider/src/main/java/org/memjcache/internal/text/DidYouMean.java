// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.memjcache.internal.config.Option;

/** Finds what somebody probably meant by a name that is not known. */
public final class DidYouMean {
  private static final int LONGEST = 100;

  private DidYouMean() {}

  /**
   * Returns the known name with the fewest edits to the given one, the first of several, if it is
   * near enough to be a slip: at most half of its characters. Upper and lower case count as equal,
   * and so do a name with and without the prefix of properties.
   */
  public static Optional<String> of(String name, List<String> known) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String meant = normalized(name);
    return known.stream()
        .min(Comparator.comparingInt(candidate -> edits(meant, normalized(candidate))))
        .filter(candidate -> 2 * edits(meant, normalized(candidate)) <= candidate.length());
  }

  /** Returns whether two names are alike but for a few edits; upper and lower case are equal. */
  public static boolean isSlip(String name, String meant, int maxEdits) {
    return name.length() <= LONGEST
        && edits(name.toLowerCase(Locale.ROOT), meant.toLowerCase(Locale.ROOT)) <= maxEdits;
  }

  private static String normalized(String name) {
    String plain = name.startsWith(Option.PREFIX) ? name.substring(Option.PREFIX.length()) : name;
    return plain.toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance: characters inserted, removed or replaced. */
  private static int edits(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
