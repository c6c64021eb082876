/**
 * Caches in memcached for Spring Boot, of an application or of each of its tenants: what
 * applications name, and what configures it all by itself.
 */
@NullMarked
package org.memjcache.spring.boot;

import org.jspecify.annotations.NullMarked;
