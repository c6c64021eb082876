/** What a cache and a manager of this process hold: the parts behind the classes of the API. */
@NullMarked
package org.memjcache.internal.cache;

import org.jspecify.annotations.NullMarked;
