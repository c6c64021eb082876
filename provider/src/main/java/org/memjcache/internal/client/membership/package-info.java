/**
 * Which servers hold what was stored in step with all clears: what each server keeps of that for
 * all processes, and what follows when a server joins, leaves or returns.
 */
@NullMarked
package org.memjcache.internal.client.membership;

import org.jspecify.annotations.NullMarked;
