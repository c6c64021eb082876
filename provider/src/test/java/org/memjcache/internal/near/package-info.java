/** The registry of near caches; what they do is tested with the entries. */
@NullMarked
package org.memjcache.internal.near;

import org.jspecify.annotations.NullMarked;
