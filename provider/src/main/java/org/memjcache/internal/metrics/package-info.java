/** The counters of a cache, and the managed beans that show them. */
@NullMarked
package org.memjcache.internal.metrics;

import org.jspecify.annotations.NullMarked;
