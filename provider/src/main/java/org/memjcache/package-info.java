/**
 * A JCache (JSR-107) provider over memcached: one view for each tenant of a shared cluster.
 *
 * <p>Applications reach it through {@code Caching.getCachingProvider()}, with URIs of the form
 * {@code memcached://host[:port]/application/tenant}. This package is what they may import: the
 * provider, its managers and caches, their configuration, and the exceptions. Everything else is
 * internal and changes without notice.
 */
@NullMarked
package org.memjcache;

import org.jspecify.annotations.NullMarked;
