/**
 * Meters of caches for <a href="https://micrometer.io">Micrometer</a>.
 *
 * <p>Micrometer is an optional dependency: an application that uses this package adds {@code
 * micrometer-core}. Nothing else in the provider needs it.
 */
@NullMarked
package org.memjcache.micrometer;

import org.jspecify.annotations.NullMarked;
