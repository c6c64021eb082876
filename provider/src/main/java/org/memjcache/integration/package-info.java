/**
 * The application's own parts that a cache is configured with, as the rest of the provider sees
 * them: {@link org.memjcache.integration.Loader} for the {@link
 * javax.cache.integration.CacheLoader}, {@link org.memjcache.integration.Writer} for the {@link
 * javax.cache.integration.CacheWriter}, {@link org.memjcache.integration.Components} for the birth
 * and the end of any of them.
 *
 * <p>What application code throws leaves this package in the form that JCache prescribes. No lock
 * is held while application code runs.
 */
@NullMarked
package org.memjcache.integration;

import org.jspecify.annotations.NullMarked;
