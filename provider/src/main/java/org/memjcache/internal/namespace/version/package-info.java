/**
 * The numbers that levels are cleared by: how they are made and written, and what may still be
 * served of the entries that one of them put out of reach.
 */
@NullMarked
package org.memjcache.internal.namespace.version;

import org.jspecify.annotations.NullMarked;
