// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import java.util.regex.Pattern;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * The names of a cache's managed beans: {@code javax.cache:type=<type>,CacheManager=<uri>,
 * Cache=<name>}, and for the one that JCache doesn't know, the domain {@code org.memjcache}.
 *
 * <p>JCache leaves open how characters are made fit for an {@link ObjectName}. As tools and the
 * compatibility tests expect, each of {@code , : =} and newline becomes a dot; so do {@code * ? "},
 * which would make a pattern or no name at all. An empty text becomes one dot.
 *
 * <p>Two caches may come to the same name: {@code a:b} and {@code a.b}, or the same cache of two
 * managers with the same URI and different class loaders. The first to register keeps the plain
 * name, the following get {@code instance=2} and so on.
 */
enum BeanName {
  CONFIGURATION("javax.cache", "CacheConfiguration"),
  STATISTICS("javax.cache", "CacheStatistics"),
  INSIGHT("org.memjcache", "CacheInsight");

  private static final Pattern UNFIT = Pattern.compile("[,:=\n*?\"]");

  private final String domain;
  private final String type;

  BeanName(String domain, String type) {
    this.domain = domain;
    this.type = type;
  }

  /** Returns the name of one cache's bean; instance 1 has the plain name. */
  ObjectName of(String manager, String cache, int instance) {
    String name =
        String.format(
            "%s:type=%s,CacheManager=%s,Cache=%s%s",
            domain,
            type,
            attribute(manager),
            attribute(cache),
            instance == 1 ? "" : ",instance=" + instance);
    try {
      return new ObjectName(name);
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException("Not a name for a managed bean: " + name, e);
    }
  }

  /**
   * Returns whether others find the bean who make its name by themselves and replace nothing but
   * the colons of the URI, as Micrometer's {@code JCacheMetrics} does.
   */
  static boolean isPlain(String manager, String cache) {
    return attribute(manager).equals(manager.replace(':', '.')) && attribute(cache).equals(cache);
  }

  private static String attribute(String text) {
    return text.isEmpty() ? "." : UNFIT.matcher(text).replaceAll(".");
  }
}
