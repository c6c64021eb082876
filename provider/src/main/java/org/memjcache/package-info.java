/**
 * A JCache (JSR-107) provider over memcached: one view for each tenant of a shared cluster.
 *
 * <p>Applications reach it through {@code Caching.getCachingProvider()}, with URIs of the form
 * {@code memcached://host[:port]/application/tenant}. They may import this package, with the
 * provider, its managers and caches, their configuration and the exceptions, and {@code
 * org.memjcache.micrometer}. Everything else is internal and changes without notice.
 */
@NullMarked
package org.memjcache;

import org.jspecify.annotations.NullMarked;
