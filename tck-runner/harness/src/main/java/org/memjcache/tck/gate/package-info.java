/** Judges what a run reported, after its JVM has ended. Fails the build if anything is amiss. */
@NullMarked
package org.memjcache.tck.gate;

import org.jspecify.annotations.NullMarked;
