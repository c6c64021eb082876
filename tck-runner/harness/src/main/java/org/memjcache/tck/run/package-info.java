/** What goes on in the JVM of a run: memcached servers, and what is noted about the run. */
@NullMarked
package org.memjcache.tck.run;

import org.jspecify.annotations.NullMarked;
