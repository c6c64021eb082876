/** Spring's caches over those of MemJCache, of the application and of its tenants. */
@NullMarked
package org.memjcache.spring.boot.cache;

import org.jspecify.annotations.NullMarked;
