/**
 * The provider compared with the reference implementation of JCache, over one large table.
 *
 * <p>What neither the specification nor its test kit says, the reference implementation answers.
 * Each row of the table is run on both; every difference has a name and a reason in {@link
 * org.memjcache.conformance.KnownDifference}, and in docs/conformance.md for readers.
 */
@NullMarked
package org.memjcache.conformance;

import org.jspecify.annotations.NullMarked;
