// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.output;

import java.util.Locale;

/** Numbers as people read them. Stateless. */
public final class Units {

  private static final String[] SIZES = {"B", "KB", "MB", "GB", "TB", "PB"};

  private Units() {}

  /** Returns a number of bytes such as {@code 12.3 MB}, in units of 1,024. */
  public static String bytes(double bytes) {
    double rest = bytes;
    int unit = 0;
    while (rest >= 999.5 && unit < SIZES.length - 1) {
      rest /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 || rest >= 99.95 ? "%.0f" : "%.1f", rest)
        + " "
        + SIZES[unit];
  }

  /** Returns a duration such as {@code 3d 4h}, in its two largest units. */
  public static String seconds(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
    return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
  }

  /** Returns a whole number with separators. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Returns a number for each second, in as many digits as tell something. */
  public static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 9.95 ? "%.1f" : "%,.0f", perSecond);
  }

  static String share(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
