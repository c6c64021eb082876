// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the starter itself. Besides these, {@code memjcache.*} has all options and
 * settings of docs/configuration.md.
 *
 * @param uri the URI of the application's cache manager, or the location of a properties file; null
 *     if {@code memjcache.servers} and {@code memjcache.namespace} say that
 * @param caches how Spring's caches behave
 * @param tenants how many tenants this process keeps open
 */
@ConfigurationProperties("memjcache")
public record MemjcacheProperties(
    @Nullable String uri, @DefaultValue Caches caches, @DefaultValue Tenants tenants) {

  /**
   * How Spring's caches behave.
   *
   * @param dynamic whether a cache is created when it is first asked for; null for true unless
   *     {@code spring.cache.cache-names} says which caches there are
   * @param transactionAware whether puts, evictions and clears wait for the commit of the running
   *     transaction
   */
  public record Caches(
      @Nullable Boolean dynamic, @DefaultValue("false") boolean transactionAware) {}

  /**
   * How many tenants this process keeps open.
   *
   * @param maxOpen how many; beyond that, those are closed that were not used for longest
   * @param maxMetered how many of them have meters of their own
   */
  public record Tenants(@DefaultValue("1000") int maxOpen, @DefaultValue("100") int maxMetered) {

    /**
     * Checks the numbers.
     *
     * @param maxOpen at least 1
     * @param maxMetered at least 0
     * @throws IllegalArgumentException if one of them is less
     */
    public Tenants {
      if (maxOpen < 1) {
        throw new IllegalArgumentException(
            "memjcache.tenants.max-open must be at least 1, was " + maxOpen);
      }
      if (maxMetered < 0) {
        throw new IllegalArgumentException(
            "memjcache.tenants.max-metered must be at least 0, was " + maxMetered);
      }
    }
  }
}
