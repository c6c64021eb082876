/** Finds a JDK for a run that is about a certain version of Java. */
@NullMarked
package org.memjcache.tck.jdk;

import org.jspecify.annotations.NullMarked;
