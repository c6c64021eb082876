/**
 * The proof by history: several JVMs work on the same caches while servers die, stop, come back
 * empty, evict, and versions are lost or set back. Every operation is recorded, and a checker that
 * knows nothing of the provider looks for what must never happen.
 */
@NullMarked
package org.memjcache.chaos;

import org.jspecify.annotations.NullMarked;
