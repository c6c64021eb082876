/**
 * Meters of caches for <a href="https://micrometer.io">Micrometer</a>.
 *
 * <p>Micrometer is an optional dependency: who uses this package brings {@code micrometer-core},
 * and nothing else of the provider needs it.
 */
@NullMarked
package org.memjcache.micrometer;

import org.jspecify.annotations.NullMarked;
