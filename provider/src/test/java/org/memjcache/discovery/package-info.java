/** Servers that come and go while caches are used: real ones, found by a name or an endpoint. */
@NullMarked
package org.memjcache.discovery;

import org.jspecify.annotations.NullMarked;
