/**
 * Near caches: entries that are served from the memory of the process, for no longer than the
 * staleness, and never once this process has changed them.
 */
@NullMarked
package org.memjcache.near;

import org.jspecify.annotations.NullMarked;
