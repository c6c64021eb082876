/**
 * The test that keeps the annotation runs honest. It is scanned for tests like the TCK's own
 * package of the same name.
 */
@NullMarked
package org.memjcache.tck.annotation;

import org.jspecify.annotations.NullMarked;
