/**
 * A JCache (JSR-107) provider over memcached: one view for each tenant of a shared cluster.
 *
 * <p>Applications reach it through {@code Caching.getCachingProvider()}. This package is the
 * surface: the provider, managers for URIs of the form {@code
 * memcached://host[:port]/application/tenant}, and caches, which only check their arguments and
 * hand over to {@link org.memjcache.operation}.
 */
@NullMarked
package org.memjcache;

import org.jspecify.annotations.NullMarked;
