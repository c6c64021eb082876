/** The walk over all items of the servers, summed up by level. */
@NullMarked
package org.memjcache.cli.walk;

import org.jspecify.annotations.NullMarked;
