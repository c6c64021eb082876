/**
 * What opening, closing and destroying of managers and caches does, and that nothing is left
 * behind.
 */
@NullMarked
package org.memjcache.lifecycle;

import org.jspecify.annotations.NullMarked;
